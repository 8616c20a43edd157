//! How long the statements of a role take: by the log, else by counters, else by looks.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::items::{Item, MANY, Times, quantile};
use super::roles::Worker;
use super::spells;

/// Calls in counters, and sightings in looks, that a figure rests on at the least.
const ENOUGH: (f64, f64) = (500.0, 200.0);

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Latency {
    /// 99.9 % of the calls take no longer, ms; `None`: not measured.
    pub p999_ms: Option<f64>,
    /// What it rests on.
    pub basis: String,
    /// Calls that were looked at.
    pub calls: f64,
    /// Statements.
    pub items: Vec<Item>,
    /// Only calls above this are in the log, so fewer are not counted, ms.
    pub known_above_ms: f64,
}

impl Latency {
    /// Calls that a timeout of so many ms would have ended, and of which statements; `None` where
    /// that is not known.
    pub fn ended(&self, ms: f64) -> Option<(f64, Vec<(&Item, f64)>)> {
        if self.items.is_empty() || ms < self.known_above_ms {
            return None;
        }
        let mut of: Vec<(&Item, f64)> = self
            .items
            .iter()
            .map(|item| (item, item.longer_than(ms)))
            .filter(|(_, calls)| *calls >= 0.5)
            .collect();
        of.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.line.cmp(&b.0.line)));
        Some((of.iter().map(|(_, calls)| calls).sum(), of))
    }
}

/// The latency of a role in a database.
pub(super) fn read(facts: &Connection, worker: &Worker) -> Result<Latency> {
    let scope = scope(facts)?;
    let logged = logged(facts, worker)?;
    let counted = counted(facts, worker)?;
    let log_calls: f64 = logged.iter().map(|item| item.calls).sum();
    let calls: f64 = counted.iter().map(|item| item.calls).sum();
    let is_whole = matches!(scope.0.as_str(), "all" | "sample");
    if is_whole && log_calls >= MANY {
        let classes: Vec<_> = logged.iter().flat_map(classes).copied().collect();
        return Ok(Latency {
            p999_ms: quantile(&classes),
            basis: "99.9th percentile of the calls in the log".to_owned(),
            calls: log_calls,
            items: logged,
            known_above_ms: 0.0,
        });
    }
    if calls >= ENOUGH.0 {
        let slowest = counted.iter().map(Item::slowest).fold(0.0, f64::max);
        // What the log holds of slow calls is exact; counters only estimate it.
        let has_log = !logged.is_empty();
        return Ok(Latency {
            p999_ms: Some(slowest),
            basis: "slowest statement to be reckoned with, by pg_stat_statements (the maximum of those called often, else mean and 3.1 standard deviations)".to_owned(),
            calls,
            items: if has_log { logged } else { counted },
            known_above_ms: if has_log { scope.1 } else { 0.0 },
        });
    }
    if log_calls >= MANY {
        let classes: Vec<_> = logged.iter().flat_map(classes).copied().collect();
        return Ok(Latency {
            p999_ms: quantile(&classes),
            basis: "99.9th percentile of the calls in the log, which may hold slow ones only"
                .to_owned(),
            calls: log_calls,
            items: logged,
            known_above_ms: scope.1,
        });
    }
    let seen = spells::read(facts, worker, "statement")?;
    Ok(Latency {
        p999_ms: seen.p999_ms().filter(|_| seen.count() >= ENOUGH.1),
        basis: "99.9th percentile of the statements that looks at sessions saw".to_owned(),
        calls: seen.count(),
        items: if logged.is_empty() { counted } else { logged },
        known_above_ms: scope.1,
    })
}

fn classes(item: &Item) -> &[(f64, f64, f64)] {
    match &item.times {
        Times::Classes(classes) => classes,
        Times::Moments { .. } => &[],
    }
}

/// Which statements the log has, and the shortest time from which on it has all, ms.
fn scope(facts: &Connection) -> Result<(String, f64)> {
    let found = facts
        .query_row(
            "SELECT scope, CASE scope WHEN 'all' THEN 0 ELSE coalesce(threshold_ms, least_ms, 0) END FROM log_span",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Statements that define or maintain objects, which no timeout of requests is for.
const OTHER_WORK: &str = "upper(substr(ltrim(coalesce(st.text, '')), 1, 5)) IN ('CREAT', 'ALTER', 'DROP ', 'VACUU', 'ANALY',
  'REIND', 'CLUST', 'REFRE', 'COPY ', 'COMME', 'GRANT', 'REVOK', 'EXPLA')";

/// Of the log. A statement that several roles run is spread for each of them as for all.
fn logged(facts: &Connection, worker: &Worker) -> Result<Vec<Item>> {
    let sql = format!(
        "SELECT st.fingerprint, sl.line, sum(g.calls) AS calls, l.calls, l.times
         FROM log_statement_groups g
         JOIN log_statements l ON l.statement_id = g.statement_id
         JOIN statements st ON st.id = g.statement_id
         JOIN statement_lines sl ON sl.statement_id = st.id
         WHERE g.user_name = ?1 AND st.database_id = ?2 AND l.calls > 0 AND NOT {OTHER_WORK}
         GROUP BY st.id ORDER BY st.id"
    );
    let mut statement = facts.prepare(&sql)?;
    let rows = statement.query_map(params![worker.role_name, worker.database], |row| {
        let (calls, all): (f64, f64) = (row.get(2)?, row.get(3)?);
        let times: String = row.get(4)?;
        let times: Vec<(f64, f64, f64)> = serde_json::from_str(&times).unwrap_or_default();
        let own = times
            .into_iter()
            .map(|(least, most, count)| (least, most, count * calls / all));
        Ok(Item {
            fingerprint: row.get(0)?,
            line: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            calls,
            times: Times::Classes(own.collect()),
        })
    })?;
    rows.collect()
}

/// Of `pg_stat_statements`.
fn counted(facts: &Connection, worker: &Worker) -> Result<Vec<Item>> {
    let sql = format!(
        "SELECT st.fingerprint, sl.line, c.calls, c.mean_exec_ms, c.stddev_exec_ms, c.max_exec_ms
         FROM statement_counters_latest c
         JOIN statements st ON st.id = c.statement_id
         JOIN statement_lines sl ON sl.statement_id = st.id
         WHERE c.role_id = ?1 AND st.database_id = ?2 AND st.text IS NOT NULL AND c.calls > 0
           AND c.mean_exec_ms IS NOT NULL AND NOT {OTHER_WORK}
         ORDER BY st.id, c.queryid, c.toplevel"
    );
    let mut statement = facts.prepare(&sql)?;
    let rows = statement.query_map(params![worker.role, worker.database], |row| {
        let mean: f64 = row.get(3)?;
        Ok(Item {
            fingerprint: row.get(0)?,
            line: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            calls: row.get(2)?,
            times: Times::Moments {
                mean,
                deviation: row.get::<_, Option<f64>>(4)?.unwrap_or(0.0),
                max: row.get::<_, Option<f64>>(5)?.unwrap_or(mean),
            },
        })
    })?;
    rows.collect()
}
