//! Estimates as facts.

use rusqlite::{Connection, params};

use super::fallback::Rough;
use crate::collect::error::CollectError;
use crate::derive::bloat::Need;

/// A row of `bloat_estimates`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Estimate {
    pub database: i64,
    pub relation: i64,
    pub index: Option<i64>,
    pub kind: &'static str,
    pub size_bytes: i64,
    pub bloat_bytes: Option<i64>,
    pub plus_minus_bytes: Option<i64>,
    pub method: &'static str,
    /// Blocks read, blocks there are, rows read.
    pub read: Option<(i64, i64, i64)>,
    pub padding_bytes: Option<i64>,
    pub elapsed_ms: Option<f64>,
}

impl Estimate {
    /// Of the table itself, nothing known yet.
    pub fn of(database: i64, relation: i64, size_bytes: i64) -> Self {
        Self {
            database,
            relation,
            index: None,
            kind: "table",
            size_bytes,
            bloat_bytes: None,
            plus_minus_bytes: None,
            method: "none",
            read: None,
            padding_bytes: None,
            elapsed_ms: None,
        }
    }

    /// The same of its TOAST table.
    pub fn toast(&self, size_bytes: i64) -> Self {
        Self {
            kind: "toast",
            size_bytes,
            padding_bytes: None,
            ..self.clone()
        }
    }

    /// The same of one of its indexes.
    pub fn index(&self, index: i64, size_bytes: i64) -> Self {
        Self {
            kind: "index",
            index: Some(index),
            size_bytes,
            padding_bytes: None,
            ..self.clone()
        }
    }

    /// With what a sample said.
    pub fn with(mut self, need: &Need, method: &'static str) -> Self {
        let bloat = need.bloat(self.size_bytes);
        self.bloat_bytes = Some(bloat.bytes);
        self.plus_minus_bytes = Some(bloat.plus_minus);
        self.method = method;
        self
    }

    /// With what was had in its place.
    pub fn with_rough(mut self, rough: &Rough) -> Self {
        self.size_bytes = rough.size_bytes;
        self.bloat_bytes = rough.bloat_bytes;
        self.plus_minus_bytes = None;
        self.method = rough.method;
        self
    }

    /// Writes it.
    pub fn book(&self, facts: &Connection) -> Result<(), CollectError> {
        facts.execute(
            "INSERT INTO bloat_estimates (database_id, relation_id, index_id, kind, size_bytes, bloat_bytes,
               plus_minus_bytes, method, blocks_read, blocks, rows_read, padding_bytes, elapsed_ms, estimated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, (SELECT at FROM clock))",
            params![
                self.database,
                self.relation,
                self.index,
                self.kind,
                self.size_bytes,
                self.bloat_bytes,
                self.plus_minus_bytes,
                self.method,
                self.read.map(|read| read.0),
                self.read.map(|read| read.1),
                self.read.map(|read| read.2),
                self.padding_bytes,
                self.elapsed_ms,
            ],
        )?;
        Ok(())
    }
}
