//! How statements changed between two snapshots.
//!
//! Counters are differenced row by row, as `pg_stat_statements` keeps them, and summed by statement
//! after that. A row whose counters began anew since the earlier snapshot (a reset, an eviction, a restart
//! without its file, another major version) counts as a whole: all of it lies between the two. So a
//! reset costs a part of the time, never a wrong number. Statements are the same by database and fingerprint,
//! since query ids change with the major version.

use std::collections::HashMap;

use crate::facts::{FactsError, Store};

/// A statement by database and fingerprint.
type Key = (String, String);

/// What a statement does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    /// Executions.
    pub calls: f64,
    /// Time executing, ms.
    pub exec_ms: f64,
    /// Time over which both were counted; `None`: not known.
    pub hours: Option<f64>,
}

/// A statement now and then.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// Database.
    pub database: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its text; `None`: hidden.
    pub text: Option<String>,
    /// Since the earlier snapshot; `None`: it did not run.
    pub now: Option<Pace>,
    /// Up to the earlier snapshot, since its counters began; `None`: it was not there.
    pub then: Option<Pace>,
}

impl Pace {
    /// Mean of a call, ms.
    pub fn mean_ms(self) -> Option<f64> {
        (self.calls > 0.0).then(|| self.exec_ms / self.calls)
    }

    /// Time executing in an hour, ms.
    pub fn ms_per_hour(self) -> Option<f64> {
        let hours = self.hours.filter(|hours| *hours > 0.0);
        hours.map(|hours| self.exec_ms / hours)
    }

    /// Calls an hour.
    pub fn calls_per_hour(self) -> Option<f64> {
        let hours = self.hours.filter(|hours| *hours > 0.0);
        hours.map(|hours| self.calls / hours)
    }
}

impl Shift {
    /// Time that it takes more now, ms, by the calls of now: how much it matters that it became slower.
    /// `None`: one of the two is not known.
    pub fn added_ms(&self) -> Option<f64> {
        let (now, then) = (self.now?, self.then?);
        Some((now.mean_ms()? - then.mean_ms()?) * now.calls)
    }

    /// How many times the mean of then the mean of now is.
    pub fn ratio(&self) -> Option<f64> {
        let (now, then) = (self.now?.mean_ms()?, self.then?.mean_ms()?);
        (then > 0.0).then(|| now / then)
    }
}

/// A row of counters.
struct Row {
    statement: Key,
    text: Option<String>,
    /// What tells it from other rows of the statement.
    of: (String, String, Option<i64>, Option<i64>),
    calls: f64,
    exec_ms: f64,
    captured_at: Option<i64>,
    /// When its counters began; `None`: not known.
    since: Option<i64>,
}

fn rows(store: &Store) -> Result<Vec<Row>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT d.name, t.fingerprint, t.text, n.label, coalesce(r.name, ''), c.queryid, c.toplevel,
                c.calls, c.total_exec_ms, c.captured_at, coalesce(c.stats_since_at, s.statements_reset_at)
         FROM statement_counters_latest c
         JOIN samples s ON s.id = c.sample_id
         JOIN nodes n ON n.id = c.node_id
         JOIN statements t ON t.id = c.statement_id
         JOIN databases d ON d.id = t.database_id
         LEFT JOIN roles r ON r.id = c.role_id
         LEFT JOIN statement_shapes x ON x.statement_id = t.id
         WHERE coalesce(x.kind, 'unknown') NOT IN ('explain', 'transaction', 'set', 'utility')
           AND c.calls IS NOT NULL AND c.total_exec_ms IS NOT NULL",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Row {
            statement: (row.get(0)?, row.get(1)?),
            text: row.get(2)?,
            of: (row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?),
            calls: row.get(7)?,
            exec_ms: row.get(8)?,
            captured_at: row.get(9)?,
            since: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All queries and writes that ran now or then. What begins transactions, sets or defines things is left
/// out: it comes and goes.
pub fn shifts(now: &Store, then: &Store) -> Result<Vec<Shift>, FactsError> {
    const HOUR_US: f64 = 3.6e9;
    let (now, then) = (rows(now)?, rows(then)?);
    let hours = |from: Option<i64>, to: Option<i64>| {
        let (from, to) = (from?, to?);
        (to > from).then(|| (to - from) as f64 / HOUR_US)
    };
    let mut shifts: HashMap<Key, Shift> = HashMap::new();
    let mut before: HashMap<(&Key, &_), &Row> = HashMap::new();
    for row in &then {
        let shift = shift(&mut shifts, row);
        add(
            &mut shift.then,
            row.calls,
            row.exec_ms,
            hours(row.since, row.captured_at),
        );
        before.insert((&row.statement, &row.of), row);
    }
    let compared_at = then.iter().filter_map(|row| row.captured_at).max();
    for row in &now {
        let old = before.get(&(&row.statement, &row.of)).filter(|old| {
            let began_anew = row
                .since
                .zip(old.captured_at)
                .is_some_and(|(since, at)| since > at);
            !began_anew && row.calls >= old.calls && row.exec_ms >= old.exec_ms
        });
        let (calls, exec_ms) = old.map_or((0.0, 0.0), |old| (old.calls, old.exec_ms));
        let from = match old {
            Some(old) => old.captured_at,
            None => row.since.max(compared_at),
        };
        let shift = shift(&mut shifts, row);
        shift.text.clone_from(&row.text);
        if row.calls > calls {
            let hours = hours(from, row.captured_at);
            add(
                &mut shift.now,
                row.calls - calls,
                row.exec_ms - exec_ms,
                hours,
            );
        }
    }
    let mut shifts: Vec<Shift> = shifts.into_values().collect();
    shifts.sort_by(|a, b| (&a.database, &a.fingerprint).cmp(&(&b.database, &b.fingerprint)));
    Ok(shifts)
}

fn shift<'a>(shifts: &'a mut HashMap<Key, Shift>, row: &Row) -> &'a mut Shift {
    let new = || Shift {
        database: row.statement.0.clone(),
        fingerprint: row.statement.1.clone(),
        text: row.text.clone(),
        now: None,
        then: None,
    };
    shifts.entry(row.statement.clone()).or_insert_with(new)
}

/// Adds to a pace; the time is the longest of its rows.
fn add(pace: &mut Option<Pace>, calls: f64, exec_ms: f64, hours: Option<f64>) {
    let pace = pace.get_or_insert_with(Pace::default);
    pace.calls += calls;
    pace.exec_ms += exec_ms;
    pace.hours = match (pace.hours, hours) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (known, other) => known.or(other),
    };
}
