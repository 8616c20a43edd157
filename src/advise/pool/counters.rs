//! The load by the counters of `pg_stat_database` and `pg_stat_wal`.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Result, Row};

const COUNTERS: &str = include_str!("counters.sql");

/// Shortest and longest stretch of time whose load is taken for one figure, ms: shorter ones show
/// when sessions sent their counters, not the load.
const STRETCH_MS: (f64, f64) = (5_000.0, 60_000.0);
/// A window is cut into at least so many stretches.
const STRETCHES: f64 = 6.0;
/// Of the stretches the one is taken that so many are below.
const BUSIEST: f64 = 0.99;

/// What a database did, or all of them together. Sums over the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Time that was measured, ms.
    pub window_ms: f64,
    /// Means since the counters began: there is one sample only.
    pub is_lifetime: bool,
    /// The server counts times of sessions (14+).
    pub has_times: bool,
    /// Transactions.
    pub transactions: f64,
    /// Time of active sessions, ms.
    pub active_ms: f64,
    /// Time of sessions that were active or idle in a transaction, ms.
    pub busy_ms: f64,
    /// Time of reading and writing blocks, ms; `None`: not timed.
    pub io_ms: Option<f64>,
    /// Blocks that were read.
    pub reads: f64,
    /// Rows that were written.
    pub written: f64,
    /// Time of writing and flushing WAL, of the whole server, ms.
    pub wal_ms: Option<f64>,
    /// Writes and flushes of WAL, of the whole server.
    pub wal_calls: Option<f64>,
    /// Busy connections in each stretch of time.
    pub stretches: Vec<f64>,
}

impl Counted {
    /// Busy connections in the busiest stretch (the 99th percentile of all).
    pub fn busiest(&self) -> f64 {
        let mut sorted = self.stretches.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (BUSIEST * sorted.len() as f64).ceil() as usize;
        sorted
            .get(rank.max(1) - 1)
            .copied()
            .unwrap_or(self.busy_ms / self.window_ms)
    }

    fn add(&mut self, other: &Self) {
        self.has_times |= other.has_times;
        self.transactions += other.transactions;
        self.active_ms += other.active_ms;
        self.busy_ms += other.busy_ms;
        self.io_ms = sum(self.io_ms, other.io_ms);
        self.reads += other.reads;
        self.written += other.written;
    }
}

/// The load of each database of a server, and of all together (`None`). Empty where nothing was
/// counted.
pub fn read(facts: &Connection, node: i64) -> Result<BTreeMap<Option<i64>, Counted>> {
    let mut statement = facts.prepare(COUNTERS)?;
    let steps = statement.query_map([node], step)?;
    let steps = steps.collect::<Result<Vec<_>>>()?;
    let is_lifetime = !steps.iter().any(|step| step.ms.is_some() && !step.is_reset);
    // Between looks nothing else of ours ran.
    let has_looks = steps.iter().any(|step| step.is_look && !step.is_reset);
    let used: Vec<&Step> = steps
        .iter()
        .filter(|step| {
            if has_looks && !is_lifetime {
                step.ms.is_some() && !step.is_reset && step.is_look
            } else if is_lifetime {
                step.ms.is_none() && step.life_ms.is_some_and(|ms| ms > 0.0)
            } else {
                step.ms.is_some() && !step.is_reset
            }
        })
        .collect();
    // All databases together are known only where each of them is.
    let broken: BTreeSet<i64> = (steps.iter())
        .filter(|step| step.is_reset)
        .map(|step| step.at)
        .collect();
    let mut all: BTreeMap<Option<i64>, Counted> = BTreeMap::new();
    for id in used.iter().map(|step| step.database).chain([None]) {
        if all.contains_key(&id) {
            continue;
        }
        let own = used.iter().filter(|step| match id {
            None => is_lifetime || !broken.contains(&step.at),
            id => step.database == id,
        });
        let own: Vec<&Step> = own.copied().collect();
        if let Some(counted) = total(&own, is_lifetime) {
            all.insert(id, counted);
        }
    }
    Ok(all)
}

