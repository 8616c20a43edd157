//! A schema file, as facts.

use rusqlite::Connection;

use super::catalog::Catalog;
use super::read::statement;
use crate::parse::item::{Ending, ItemKind};
use crate::parse::split::split;

/// A statement of a file that could not be read, or not be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its first line, counted from 1.
    pub line: usize,
    /// Its first words.
    pub statement: String,
    /// Why.
    pub reason: String,
}

/// Major version that is imitated where nothing tells one.
const NEWEST: u32 = 18;

/// Most characters of a statement that [`Unread`] shows.
const SHOWN: usize = 60;

/// Reads a schema, as `pg_dump -s` writes it or a hand does, and writes the facts of the catalog
/// that it makes, as a server would tell them. What could not be read is given back.
///
/// The major version is that of the dump, or else of the server that the facts are of: catalogs
/// differ between versions.
pub fn schema(facts: &Connection, database_id: i64, script: &str) -> rusqlite::Result<Vec<Unread>> {
    let major = match version_in(script, "-- Dumped from database version ") {
        Some(major) => major,
        None => facts.query_row(
            "SELECT coalesce(max(version_num) / 10000, ?1) FROM nodes",
            [NEWEST],
            |row| row.get(0),
        )?,
    };
    // What a dump says of public is what differs from the defaults of its program.
    let program = version_in(script, "-- Dumped by pg_dump version ");
    let mut catalog = Catalog::new(major, program.unwrap_or(major) < 15);
    let mut unread = Vec::new();
    for item in split(script) {
        if item.kind != ItemKind::Sql || item.ending == Ending::Discarded {
            continue;
        }
        let text = item.text(script);
        let done = statement(&text).and_then(|statement| catalog.apply(&statement));
        if let Err(reason) = done {
            unread.push(Unread {
                line: item.first.line,
                statement: beginning(&text),
                reason,
            });
        }
    }
    catalog.write(facts, database_id)?;
    Ok(unread)
}

/// The first words of a statement, in one line.
fn beginning(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_whitespace() {
        let next = shown.chars().count() + word.chars().count();
        if next > SHOWN {
            if shown.is_empty() {
                shown.extend(word.chars().take(SHOWN));
            }
            shown.push('…');
            break;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    shown
}

/// The major version that a dump names after these words.
fn version_in(script: &str, words: &str) -> Option<u32> {
    let lines = script.lines().take(40);
    let mut versions = lines.filter_map(|line| line.strip_prefix(words));
    let version = versions.next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
