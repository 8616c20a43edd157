//! What is known of a table beside the figures of the list: upkeep, counters, storage, partitions.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::facts::{FactsError, Store, figure};
use crate::report::ranking::value;

/// What is known of a table beside the figures of the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    /// Titles and texts; `None`: not known, or there is none.
    pub fields: Vec<(&'static str, Option<String>)>,
    /// It is a partition.
    pub partition: Option<Partition>,
    /// Its indexes, the largest first.
    pub indexes: Vec<i64>,
}

/// Where a partition belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Id of the partitioned table.
    pub parent: i64,
    /// Its name with its schema.
    pub parent_name: String,
    /// Its key: `RANGE (at)`.
    pub key: Option<String>,
    /// The rows that this one takes: `FOR VALUES FROM …`.
    pub bound: Option<String>,
}

/// Title, name that says how the value is written, and where it stands.
const FIELDS: [(&str, &str, &str); 24] = [
    ("last vacuum by hand", "at", "c.last_vacuum_at"),
    ("last autovacuum", "at", "c.last_autovacuum_at"),
    ("vacuums by hand", "count", "c.vacuum_count"),
    ("autovacuums", "count", "c.autovacuum_count"),
    ("autovacuum at dead rows", "rows", "s.vacuum_trigger_rows"),
    (
        "autovacuum is on for it",
        "is_on",
        "s.autovacuum_enabled_here AND s.autovacuum_enabled_server",
    ),
    ("last analyze by hand", "at", "c.last_analyze_at"),
    ("last autoanalyze", "at", "c.last_autoanalyze_at"),
    ("changed since analyze", "rows", "c.n_mod_since_analyze"),
    ("autoanalyze at changes", "rows", "s.analyze_trigger_rows"),
    ("freezing is forced at", "age", "s.freeze_max_age"),
    ("multixact age", "age", "r.min_mxid_age"),
    ("rows inserted", "rows", "c.n_tup_ins"),
    ("rows updated", "rows", "c.n_tup_upd"),
    ("rows deleted", "rows", "c.n_tup_del"),
    ("rows read by scans", "rows", "c.seq_tup_read"),
    (
        "found in buffers",
        "share",
        "c.heap_blks_hit * 1.0 / nullif(c.heap_blks_hit + c.heap_blks_read, 0)",
    ),
    ("last sequential scan", "at", "c.last_seq_scan_at"),
    ("last index scan", "at", "c.last_idx_scan_at"),
    ("owner", "owner", "r.owner"),
    ("persistence", "persistence", "r.persistence"),
    ("options", "options", "r.options"),
    ("blocks read for bloat", "blocks", "b.blocks_read"),
    ("bloat estimated", "at", "b.estimated_at"),
];

/// All tables' details, by the id of the table. Counters are those of the primary.
pub fn details(store: &Store) -> Result<BTreeMap<i64, Detail>, FactsError> {
    let connection = store.connection();
    let columns = FIELDS.map(|(_, _, from)| from).join(", ");
    let sql = format!(
        "WITH counters AS MATERIALIZED (
           SELECT * FROM relation_stats_latest
           WHERE node_role = 'primary' OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary')
         )
         SELECT r.id, p.id, p.schema || '.' || p.name, p.partition_key, r.partition_bound, {columns}
         FROM relations r
         LEFT JOIN relations p ON p.id = r.parent_id AND r.is_partition
         LEFT JOIN relation_settings s ON s.relation_id = r.id
         LEFT JOIN bloat_estimates b ON b.relation_id = r.id AND b.kind = 'table'
         LEFT JOIN counters c ON c.relation_id = r.id
         WHERE r.kind IN ('table', 'materialized view')
         GROUP BY r.id"
    );
    let mut found: BTreeMap<i64, Detail> = connection
        .prepare(&sql)?
        .query_map([], |row| {
            let parent: Option<(i64, String)> = row.get::<_, Option<i64>>(1)?.zip(row.get(2)?);
            let partition = match parent {
                Some((parent, parent_name)) => Some(Partition {
                    parent,
                    parent_name,
                    key: row.get(3)?,
                    bound: row.get(4)?,
                }),
                None => None,
            };
            let fields = FIELDS.iter().enumerate().map(|(at, (title, name, _))| {
                let value: Value = value(row.get(at + 5)?, false);
                let text = (!value.is_null()).then(|| figure(name, &value));
                Ok((*title, text))
            });
            let detail = Detail {
                fields: fields.collect::<rusqlite::Result<_>>()?,
                partition,
                indexes: Vec::new(),
            };
            Ok((row.get(0)?, detail))
        })?
        .collect::<Result<_, _>>()?;
    let mut indexes = connection.prepare(
        "SELECT relation_id, id FROM indexes WHERE NOT is_partitioned
         ORDER BY size_bytes IS NULL, size_bytes DESC, schema, name",
    )?;
    let rows = indexes.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
    for row in rows {
        let (table, index) = row?;
        if let Some(detail) = found.get_mut(&table) {
            detail.indexes.push(index);
        }
    }
    Ok(found)
}
