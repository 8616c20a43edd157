//! What was worked out, as rows.

use rusqlite::Row;
use serde::Deserialize;

use crate::facts::{FactsError, Store, human};

/// All that is advised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeouts {
    /// Rows: the server, then roles in databases.
    pub rows: Vec<Advice>,
    /// Roles whose work could not be told, as nothing counts it.
    pub has_counters: bool,
    /// The managed service.
    pub provider: Option<String>,
}

/// A row of `timeout_advice`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advice {
    /// Role; `None`: the server.
    pub role: Option<String>,
    /// In this database.
    pub database: Option<String>,
    /// Setting.
    pub setting: String,
    /// In force.
    pub now_ms: Option<f64>,
    /// Advised.
    pub advised_ms: Option<f64>,
    /// Measured.
    pub basis_ms: Option<f64>,
    /// By what.
    pub basis: Option<String>,
    /// Calls that were looked at.
    pub calls_seen: Option<f64>,
    /// Of them, those it would have ended.
    pub calls_cancelled: Option<f64>,
    /// Why.
    pub reason: Option<String>,
    /// Statement that sets it; `None`: it is right, or there is no advice.
    pub fix: Option<String>,
    /// Statement that takes it back.
    pub undo: Option<String>,
    /// What the role does.
    pub kind: Option<String>,
    /// By what that is known.
    pub kind_because: Option<String>,
    /// Statements that it would have ended, or that are above the line.
    pub ended: Vec<Ended>,
}

/// A statement with calls that a timeout would have ended.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Ended {
    /// Fingerprint.
    pub fingerprint: String,
    /// Its beginning.
    pub line: String,
    /// Calls.
    pub calls: f64,
}

impl Timeouts {
    /// Reads them.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let facts = store.connection();
        let rows = facts
            .prepare(
                "SELECT t.*, r.name AS role_name, d.name AS database_name
                 FROM timeout_advice t
                 LEFT JOIN roles r ON r.id = t.role_id
                 LEFT JOIN databases d ON d.id = t.database_id
                 ORDER BY t.role_id IS NULL, d.name, r.name, t.rowid",
            )?
            .query_map([], advice)?
            .collect::<Result<_, _>>()?;
        let (provider, has_counters) = facts.query_row(
            "SELECT (SELECT provider FROM server), EXISTS (SELECT 1 FROM statement_counters) OR EXISTS (SELECT 1 FROM log_statements)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(Self {
            rows,
            has_counters,
            provider,
        })
    }

    /// Roles in databases, and the server, each with its rows.
    pub fn places(&self) -> impl Iterator<Item = &[Advice]> {
        self.rows
            .chunk_by(|a, b| (&a.role, &a.database) == (&b.role, &b.database))
    }
}

impl Advice {
    /// Advice without a value: something else is to be done first.
    pub fn is_stuck(&self) -> bool {
        self.advised_ms.is_none()
    }

    /// Role and database, with what the role does; or the server.
    pub fn place(&self) -> String {
        let Some(role) = &self.role else {
            return "The server".to_owned();
        };
        let kind = match (self.kind.as_deref(), self.kind_because.as_deref()) {
            (Some(kind), Some(because)) => format!(" ({kind}: {because})"),
            (Some(kind), None) => format!(" ({kind})"),
            _ => String::new(),
        };
        let database = self.database.as_deref().unwrap_or("all databases");
        format!("{role} in {database}{kind}")
    }

    /// What the advice rests on, and how many calls it would have ended.
    pub fn measured(&self) -> Option<String> {
        let (basis, calls) = (self.basis.as_ref()?, self.calls_seen?);
        let value = self
            .basis_ms
            .map_or_else(String::new, |ms| format!("{}, ", human::ms(ms)));
        let ended = match self.calls_cancelled {
            None => "how many it would have ended is not known".to_owned(),
            Some(0.0) => "none of which it would have ended".to_owned(),
            Some(ended) => {
                let ended = human::count(ended.round());
                format!("about {ended} of which it would have ended")
            }
        };
        let seen = human::count(calls);
        Some(format!("measured: {value}{basis}; {seen} seen, {ended}"))
    }

    /// A value of this setting as people read it.
    pub fn value(&self, value: Option<f64>) -> String {
        match value {
            None => "not known".to_owned(),
            Some(number) if self.setting.ends_with("_count") => human::count(number),
            Some(0.0) => "none".to_owned(),
            Some(ms) => human::ms(ms),
        }
    }
}

fn advice(row: &Row<'_>) -> rusqlite::Result<Advice> {
    let ended: String = row.get("ended")?;
    Ok(Advice {
        role: row.get("role_name")?,
        database: row.get("database_name")?,
        setting: row.get("setting")?,
        now_ms: row.get("now_ms")?,
        advised_ms: row.get("advised_ms")?,
        basis_ms: row.get("basis_ms")?,
        basis: row.get("basis")?,
        calls_seen: row.get("calls_seen")?,
        calls_cancelled: row.get("calls_cancelled")?,
        reason: row.get("reason")?,
        fix: row.get("fix")?,
        undo: row.get("undo")?,
        kind: row.get("kind")?,
        kind_because: row.get("kind_because")?,
        ended: serde_json::from_str(&ended).unwrap_or_default(),
    })
}
