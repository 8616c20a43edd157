//! Gaps that the facts themselves show.

use rusqlite::{Connection, Result};

const GAPS: &str = include_str!("gaps.sql");

/// Books as missing what came as unknown: sizes of locked tables, settings hidden by a role's own,
/// counters of tables that have none, and server logs where none was read. Books each gap once.
pub fn book(facts: &Connection) -> Result<()> {
    facts.execute_batch(GAPS)
}
