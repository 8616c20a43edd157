//! Figures over time: what one snapshot tells of its moment, and what older ones tell of theirs.

use rusqlite::{Connection, Result};

/// Tables that the points of a snapshot are made of, and what [`super::ages`] takes over. Of an older snapshot no
/// others are needed.
pub const TABLES: [&str; 14] = [
    "snapshot",
    "nodes",
    "databases",
    "samples",
    "collections",
    "relations",
    "indexes",
    "xid_times",
    "sequences",
    "sessions",
    "wal_stats",
    "archive_status",
    "machines",
    "history",
];

const POINTS: &str = include_str!("history.sql");

/// Writes the points of these facts into `history`, in place of those that they had.
pub fn points(facts: &Connection) -> Result<()> {
    facts.execute_batch(POINTS)
}

/// Takes the points of an older snapshot over, as far as they lie before these facts. Gives how
/// many there were.
///
/// # Errors
/// When either database fails.
pub fn take(facts: &Connection, older: &Connection) -> Result<usize> {
    points(older)?;
    let born: Option<i64> =
        facts.query_row("SELECT min(created_at) FROM snapshot", [], |row| row.get(0))?;
    let transaction = facts.unchecked_transaction()?;
    let mut taken = 0;
    {
        let mut insert = transaction.prepare(
            "INSERT OR IGNORE INTO history (metric, database_name, object, at, value)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let mut read = older.prepare(
            "SELECT metric, database_name, object, at, value FROM history WHERE at < ?1",
        )?;
        let mut rows = read.query([born.unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let (at, value): (i64, f64) = (row.get(3)?, row.get(4)?);
            taken += insert.execute((text(0)?, text(1)?, text(2)?, at, value))?;
        }
    }
    transaction.commit()?;
    Ok(taken)
}
