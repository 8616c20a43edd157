//! What an index costs those who write its table.
//!
//! Each new row version that is not HOT is entered into each index. An entry is found a leaf for (descent), put into
//! it, and written to WAL; a leaf that is touched for the first time after a checkpoint goes to WAL as a whole, and
//! to disk at the next one. An update of a column that an index holds is never HOT, so an index makes
//! entries of such updates in all indexes.

use super::activity::{Activity, is_named};
use super::spec::Part;
use super::what_if::Sized;

/// From this version on BRIN indexes leave updates HOT.
pub(super) const BRIN_KEEPS_HOT: u32 = 16;
/// What a visit of a B-tree page costs beside its comparisons, in `cpu_operator_cost` (`DEFAULT_PAGE_CPU_MULTIPLIER`).
const PAGE_VISIT: f64 = 50.0;
/// WAL of an entry beside itself: heads of the record and of its block, and its place (`XLogRecord`,
/// `XLogRecordBlockHeader` with the file's locator, `xl_btree_insert`).
const RECORD: f64 = 24.0 + 20.0 + 2.0 + 2.0;
/// Head of an entry, and its line pointer.
const LINE_POINTER: f64 = 4.0;
/// Share of a leaf that is in use, which is what WAL keeps of it.
const IN_USE: f64 = 0.75;
/// Rows come in the order of a key where rows as good as stand in it: then they go to the last leaf.
const IN_ORDER: f64 = 0.95;
/// Time of an entry on a server that has its pages in memory, ms, and of each byte of its WAL: measured with
/// pgbench over indexes on tables that it inserts into and updates, taken at the slow end.
const ENTRY_MS: f64 = 0.012;
const WAL_BYTE_MS: f64 = 4e-6;

/// What an index costs those who write its table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WriteCost {
    /// Entries an hour that it takes, lost HOT updates counted.
    pub writes_per_hour: f64,
    /// Entries that come to be by it, in all indexes, as a share of the row versions and entries that the table
    /// makes now.
    pub share_of_table_writes: f64,
    /// WAL that it makes, bytes a day.
    pub wal_bytes_per_day: f64,
    /// Updates an hour that are HOT now and would not be: at most, since an update may set a column to
    /// what it was. `None`: the table has HOT updates, and statements are not counted.
    pub lost_hot_per_hour: Option<f64>,
    /// What its writes cost in the planner's units.
    pub planner_cost_per_hour: f64,
    /// Time that its entries take, ms an hour, at most; `None`: lost HOT updates are not known.
    pub added_ms_per_hour: Option<f64>,
    /// Share of their time that statements which write the table take longer by; `None`: not known.
    pub added_share_of_writers: Option<f64>,
    /// Share of the throughput of transactions that write in this database which is lost at most, where the server
    /// is at its limit: added time by the time that they take with it, commits included. Before 14 the server does
    /// not tell their time, and that of statements which write the table stands for it. `None`: not known.
    pub predicted_throughput_loss: Option<f64>,
}

impl Activity {
    /// What an index would cost here. `share` of the rows is in it.
    pub fn cost(&self, index: &Sized, share: f64) -> WriteCost {
        let rates = self.rates;
        let lost = self.lost_hot(index);
        let not_hot = (rates.updates - rates.hot_updates).max(0.0);
        let own_lost = lost.unwrap_or(0.0) * share;
        let entries = (rates.inserts + not_hot) * share + own_lost;
        // The other indexes get entries of the lost updates too.
        let further = lost.unwrap_or(0.0) * self.indexes;
        let leaf = self.leaf(index, entries);
        let wal = entries * leaf.wal;
        let versions = rates.inserts + rates.updates + rates.deletes;
        let now = versions + (rates.inserts + not_hot) * self.indexes;
        let cost = entries
            * (leaf.descent
                + self.server.cpu_index_tuple_cost
                + leaf.touched * self.server.random_page_cost);
        // Entries of the other indexes are taken to cost as much as this one's.
        let each = if entries > 0.0 {
            cost / entries
        } else {
            leaf.descent
        };
        let all = entries + further;
        let ms = all * (ENTRY_MS + leaf.wal * WAL_BYTE_MS + self.read_ms);
        let ms = lost.map(|_| ms);
        let table = self.table_ms.filter(|ms| *ms > 0.0);
        // Statements are within the transactions whose time is known, whatever windows differ in.
        let writers = match (self.database_ms, table) {
            (Some(database), table) => Some(database.max(table.unwrap_or(0.0))),
            (None, table) => table,
        };
        WriteCost {
            writes_per_hour: entries,
            share_of_table_writes: if now > 0.0 { all / now } else { 0.0 },
            wal_bytes_per_day: (wal + further * leaf.wal) * 24.0,
            lost_hot_per_hour: lost,
            planner_cost_per_hour: cost + further * each,
            added_ms_per_hour: ms,
            added_share_of_writers: ms.zip(table).map(|(ms, table)| ms / table),
            predicted_throughput_loss: match (ms, writers) {
                (Some(0.0), _) => Some(0.0),
                (Some(ms), Some(writers)) if writers > 0.0 => Some(ms / (writers + ms)),
                _ => None,
            },
        }
    }

