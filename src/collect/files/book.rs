//! Statements of files, each written down once.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::error::FilesError;
use super::load::Loader;
use crate::collect::statements::LONGER_LIST;
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
        let longest = text.and_then(parse::longest_list).map(|count| count as i64);
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
            facts.execute(LONGER_LIST, rusqlite::params![longest, id])?;
            return Ok(id);
        }
        let text = text.map(|text| {
            if loader.literals {
                text.to_owned()
            } else {
                parse::redact_statement(text)
            }
        });
        facts.execute(
            "INSERT INTO statements (database_id, fingerprint, text, longest_list) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![database, key.1, text, longest],
        )?;
        let id = facts.last_insert_rowid();
        self.by_fingerprint.insert(key, id);
        Ok(id)
    }
}