struct Step {
    database: Option<i64>,
    at: i64,
    ms: Option<f64>,
    life_ms: Option<f64>,
    is_reset: bool,
    is_look: bool,
    counted: Option<Counted>,
}

fn step(row: &Row<'_>) -> Result<Step> {
    let active: Option<f64> = row.get("active_ms")?;
    let idle: Option<f64> = row.get("idle_ms")?;
    let transactions: Option<f64> = row.get("transactions")?;
    let counted = transactions.map(|transactions| {
        // What our own looks took is an estimate.
        let has_times = active.is_some();
        let active = active.unwrap_or(0.0).max(0.0);
        Counted {
            has_times,
            transactions: transactions.max(0.0),
            active_ms: active,
            busy_ms: active + idle.unwrap_or(0.0).max(0.0),
            ..Counted::default()
        }
    });
    let counted = match counted {
        Some(counted) => Some(Counted {
            io_ms: row.get("io_ms")?,
            reads: row.get::<_, Option<f64>>("reads")?.unwrap_or(0.0),
            written: row.get::<_, Option<f64>>("written")?.unwrap_or(0.0),
            wal_ms: row.get("wal_ms")?,
            wal_calls: row.get("wal_calls")?,
            ..counted
        }),
        None => None,
    };
    Ok(Step {
        database: row.get("database_id")?,
        at: row.get("at")?,
        ms: row.get("ms")?,
        life_ms: row.get("life_ms")?,
        is_reset: row.get::<_, Option<bool>>("is_reset")?.unwrap_or(true),
        is_look: row.get("is_look")?,
        counted,
    })
}

/// Steps of one database or of several, which were read at the same moments.
fn total(steps: &[&Step], is_lifetime: bool) -> Option<Counted> {
    let mut by_time: BTreeMap<i64, (f64, Counted)> = BTreeMap::new();
    for step in steps {
        let (Some(counted), Some(ms)) = (&step.counted, step.ms.or(step.life_ms)) else {
            continue;
        };
        let known = by_time.entry(step.at).or_insert_with(|| {
            let empty = Counted {
                io_ms: Some(0.0),
                wal_ms: counted.wal_ms,
                wal_calls: counted.wal_calls,
                ..Counted::default()
            };
            (0.0, empty)
        });
        // Counters of databases may have begun at different times; the mean load of each is its own.
        let scale = if is_lifetime && known.0 > 0.0 {
            known.0 / ms
        } else {
            known.0 = ms;
            1.0
        };
        known.1.add(&scaled(counted, scale));
    }
    let mut sum_of_all = Counted {
        is_lifetime,
        io_ms: Some(0.0),
        wal_ms: Some(0.0),
        wal_calls: Some(0.0),
        ..Counted::default()
    };
    for (ms, counted) in by_time.values() {
        sum_of_all.window_ms += ms;
        sum_of_all.add(counted);
        sum_of_all.wal_ms = sum(sum_of_all.wal_ms, counted.wal_ms);
        sum_of_all.wal_calls = sum(sum_of_all.wal_calls, counted.wal_calls);
    }
    let length = (sum_of_all.window_ms / STRETCHES).clamp(STRETCH_MS.0, STRETCH_MS.1);
    let (mut ms, mut busy) = (0.0, 0.0);
    for (step_ms, counted) in by_time.values() {
        ms += step_ms;
        busy += counted.busy_ms;
        if ms >= length {
            sum_of_all.stretches.push(busy / ms);
            (ms, busy) = (0.0, 0.0);
        }
    }
    (sum_of_all.window_ms > 0.0).then_some(sum_of_all)
}

fn scaled(counted: &Counted, by: f64) -> Counted {
    Counted {
        has_times: counted.has_times,
        transactions: counted.transactions * by,
        active_ms: counted.active_ms * by,
        busy_ms: counted.busy_ms * by,
        io_ms: counted.io_ms.map(|ms| ms * by),
        reads: counted.reads * by,
        written: counted.written * by,
        ..Counted::default()
    }
}

/// Unknown where one of both is.
fn sum(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? + b?)
}
