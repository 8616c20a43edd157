//! Safe forms of what migrations do, as facts.

use std::ops::Range;

use rusqlite::{Connection, Result, Row, params};

use super::case::Case;
use super::recipe::{FORMS, recipe};
use super::step::Rewrite;
use super::words::Words;

/// Columns of an effect and its statement that recipes go by.
const COLUMNS: &str =
    "e.id, e.form, e.schema, e.name, e.kind, e.relation_id, e.column_name, e.object_name,
      e.details, e.line, e.\"column\", e.end_line, e.end_column, s.text, s.line, s.\"column\"
    FROM migration_effects e
    JOIN migration_statements s ON s.id = e.statement_id
    JOIN migration_files f ON f.id = s.file_id
    WHERE f.is_judged AND s.direction = 'up' AND s.parent_id IS NULL AND NOT s.is_rolled_back";

/// Writes, for each effect that harms and that could be had without its harm, the statements that
/// do that. `major` is the version of the server, where it is known.
///
/// # Errors
/// Where the facts cannot be read or written.
pub fn rewrites(facts: &Connection, major: Option<u32>) -> Result<()> {
    let mut write = facts.prepare(
        "INSERT OR IGNORE INTO migration_rewrites (effect_id, step, migration, in_transaction, sql, undo, note,
           is_mechanical) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let query = format!(
        "SELECT {COLUMNS} AND e.form = ?1 AND e.part = ?2 AND e.made_in IS NULL ORDER BY e.id"
    );
    let mut by_form = facts.prepare(&query)?;
    for (form, part, recipe) in FORMS {
        let mut rows = by_form.query([form, part])?;
        while let Some(row) = rows.next()? {
            let (id, text) = (row.get(0)?, row.get::<_, String>(13)?);
            let Some(case) = read(facts, major, row, &text)? else {
                continue;
            };
            if let Some(rewrite) = recipe(&case)? {
                insert(&mut write, id, &rewrite)?;
            }
        }
    }
    let query = format!("SELECT {COLUMNS} AND e.error = ?1 ORDER BY e.id");
    let mut by_error = facts.prepare(&query)?;
    for error in ["25001", "55P04"] {
        let Some(recipe) = recipe(error) else {
            continue;
        };
        let mut rows = by_error.query([error])?;
        while let Some(row) = rows.next()? {
            let (id, text) = (row.get(0)?, row.get::<_, String>(13)?);
            if let Some(case) = read(facts, major, row, &text)?
                && let Some(rewrite) = recipe(&case)?
            {
                insert(&mut write, id, &rewrite)?;
            }
        }
    }
    Ok(())
}

fn insert(write: &mut rusqlite::Statement, effect: i64, rewrite: &Rewrite) -> Result<()> {
    for (n, step) in rewrite.steps.iter().enumerate() {
        write.execute(params![
            effect,
            n as i64 + 1,
            step.migration,
            step.in_transaction,
            step.sql,
            step.undo,
            step.note,
            rewrite.is_mechanical,
        ])?;
    }
    Ok(())
}

fn read<'a>(
    facts: &'a Connection,
    major: Option<u32>,
    row: &Row,
    text: &'a str,
) -> Result<Option<Case<'a>>> {
    let base = (row.get(14)?, row.get(15)?);
    let from = byte_at(text, base, (row.get(9)?, row.get(10)?));
    let to = byte_at(text, base, (row.get(11)?, row.get(12)?));
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(None);
    };
    // The effect of a statement without a list of actions points to its first character.
    let span = if from + 1 < to {
        from..to
    } else {
        0..text.len()
    };
    Ok(Some(Case {
        facts,
        major,
        statement: Words::new(text),
        action: Words::new(trimmed(text, &span)),
        span,
        form: row.get(1)?,
        schema: row.get(2)?,
        name: row.get(3)?,
        kind: row.get(4)?,
        relation_id: row.get(5)?,
        column: row.get(6)?,
        object: row.get(7)?,
        details: serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default(),
    }))
}

fn trimmed<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    text.get(span.clone()).unwrap_or(text).trim_end()
}

/// The byte of a line and column, both counted from 1 in the file, in a text that begins at `base`.
fn byte_at(text: &str, base: (usize, usize), at: (usize, usize)) -> Option<usize> {
    let lines = at.0.checked_sub(base.0)?;
    let column = at.1.checked_sub(if lines == 0 { base.1 } else { 1 })?;
    let mut start = 0;
    for _ in 0..lines {
        start += text[start..].find('\n')? + 1;
    }
    let mut chars = text[start..].char_indices().map(|(byte, _)| start + byte);
    Some(chars.nth(column).unwrap_or(text.len()))
}
