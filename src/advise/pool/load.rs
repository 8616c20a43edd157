//! The load that the facts show: by which of two methods, how sure, and what the figures can't tell.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};

use super::counters::{self, Counted};
use super::looks::{self, Seen};
use super::size::{Load, capacity};
use crate::facts::human;

/// Events that a rate or a mean must rest on; below there is a range in place of a number.
const ENOUGH: f64 = 200.0;
/// Half the width of a 95 % interval, in standard errors.
const SPREAD: f64 = 1.96;
/// Reads or WAL writes in a transaction below which their time does not matter.
const HARDLY: f64 = 0.01;
/// What is left as CPU time of active sessions at the least, however much they wait.
const LEAST_CPU: f64 = 0.01;

/// A load with its capacity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub database: Option<i64>,
    pub method: &'static str,
    pub window_ms: f64,
    pub is_lifetime: bool,
    pub transactions: f64,
    pub busy_samples: Option<f64>,
    pub load: Load,
    /// Factors on the number of busy connections, for the ends of the range; 1 where it is known.
    pub range: (f64, f64),
    /// Connections beyond which throughput falls, for each core, with the ends of its range.
    pub per_core: Option<(f64, f64, f64)>,
    /// Part of the cores that this load may have: the others take theirs too.
    pub core_share: f64,
    pub capacity_is_least: bool,
    pub notes: Vec<String>,
}

/// What settings tell of the figures.
struct Timing {
    io: bool,
    wal: bool,
    commits_wait: bool,
}

/// The loads of a server: of all together first, then of databases.
pub(super) fn read(facts: &Connection, node: i64) -> Result<Vec<Measured>> {
    let counted = counters::read(facts, node)?;
    let seen = looks::read(facts, node)?;
    let timing = timing(facts, node)?;
    let Some(all) = counted.get(&None) else {
        return Ok(Vec::new());
    };
    let seen_all = seen.get(&None);
    let Some(total) = measure(None, all, seen_all, all, &timing) else {
        return Ok(Vec::new());
    };
    let own = databases(&counted, &seen, &timing, &total);
    Ok([vec![total], own].concat())
}

/// Databases with a load. Capacity is that of the whole server, shared by busy connections.
fn databases(
    counted: &BTreeMap<Option<i64>, Counted>,
    seen: &BTreeMap<Option<i64>, Seen>,
    timing: &Timing,
    total: &Measured,
) -> Vec<Measured> {
    let all = &counted[&None];
    let whole = total.load.per_s * total.load.hold_ms;
    let own = counted.iter().filter_map(|(database, counted)| {
        database.as_ref()?;
        let own = measure(*database, counted, seen.get(database), all, timing)?;
        let share = own.load.per_s * own.load.hold_ms / whole;
        let part = |(low, mid, high)| (low * share, mid * share, high * share);
        Some(Measured {
            core_share: share,
            per_core: total.per_core.map(part),
            capacity_is_least: total.capacity_is_least,
            ..own
        })
    });
    own.collect()
}

fn measure(
    database: Option<i64>,
    counted: &Counted,
    seen: Option<&Seen>,
    all: &Counted,
    timing: &Timing,
) -> Option<Measured> {
    if counted.transactions < 1.0 {
        return None;
    }
    if counted.has_times && counted.busy_ms > 0.0 {
        return Some(by_counters(database, counted, seen, all, timing));
    }
    by_looks(database, counted, seen?)
}

fn by_counters(
    database: Option<i64>,
    counted: &Counted,
    seen: Option<&Seen>,
    all: &Counted,
    timing: &Timing,
) -> Measured {
    let n = counted.transactions;
    let hold_ms = counted.busy_ms / n;
    // A statement counts when it ends, with all its time; no more were busy than were seen.
    let seen_most = seen.map_or(f64::INFINITY, |seen| seen.most.max(seen.mean()));
    let busy = counted
        .busiest()
        .min(seen_most.max(counted.busy_ms / counted.window_ms));
    let (waits, notes, is_most) = waits(counted, all, timing);
    let active = counted.active_ms / n;
    let cpu_ms = (active - waits / n).max(active * LEAST_CPU);
    let mut measured = Measured {
        database,
        method: "counters",
        window_ms: counted.window_ms,
        is_lifetime: counted.is_lifetime,
        transactions: n,
        busy_samples: seen.map(|seen| seen.busy),
        load: Load {
            per_s: busy / hold_ms * 1e3,
            hold_ms,
            cpu_ms: Some(cpu_ms),
            cores: None,
        },
        core_share: 1.0,
        range: range(n, 2.0),
        per_core: capacity(1.0, hold_ms, cpu_ms).map(|capacity| (capacity, capacity, capacity)),
        capacity_is_least: is_most,
        notes,
    };
    if is_most && let Some(seen) = seen.filter(|seen| seen.busy >= ENOUGH && seen.on_cpu > 0.0) {
        // What waits are not timed, looks have seen.
        measured.load.cpu_ms = Some(hold_ms * seen.on_cpu / seen.busy);
        measured.per_core = Some(by_share(seen));
        measured.capacity_is_least = false;
        for note in &mut measured.notes {
            *note += "; the capacity rests on looks at sessions instead";
        }
    }
    if counted.is_lifetime {
        measured.notes.insert(
            0,
            format!(
                "these are means since the counters began {} ago, which say nothing of the peak; run it on the server while it is busy, or on a snapshot with several samples",
                human::ms(counted.window_ms)
            ),
        );
    }
    measured
}

