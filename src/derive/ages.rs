//! Since when indexes are there, as far as anything tells.
//!
//! `PostgreSQL` does not record it. Counters of an index are as old as those of its database only where the
//! index is, so what was made a moment ago would look unused. What tells is the transaction that wrote its row:
//! whatever was written later and has a known moment shows that the index was there by then.

use rusqlite::{Connection, Result};

const AGES: &str = include_str!("ages.sql");
/// The moment of a collection is one of those that are known.
const MOMENT: &str = "INSERT INTO xid_times (before_xid, at)
    SELECT m.before_xid, m.at
    FROM (SELECT CAST(n.next_xid AS INTEGER) AS before_xid,
                 (SELECT min(s.captured_at) FROM samples s WHERE s.node_id = n.id AND s.is_timed) AS at
          FROM nodes n) m
    WHERE m.before_xid IS NOT NULL AND m.at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM xid_times x WHERE x.before_xid = m.before_xid AND x.at = m.at);";

/// Fills `indexes.there_since_at` from these facts.
///
/// # Errors
/// When the database fails.
pub fn all(facts: &Connection) -> Result<()> {
    facts.execute_batch(MOMENT)?;
    facts.execute_batch(AGES)?;
    let known = known(facts)?;
    let mut made = facts.prepare("SELECT id, made_xid FROM indexes WHERE made_xid IS NOT NULL")?;
    let made = made.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let made: Vec<(i64, i64)> = made.collect::<Result<_>>()?;
    let mut update = facts.prepare(
        "UPDATE indexes SET there_since_at = min(coalesce(there_since_at, ?2), ?2) WHERE id = ?1",
    )?;
    for (index, xid) in made {
        let above = known.partition_point(|(before, _)| *before <= xid);
        if let Some((_, at)) = known.get(above) {
            update.execute((index, at))?;
        }
    }
    Ok(())
}

/// Ids in order, each with the earliest moment by which it, or one above it, had been given out.
fn known(facts: &Connection) -> Result<Vec<(i64, i64)>> {
    let mut read = facts.prepare(
        "SELECT before_xid, min(at) OVER (ORDER BY before_xid DESC) FROM xid_times ORDER BY before_xid",
    )?;
    let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Takes over what an older snapshot of the same cluster knows of transaction ids; [`all`] goes by it.
///
/// # Errors
/// When either database fails.
pub fn take(facts: &Connection, older: &Connection) -> Result<()> {
    older.execute_batch(MOMENT)?;
    let mut insert = facts.prepare("INSERT INTO xid_times (before_xid, at) VALUES (?1, ?2)")?;
    let mut read = older.prepare("SELECT before_xid, at FROM xid_times")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        insert.execute((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))?;
    }
    Ok(())
}
