//! Statements of a file, and what stands in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::{Connection, Result};

use super::text::Lines;
use crate::advise::migration::case::list_start;
use crate::advise::migration::words::Words;

/// What stands in place of a statement, or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The statement, without its semicolon.
    pub sql: String,
    /// What takes it back.
    pub undo: Option<String>,
    /// It cannot run in a transaction.
    pub is_outside: bool,
    /// How many transactions have to be over before it.
    pub stage: i64,
}

/// A statement of a file.
#[derive(Debug)]
pub struct Statement {
    pub line: usize,
    /// Its bytes in the file, with the semicolon.
    pub bytes: Range<usize>,
    pub text: String,
    /// Comments right above it and behind it, one a line.
    pub comments: String,
    /// Its bytes with those.
    pub whole: Range<usize>,
    pub command: String,
    /// The transaction that it runs in, and who began that.
    pub block: Option<(i64, String)>,
    /// What it works on.
    pub objects: BTreeSet<String>,
    /// What it does is not known in full.
    pub is_opaque: bool,
    /// What stands in its place; none: it stays as it is.
    pub pieces: Option<Vec<Piece>>,
}

/// Kinds of objects that no statement has to wait for.
const LOOSE: [&str; 3] = ["setting", "session", "transaction"];

/// Statements that migrate, in order. `wanted` are effects whose safe form is to be written.
pub fn statements(
    facts: &Connection,
    file: i64,
    text: &str,
    part_start: &dyn Fn(usize) -> usize,
    wanted: &BTreeSet<i64>,
) -> Result<Vec<Statement>> {
    let lines = Lines::new(text);
    let mut query = facts.prepare_cached(
        "SELECT id, command, text, line, \"column\", end_line, end_column, transaction_id, transaction_by,
           coalesce(unread_because, opaque_because) IS NOT NULL
         FROM migration_statements WHERE file_id = ?1 AND direction = 'up' AND parent_id IS NULL
         ORDER BY ordinal",
    )?;
    let mut rows = query.query([file])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let start = lines.byte(row.get(3)?, row.get(4)?);
        let end = lines.byte(row.get(5)?, row.get(6)?);
        let (Some(start), Some(end)) = (start, end) else {
            continue;
        };
        let id = row.get(0)?;
        let written: String = row.get(2)?;
        let block = match (row.get(7)?, row.get::<_, Option<String>>(8)?) {
            (Some(block), by) => Some((block, by.unwrap_or_default())),
            (None, _) => None,
        };
        let pieces = pieces(facts, id, &lines, start, &written, wanted)?;
        let bytes = start..lines.after_semicolon(end);
        let above = lines.comments_above(start, part_start(start));
        let whole = above..lines.comment_behind(bytes.end);
        let comments = [&text[above..start], &text[bytes.end..whole.end]];
        let comments = comments.map(str::trim).join("\n");
        found.push(Statement {
            line: row.get(3)?,
            comments: comments.trim().to_owned(),
            whole: lines.whole_lines(whole),
            bytes,
            command: row.get(1)?,
            block,
            objects: objects(facts, id)?,
            is_opaque: row.get(9)?,
            pieces,
            text: written,
        });
    }
    Ok(found)
}

fn objects(facts: &Connection, statement: i64) -> Result<BTreeSet<String>> {
    let mut query = facts.prepare_cached(
        "SELECT coalesce(schema, 'public') || '.' || name, kind FROM migration_effects
         WHERE statement_id IN (SELECT id FROM migration_statements WHERE id = ?1 OR parent_id = ?1)",
    )?;
    let mut rows = query.query([statement])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        if !LOOSE.contains(&kind.as_str()) {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// What stands in place of a statement, if some of its effects are wanted safe.
fn pieces(
    facts: &Connection,
    statement: i64,
    lines: &Lines,
    start: usize,
    written: &str,
    wanted: &BTreeSet<i64>,
) -> Result<Option<Vec<Piece>>> {
    let mut query = facts.prepare_cached(
        "SELECT e.id, e.line, e.\"column\", e.end_line, e.end_column, w.sql, w.undo, w.in_transaction,
           w.migration
         FROM migration_effects e JOIN migration_rewrites w ON w.effect_id = e.id
         WHERE e.statement_id = ?1 AND w.is_mechanical ORDER BY e.id, w.step",
    )?;
    let mut rows = query.query([statement])?;
    // Of effects of one action the first stands for all.
    let mut actions: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let mut found: Vec<Piece> = Vec::new();
    while let Some(row) = rows.next()? {
        let effect: i64 = row.get(0)?;
        if !wanted.contains(&effect) {
            continue;
        }
        let from = lines.byte(row.get(1)?, row.get(2)?);
        let to = lines.byte(row.get(3)?, row.get(4)?);
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let span = (from.saturating_sub(start), to.saturating_sub(start));
        if *actions.entry(span).or_insert(effect) != effect {
            continue;
        }
        found.push(Piece {
            sql: row.get(5)?,
            undo: row.get(6)?,
            is_outside: !row.get::<_, bool>(7)?,
            stage: row.get::<_, i64>(8)? - 1,
        });
    }
    if found.is_empty() {
        return Ok(None);
    }
    found.sort_by_key(|piece| piece.stage);
    if let Some(rest) = rest(written, actions.keys()) {
        let rest = Piece {
            sql: rest,
            undo: None,
            is_outside: false,
            stage: 0,
        };
        found.insert(0, rest);
    }
    Ok(Some(found))
}

/// What is left of a list of actions or names without some of them.
fn rest<'a>(text: &str, cut: impl Iterator<Item = &'a (usize, usize)>) -> Option<String> {
    let cut: Vec<&(usize, usize)> = cut.collect();
    let words = Words::new(text);
    let first = list_start(&words)?;
    let parts = words.parts(first..words.len());
    let stays = parts.iter().filter(|part| {
        let (start, end) = (words.start(part.start), words.end(part.end - 1));
        !cut.iter()
            .any(|(from, to)| *from < end && start < (*to).max(from + 1))
    });
    let stays: Vec<&str> = stays.map(|part| words.slice(part.clone())).collect();
    if stays.is_empty() || stays.len() == parts.len() {
        return None;
    }
    Some(format!("{} {}", words.slice(0..first), stays.join(", ")))
}
