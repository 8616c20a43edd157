//! Statements of applications with their executions and time.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

/// A statement, as far as it is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// `statements.id`.
    pub statement: i64,
    /// Its text; `None`: hidden.
    pub text: Option<String>,
    /// What it does, as in `statement_shapes.kind`; `None`: its text is not known.
    pub kind: Option<String>,
    /// Elements of its longest list.
    pub longest: Option<usize>,
    /// Executions.
    pub calls: f64,
    /// Their time, ms.
    pub total_ms: Option<f64>,
}

/// Growth between samples where there is any, else all that was counted; for statements that are in logs only,
/// what those have.
const COUNTED: &str = "
WITH deltas AS MATERIALIZED (
  SELECT statement_id, sum(calls) AS calls, sum(exec_ms) AS exec_ms
  FROM statement_rate_by_node WHERE source = 'samples' GROUP BY statement_id
), totals AS MATERIALIZED (
  SELECT statement_id, sum(calls) AS calls, sum(total_exec_ms) AS exec_ms
  FROM statement_counters_latest GROUP BY statement_id
)
SELECT st.id, st.text, sh.kind, sh.purpose, st.longest_list, d.calls, d.exec_ms, t.calls, t.exec_ms,
       coalesce(l.calls_estimate, l.calls),
       l.total_ms * coalesce(l.calls_estimate / nullif(l.calls, 0), 1)
FROM statements st
LEFT JOIN statement_shapes sh ON sh.statement_id = st.id
LEFT JOIN deltas d ON d.statement_id = st.id
LEFT JOIN totals t ON t.statement_id = st.id
LEFT JOIN log_statements l ON l.statement_id = st.id
WHERE st.database_id = ?1 AND coalesce(sh.purpose, 'application') = 'application'
  AND coalesce(sh.kind, '') NOT IN ('transaction', 'set', 'utility')
ORDER BY st.id";

/// How much longer the counters count than the logs are; 1 where either is not known.
const SCALE: &str = "
SELECT coalesce((SELECT max(window_us) FROM statement_rate_by_node)
  / nullif((SELECT max(to_at) - min(from_at) FROM log_totals), 0.0), 1.0)";

/// Figures of a statement by where they come from.
type Figures = (Option<f64>, Option<f64>);

/// Statements of the applications of a database that ran, without commands that plan nothing, in the order of their ids.
pub fn counted(facts: &Connection, database: i64) -> Result<Vec<Counted>> {
    let scale: f64 = facts.query_row(SCALE, [], |row| row.get(0))?;
    let mut question = facts.prepare(COUNTED)?;
    let rows = question.query_map([database], |row| {
        let counted = Counted {
            statement: row.get(0)?,
            text: row.get(1)?,
            kind: row.get(2)?,
            longest: row.get(4)?,
            calls: 0.0,
            total_ms: None,
        };
        let figures = |at: usize| -> Result<Figures> { Ok((row.get(at)?, row.get(at + 1)?)) };
        Ok((counted, figures(5)?, figures(7)?, figures(9)?))
    })?;
    let rows: Vec<(Counted, Figures, Figures, Figures)> = rows.collect::<Result<_>>()?;
    let grew = rows
        .iter()
        .any(|(_, delta, ..)| delta.0.is_some_and(|calls| calls > 0.0));
    let mut all = Vec::new();
    for (mut counted, delta, total, log) in rows {
        let (calls, total_ms) = if total.0.is_none() {
            (log.0.map(|calls| calls * scale), log.1.map(|ms| ms * scale))
        } else if grew {
            delta
        } else {
            total
        };
        let Some(calls) = calls.filter(|calls| *calls > 0.0) else {
            continue;
        };
        counted.calls = calls;
        counted.total_ms = total_ms;
        all.push(counted);
    }
    Ok(all)
}

/// The role that runs each statement most, by time and by calls where there is no time.
pub fn roles(facts: &Connection, database: i64) -> Result<HashMap<i64, i64>> {
    let mut question = facts.prepare(
        "SELECT statement_id, role_id FROM (
           SELECT c.statement_id, c.role_id, sum(c.total_exec_ms) AS ms, sum(c.calls) AS calls
           FROM statement_counters_latest c JOIN statements st ON st.id = c.statement_id
           WHERE st.database_id = ?1 AND c.role_id IS NOT NULL GROUP BY 1, 2
           UNION ALL
           SELECT g.statement_id, r.id, g.total_ms, g.calls
           FROM log_statement_groups g JOIN roles r ON r.name = g.user_name
           JOIN statements st ON st.id = g.statement_id
           WHERE st.database_id = ?1
             AND NOT EXISTS (SELECT 1 FROM statement_counters c WHERE c.statement_id = g.statement_id))
         ORDER BY statement_id, ms, calls, role_id",
    )?;
    let rows = question.query_map([database], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // The last one of each counts.
    rows.collect()
}
