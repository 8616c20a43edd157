//! Resets of statement counters, as the counters themselves show them.

use rusqlite::{Connection, OptionalExtension, Result};

/// How many entries of the earlier sample there were, and how many of them went down or vanished in
/// the later one. Counters only grow, so each of these was reset or evicted.
const FALLEN: &str = "
WITH keyed AS (
  SELECT c.sample_id, s.database_id, c.statement_id, c.role_id, c.toplevel, c.queryid,
         sum(c.calls) AS calls, sum(c.total_exec_ms) AS exec_ms
  FROM statement_counters c JOIN statements s ON s.id = c.statement_id
  WHERE c.sample_id IN (?1, ?2)
  GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT count(*),
       count(*) FILTER (WHERE n.statement_id IS NULL OR n.calls < p.calls OR n.exec_ms < p.exec_ms)
FROM keyed p
LEFT JOIN keyed n ON n.sample_id = ?2 AND n.statement_id = p.statement_id
  AND n.role_id IS p.role_id AND n.toplevel IS p.toplevel AND n.queryid IS p.queryid
WHERE p.sample_id = ?1";

/// Marks samples between which the counters were reset: at least half of the entries went down or
/// vanished. The reset lies somewhere between the two; the earliest moment is taken, so that rates
/// since then are too low rather than too high.
pub fn find(facts: &Connection, samples: &[i64]) -> Result<()> {
    for pair in samples.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        let (entries, fallen): (i64, i64) = facts.query_row(FALLEN, [before, after], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        if entries == 0 || fallen * 2 < entries {
            continue;
        }
        let at: Option<i64> = facts
            .query_row(
                "SELECT captured_at FROM samples WHERE id = ?1",
                [before],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(at) = at {
            facts.execute(
                "UPDATE samples SET statements_reset_at = ?1 WHERE id = ?2",
                [at + 1, after],
            )?;
        }
    }
    Ok(())
}
