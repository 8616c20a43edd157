//! Waits for locks: how long in all, and who held the lock.

use std::collections::{BTreeMap, BTreeSet};

use super::events::Event;
use super::model::Logs;

/// Waits of one statement for the same kind of lock, held by the same statements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wait {
    /// The statement that waited.
    pub statement_id: Option<i64>,
    /// Statements of the sessions that held the lock: what they ran last.
    pub blockers: BTreeSet<i64>,
    /// Lock mode that was waited for.
    pub mode: Option<String>,
    /// What was waited for, of the latest wait.
    pub object: Option<String>,
    /// Table whose row was waited for last; `None`: the log does not name one.
    pub relation: Option<String>,
    /// How many waits.
    pub count: i64,
    /// How long they were, as far as the log tells.
    pub total_ms: f64,
    /// The longest of them.
    pub longest_ms: f64,
    /// Waits whose end is not in the log: they took longer than is counted.
    pub unended: i64,
    /// Time of the latest, microseconds.
    pub last_at: Option<i64>,
}

/// Kinds of messages that end a wait.
const ENDS: [&str; 4] = [
    "lock_acquired",
    "lock_failed",
    "deadlock_waiting",
    "deadlock_avoided",
];

/// The waits that are kept, those with most time first. `log_lock_waits` writes when a wait has
/// lasted for `deadlock_timeout`, and again when it ends.
pub fn waits(logs: &Logs) -> Vec<Wait> {
    let mut groups: BTreeMap<_, Wait> = BTreeMap::new();
    let mut open: BTreeMap<i64, Vec<&Event>> = BTreeMap::new();
    let mut ended: Vec<(&Event, Option<f64>)> = Vec::new();
    for event in &logs.events {
        let pid = event.pid.unwrap_or_default();
        if event.kind == "lock_waiting" {
            // Without process ids no end can be found.
            match event.pid {
                Some(pid) => open.entry(pid).or_default().push(event),
                None => ended.push((event, None)),
            }
        } else if ENDS.contains(&event.kind.as_str())
            && let Some(waiting) = open.get_mut(&pid)
            && let Some(at) = waiting.iter().position(|wait| wait.object == event.object)
        {
            ended.push((waiting.remove(at), event.duration_ms));
        }
    }
    ended.extend(open.into_values().flatten().map(|event| (event, None)));
    for (event, whole_ms) in ended {
        let holders = event.parties.iter().filter(|party| party.holds);
        let blockers: BTreeSet<i64> = holders.filter_map(|party| party.statement_id).collect();
        let key = (event.statement_id, blockers.clone(), event.mode.clone());
        let wait = groups.entry(key).or_insert_with(|| Wait {
            statement_id: event.statement_id,
            blockers,
            mode: event.mode.clone(),
            ..Wait::default()
        });
        let ms = whole_ms.or(event.duration_ms).unwrap_or_default();
        wait.count += 1;
        wait.total_ms += ms;
        wait.longest_ms = wait.longest_ms.max(ms);
        wait.unended += i64::from(whole_ms.is_none());
        if event.at >= wait.last_at {
            wait.last_at = event.at;
            wait.object.clone_from(&event.object);
            wait.relation.clone_from(&event.relation);
        }
    }
    let mut all: Vec<Wait> = groups.into_values().collect();
    all.sort_by(|a, b| {
        let by_time = b.total_ms.total_cmp(&a.total_ms);
        by_time.then_with(|| b.count.cmp(&a.count))
    });
    all
}
