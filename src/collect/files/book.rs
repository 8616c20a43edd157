//! Statements of files, each written down once.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::error::FilesError;
use super::load::Loader;
use crate::collect::statements::{further_text, new_statement};
use crate::parse;

/// Statements that are written down.
#[derive(Debug, Default)]
pub struct Book {
    by_fingerprint: HashMap<(i64, String), i64>,
}

impl Book {
    /// Our id of a statement. One without a text is kept apart by its identifier.
    pub fn statement(
        &mut self,
        loader: &Loader<'_>,
        database: i64,
        text: Option<&str>,
        otherwise: &str,
    ) -> Result<i64, FilesError> {
        let fingerprint = text.map_or_else(
            || otherwise.to_owned(),
            |text| parse::fingerprint(text).to_string(),
        );
        let key = (database, fingerprint);
        let facts = loader.facts;
        let known = match self.by_fingerprint.get(&key) {
            Some(id) => Some(*id),
            None => facts
                .query_row(
                    "SELECT id FROM statements WHERE database_id = ?1 AND fingerprint = ?2",
                    rusqlite::params![key.0, key.1],
                    |row| row.get(0),
                )
                .optional()?,
        };
        if let Some(id) = known {
            further_text(facts, id, text)?;
            return Ok(id);
        }
        let id = new_statement(facts, database, &key.1, text, loader.literals)?;
        self.by_fingerprint.insert(key, id);
        Ok(id)
    }
}
