//! All derivations, in order.

use rusqlite::{Connection, Result};

use super::{ages, gaps, growth, history, indexes, loops, settings, shapes};

/// Notes a table that is derived from statements as had, where these were, with its rows.
pub(super) fn derived(facts: &Connection, table: &str) -> Result<()> {
    facts.execute("DELETE FROM collections WHERE table_name = ?1", [table])?;
    facts.execute(
        &format!(
            "INSERT INTO collections (table_name, node_id, database_id, row_count)
             SELECT DISTINCT ?1, node_id, database_id, (SELECT count(*) FROM {table})
             FROM collections WHERE table_name = 'statements'"
        ),
        [table],
    )?;
    Ok(())
}

/// Derives what follows from the facts collected. Running it again changes nothing.
pub fn all(facts: &Connection) -> Result<()> {
    // A savepoint, since a whole sample may be one transaction.
    facts.execute_batch("SAVEPOINT derive")?;
    let derived = settings::numbers(facts)
        .and_then(|()| gaps::book(facts))
        .and_then(|()| ages::all(facts))
        .and_then(|()| shapes::all(facts))
        .and_then(|()| loops::all(facts))
        .and_then(|()| indexes::all(facts))
        .and_then(|()| history::points(facts))
        .and_then(|()| growth::all(facts));
    if derived.is_err() {
        facts.execute_batch("ROLLBACK TO derive")?;
    }
    facts.execute_batch("RELEASE derive")?;
    derived
}
