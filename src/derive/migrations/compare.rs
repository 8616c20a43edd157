//! Predictions beside observations.

use rusqlite::{Connection, Result};

const COMPARE: &str = include_str!("compare.sql");

/// Fills `migration_comparisons` from `migration_effects` and `migration_observations`. Gives the
/// number of statements in which they differ.
pub fn compare(facts: &Connection) -> Result<usize> {
    facts.execute_batch("DELETE FROM migration_comparisons")?;
    facts.execute_batch(COMPARE)?;
    facts.query_row(
        "SELECT count(DISTINCT statement_id) FROM migration_comparisons WHERE differs IS NOT NULL",
        [],
        |row| row.get(0),
    )
}
