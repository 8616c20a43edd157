//! What happened, other than statements and plain errors.

use std::collections::BTreeMap;

use rusqlite::Connection;

/// A row of `log_events` with its parties.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// What: a kind of `log_messages`.
    pub kind: String,
    /// When, microseconds.
    pub at: Option<i64>,
    /// Process.
    pub pid: Option<i64>,
    /// Role.
    pub user: Option<String>,
    /// Database.
    pub database: Option<String>,
    /// `application_name`.
    pub application: Option<String>,
    /// Wait for a lock, time of a checkpoint, of a vacuum.
    pub duration_ms: Option<f64>,
    /// Size of a temporary file.
    pub bytes: Option<i64>,
    /// What it is about: lock, table, reason.
    pub object: Option<String>,
    /// Relation that the CONTEXT names: the table whose row is waited for.
    pub relation: Option<String>,
    /// Lock mode.
    pub mode: Option<String>,
    /// The message, where it holds nothing of a statement.
    pub message: Option<String>,
    /// Statement of the session.
    pub statement_id: Option<i64>,
    /// Processes in a deadlock or a wait for a lock.
    pub parties: Vec<Party>,
}

/// A row of `log_event_parties`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Process.
    pub pid: i64,
    /// It holds the lock; else it waits as well.
    pub holds: bool,
    /// Mode that it waits for, in a deadlock.
    pub mode: Option<String>,
    /// What it waits for, in a deadlock.
    pub object: Option<String>,
    /// Process that it waits for, in a deadlock.
    pub blocked_by: Option<i64>,
    /// What it runs, or ran last.
    pub statement_id: Option<i64>,
}

impl Event {
    /// All, in the order of the log.
    pub(super) fn all(facts: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut parties = Party::all(facts)?;
        let mut statement = facts.prepare("SELECT * FROM log_events ORDER BY at, id")?;
        let rows = statement.query_map([], |row| {
            Ok(Self {
                kind: row.get("kind")?,
                at: row.get("at")?,
                pid: row.get("pid")?,
                user: row.get("user_name")?,
                database: row.get("database_name")?,
                application: row.get("application_name")?,
                duration_ms: row.get("duration_ms")?,
                bytes: row.get("bytes")?,
                object: row.get("object")?,
                relation: row.get("relation_name")?,
                mode: row.get("mode")?,
                message: row.get("message")?,
                statement_id: row.get("statement_id")?,
                parties: parties.remove(&row.get("id")?).unwrap_or_default(),
            })
        })?;
        rows.collect()
    }
}

impl Party {
    /// By event.
    fn all(facts: &Connection) -> rusqlite::Result<BTreeMap<i64, Vec<Self>>> {
        let mut statement = facts.prepare("SELECT * FROM log_event_parties ORDER BY rowid")?;
        let mut rows = statement.query([])?;
        let mut by_event: BTreeMap<i64, Vec<Self>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let parties = by_event.entry(row.get("event_id")?).or_default();
            parties.push(Self {
                pid: row.get("pid")?,
                holds: row.get("holds")?,
                mode: row.get("mode")?,
                object: row.get("object")?,
                blocked_by: row.get("blocked_by")?,
                statement_id: row.get("statement_id")?,
            });
        }
        Ok(by_event)
    }
}
