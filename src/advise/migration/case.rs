//! An action and what facts know of its object: what a recipe goes by.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Result};
use serde_json::{Map, Value};

use super::words::Words;
use crate::facts::quote;

/// An action of a statement that harms, and its object.
pub(super) struct Case<'a> {
    pub facts: &'a Connection,
    /// Major version, where it is known.
    pub major: Option<u32>,
    /// The whole statement.
    pub statement: Words<'a>,
    /// The action, as it was written.
    pub action: Words<'a>,
    /// Its bytes in the statement.
    pub span: Range<usize>,
    pub form: String,
    pub schema: Option<String>,
    pub name: String,
    pub kind: String,
    pub relation_id: Option<i64>,
    pub column: Option<String>,
    /// Constraint, index or value.
    pub object: Option<String>,
    pub details: Map<String, Value>,
}

/// Where the list of actions of an `ALTER` begins, or that of the names of a `DROP`.
pub(super) fn list_start(words: &Words) -> Option<usize> {
    if words.are(0, "alter") {
        let name = words.after_name(name_at(words));
        return Some(name + usize::from(words.word(name) == "*"));
    }
    if words.are(0, "drop index") {
        let mut at = 2;
        if words.are(at, "concurrently") {
            at += 1;
        }
        return Some(if words.are(at, "if exists") {
            at + 2
        } else {
            at
        });
    }
    None
}

/// Where the name of an `ALTER`'s object begins.
fn name_at(words: &Words) -> usize {
    let mut at = 1;
    for known in [
        "foreign",
        "materialized",
        "table",
        "index",
        "view",
        "domain",
        "type",
        "sequence",
    ] {
        if words.are(at, known) {
            at += 1;
        }
    }
    if words.are(at, "if exists") {
        at += 2;
    }
    if words.are(at, "only") {
        at += 1;
    }
    at
}

impl Case<'_> {
    /// The beginning of an `ALTER`, up to its first action: as it was written.
    pub fn head(&self) -> &str {
        let from = name_at(&self.statement);
        let mut end = self.statement.after_name(from);
        if self.statement.word(end) == "*" {
            end += 1;
        }
        self.statement.slice(0..end)
    }

    /// The object of an `ALTER`, as it was written.
    pub fn table(&self) -> &str {
        let from = name_at(&self.statement);
        self.statement.slice(from..self.statement.after_name(from))
    }

    /// The object, with its schema where that was known.
    pub fn object_name(&self) -> String {
        match &self.schema {
            Some(schema) if schema != "public" => quote::name(schema, &self.name),
            _ => quote::ident(&self.name),
        }
    }

    /// The beginning of the statement with another action.
    pub fn alter(&self, action: &str) -> String {
        format!("{} {action}", self.head())
    }

    /// The statement with another text of this action, if it has no other; else one of its own.
    pub fn with_action(&self, action: &str) -> String {
        let text = self.statement.text;
        let (before, after) = (&text[..self.span.start], &text[self.span.end..]);
        let alone = before.trim_end() == self.head() && after.trim().is_empty();
        if alone {
            format!("{before}{action}{after}").trim_end().to_owned()
        } else {
            format!("{} {action}", self.head())
        }
    }

    /// A text of the details.
    pub fn detail(&self, key: &str) -> Option<&str> {
        self.details.get(key)?.as_str()
    }

    /// Texts of the details.
    pub fn details(&self, key: &str) -> Vec<&str> {
        let list = self.details.get(key).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether the server is known to have what came with a version.
    pub fn has(&self, since: u32) -> bool {
        self.major.is_some_and(|major| major >= since)
    }

    pub fn is_partitioned(&self) -> bool {
        self.kind == "partitioned table"
    }

    /// What a query about the relation tells, where facts know it.
    pub fn ask<T: rusqlite::types::FromSql>(&self, query: &str) -> Result<Option<T>> {
        let Some(id) = self.relation_id else {
            return Ok(None);
        };
        let mut statement = self.facts.prepare_cached(query)?;
        let found = statement.query_row([id], |row| row.get::<_, Option<T>>(0));
        Ok(found.optional()?.flatten())
    }

    /// Columns of the primary key.
    pub fn primary_key(&self) -> Result<Vec<String>> {
        let query = "SELECT columns FROM constraints
            WHERE relation_id = ?1 AND kind = 'primary key'";
        let list: Option<String> = self.ask(query)?;
        let names = list.and_then(|list| serde_json::from_str(&list).ok());
        Ok(names.unwrap_or_default())
    }
}
