//! How long sessions stay in transactions, and how long they wait for locks.

use rusqlite::{Connection, Result, params};

use super::items::quantile;
use super::roles::Worker;

/// Times with how often each was met, ms.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Spells(Vec<(f64, f64)>);

impl Spells {
    /// How many there were.
    pub fn count(&self) -> f64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// 99.9 % are no longer, ms.
    pub fn p999_ms(&self) -> Option<f64> {
        let classes: Vec<_> = self.0.iter().map(|(ms, n)| (*ms, *ms, *n)).collect();
        quantile(&classes)
    }

    /// A share of them is no longer, ms.
    pub fn share_ms(&self, share: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut left = share * self.count();
        for (ms, count) in &sorted {
            left -= count;
            if left <= 0.0 {
                return Some(*ms);
            }
        }
        None
    }

    /// How many were longer than so many ms.
    pub fn longer_than(&self, ms: f64) -> f64 {
        let longer = self.0.iter().filter(|(spell, _)| *spell > ms);
        longer.map(|(_, count)| count).sum()
    }
}

/// Spells of a role in a database that looks saw. Short ones are seen by chance, so what is said of
/// them is too long rather than too short.
pub(super) fn read(facts: &Connection, worker: &Worker, kind: &str) -> Result<Spells> {
    let mut statement = facts.prepare(
        "SELECT duration_ms, spells FROM activity_spells WHERE role_id = ?1 AND database_id = ?2 AND kind = ?3",
    )?;
    let rows = statement.query_map(params![worker.role, worker.database, kind], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(Spells(rows.collect::<Result<_>>()?))
}

/// Waits for locks in the log; `None` where no log was read, or the server does not log them.
pub(super) fn lock_waits(facts: &Connection, worker: &Worker) -> Result<Option<Spells>> {
    let is_logged: bool = facts.query_row(
        "SELECT EXISTS (SELECT 1 FROM log_totals)
            AND (EXISTS (SELECT 1 FROM log_messages WHERE kind = 'lock_waiting')
              OR EXISTS (SELECT 1 FROM server_settings WHERE name = 'log_lock_waits' AND server_value_num = 1))",
        [],
        |row| row.get(0),
    )?;
    if !is_logged {
        return Ok(None);
    }
    let mut statement = facts.prepare(
        "SELECT duration_ms, 1.0 FROM log_events
         WHERE kind IN ('lock_acquired', 'lock_failed') AND duration_ms IS NOT NULL
           AND user_name IS ?1 AND coalesce(database_name, ?2) = ?2",
    )?;
    let rows = statement.query_map(params![worker.role_name, worker.database_name], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(Some(Spells(rows.collect::<Result<_>>()?)))
}