    /// Updates that are HOT now, by statements that set a column of the index and none of another one. A table's
    /// HOT updates are taken to be spread evenly over the statements that can have some.
    fn lost_hot(&self, index: &Sized) -> Option<f64> {
        let rates = self.rates;
        let is_brin = index.spec.method == "brin" && self.server.major >= BRIN_KEEPS_HOT;
        let holds: Vec<&String> = self
            .columns
            .keys()
            .filter(|name| is_held(index, name))
            .collect();
        let is_new = holds.iter().any(|name| !self.indexed.contains(*name));
        if rates.hot_updates <= 0.0 || is_brin || !is_new {
            return Some(0.0);
        }
        let all = self.updates.as_ref()?;
        let can_be =
            |columns: &std::collections::HashSet<String>| columns.is_disjoint(&self.indexed);
        let (mut able, mut hit) = (0.0, 0.0);
        for updates in all.iter().filter(|updates| can_be(&updates.columns)) {
            able += updates.rows;
            if holds.iter().any(|name| updates.columns.contains(*name)) {
                hit += updates.rows;
            }
        }
        // Counted statements that can have made none of them do not tell who did.
        (able > 0.0).then(|| rates.hot_updates * hit / able)
    }

    fn leaf(&self, index: &Sized, entries: f64) -> Leaf {
        let server = self.server;
        let rows = index.rows.max(1.0);
        let leaves = (index.pages as f64 - 1.0).max(1.0);
        let in_leaf = (rows / leaves).max(1.0);
        // Equal keys that a build merged are entered one by one.
        let size = (server.block * IN_USE / in_leaf).max(16.0 + LINE_POINTER);
        let first = index.spec.keys.first().and_then(|key| match &key.part {
            Part::Column(name) => self.columns.get(name),
            Part::Expression(_) => None,
        });
        let in_order = first.is_some_and(|correlation| *correlation >= IN_ORDER);
        // Leaves touched between two checkpoints, for each entry.
        let between = entries * server.checkpoint_hours;
        let touched = if between <= 0.0 {
            1.0
        } else if in_order {
            (between / in_leaf).ceil().min(between) / between
        } else {
            leaves * -(-between / leaves).exp_m1() / between
        };
        let image = if server.writes_full_pages && !in_order {
            touched * server.block * IN_USE
        } else {
            0.0
        };
        Leaf {
            touched,
            // A split writes half of the entries once more, so each entry once.
            wal: RECORD + 2.0 * size + image,
            descent: server.cpu_operator_cost
                * (rows.log2().ceil() + (f64::from(index.height) + 1.0) * PAGE_VISIT),
        }
    }
}

/// What goes with an entry.
struct Leaf {
    /// Leaves that are touched first since a checkpoint.
    touched: f64,
    /// Bytes of WAL.
    wal: f64,
    /// Planner units.
    descent: f64,
}

/// Whether an index is built on a column: as a key, in INCLUDE, or by an expression or its predicate.
fn is_held(index: &Sized, column: &str) -> bool {
    let spec = &index.spec;
    spec.include.iter().any(|name| name == column)
        || spec
            .predicate
            .as_deref()
            .is_some_and(|sql| is_named(sql, column))
        || spec.keys.iter().any(|key| match &key.part {
            Part::Column(name) => name == column,
            Part::Expression(sql) => is_named(sql, column),
        })
}
