//! Errors and warnings by cause.

use std::collections::BTreeMap;

use rusqlite::Connection;

/// Errors of one cause: a row of `log_errors`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// `WARNING`, `ERROR`, `FATAL` or `PANIC`.
    pub severity: String,
    /// SQLSTATE; `None`: the log does not carry it.
    pub sqlstate: Option<String>,
    /// Message with values replaced.
    pub message: String,
    /// How many.
    pub count: i64,
    /// Time of the first, microseconds.
    pub first_at: Option<i64>,
    /// Time of the last.
    pub last_at: Option<i64>,
    /// A statement that failed so.
    pub statement_id: Option<i64>,
}

impl Cause {
    /// All, the most frequent first.
    pub(super) fn all(facts: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut statement = facts.prepare("SELECT * FROM log_errors ORDER BY count DESC, id")?;
        let rows = statement.query_map([], |row| {
            Ok(Self {
                severity: row.get("severity")?,
                sqlstate: row.get("sqlstate")?,
                message: row.get("message")?,
                count: row.get("count")?,
                first_at: row.get("first_at")?,
                last_at: row.get("last_at")?,
                statement_id: row.get("statement_id")?,
            })
        })?;
        rows.collect()
    }

    /// Whether it is ERROR or worse.
    pub fn is_error(&self) -> bool {
        self.severity != "WARNING"
    }
}

/// Errors (ERROR and worse) by SQLSTATE, as far as the logs carry it.
pub(super) fn by_sqlstate(causes: &[Cause]) -> BTreeMap<&str, i64> {
    let mut counts = BTreeMap::new();
    for cause in causes.iter().filter(|cause| cause.is_error()) {
        if let Some(sqlstate) = &cause.sqlstate {
            *counts.entry(sqlstate.as_str()).or_default() += cause.count;
        }
    }
    counts
}