fn by_looks(database: Option<i64>, counted: &Counted, seen: &Seen) -> Option<Measured> {
    if seen.busy < 1.0 || counted.is_lifetime {
        return None;
    }
    let per_s = counted.transactions / counted.window_ms * 1e3;
    let hold_ms = seen.mean() / per_s * 1e3;
    let mut notes = Vec::new();
    if seen.busy < ENOUGH {
        notes.push(format!(
            "busy sessions were seen {} times, too few for a number: look longer (--for)",
            human::count(seen.busy)
        ));
    }
    Some(Measured {
        database,
        method: "activity samples",
        window_ms: counted.window_ms,
        is_lifetime: false,
        transactions: counted.transactions,
        busy_samples: Some(seen.busy),
        load: Load {
            per_s,
            hold_ms,
            cpu_ms: (seen.on_cpu > 0.0).then(|| hold_ms * seen.on_cpu / seen.busy),
            cores: None,
        },
        core_share: 1.0,
        range: range(seen.busy, 1.0),
        per_core: (seen.on_cpu > 0.0).then(|| by_share(seen)),
        capacity_is_least: false,
        notes,
    })
}

/// Capacity for each core by looks: one by the share of busy sessions that were on a core, with the ends of the
/// share's 95 % interval (Wilson) where there are few. No factor 2 here: looks that compete for the
/// cores themselves catch running sessions too seldom.
fn by_share(seen: &Seen) -> (f64, f64, f64) {
    let (n, share) = (seen.busy, (seen.on_cpu / seen.busy).min(1.0));
    let mid = 1.0 / share;
    if n >= ENOUGH {
        return (mid, mid, mid);
    }
    let z2 = SPREAD * SPREAD;
    let middle = share + z2 / (2.0 * n);
    let half = SPREAD * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let base = 1.0 + z2 / n;
    let (low, high) = ((middle - half) / base, (middle + half) / base);
    (1.0 / high, mid, 1.0 / low.max(f64::EPSILON))
}

/// Ends of a 95 % interval as factors, where so few events were counted; each of `parts` figures
/// that are multiplied has a relative error of 1/√n.
fn range(n: f64, parts: f64) -> (f64, f64) {
    if n >= ENOUGH {
        return (1.0, 1.0);
    }
    let error = SPREAD * (parts / n.max(1.0)).sqrt();
    ((-error).exp(), error.exp())
}

/// Time that active sessions spent waiting for blocks and WAL, ms, what is not timed, and whether
/// it is the least there was.
fn waits(counted: &Counted, all: &Counted, timing: &Timing) -> (f64, Vec<String>, bool) {
    let mut notes = Vec::new();
    let n = counted.transactions;
    let io = counted.io_ms.filter(|ms| timing.io || *ms > 0.0);
    if io.is_none() && counted.reads / n > HARDLY {
        notes.push("track_io_timing is off, so waiting for blocks counts as CPU time".to_owned());
    }
    let share = if all.written > 0.0 {
        counted.written / all.written
    } else {
        counted.transactions / all.transactions
    };
    let wal = all.wal_ms.filter(|ms| timing.wal || *ms > 0.0);
    let wal_calls = all.wal_calls.unwrap_or(all.written) * share;
    if timing.commits_wait && wal.is_none() && wal_calls / n > HARDLY {
        notes.push(
            "track_wal_io_timing is off, so waiting for WAL to reach the disk counts as CPU time"
                .to_owned(),
        );
    }
    let wal = wal.filter(|_| timing.commits_wait).unwrap_or(0.0) * share;
    let is_least = !notes.is_empty();
    (io.unwrap_or(0.0) + wal, notes, is_least)
}

fn timing(facts: &Connection, node: i64) -> Result<Timing> {
    let is = |name: &str, wanted: &str| {
        facts.query_row(
            "SELECT coalesce(max(coalesce(server_value, value) = ?3), 0) FROM settings WHERE node_id = ?1 AND name = ?2",
            (node, name, wanted),
            |row| row.get::<_, bool>(0),
        )
    };
    Ok(Timing {
        io: is("track_io_timing", "on")?,
        wal: is("track_wal_io_timing", "on")?,
        commits_wait: !is("synchronous_commit", "off")?,
    })
}
