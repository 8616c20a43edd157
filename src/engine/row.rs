//! From a row of a rule's query to a finding.

use std::collections::BTreeSet;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value, json};

use super::finding::{Finding, Location, Subject};
use super::page::Page;
use super::query::Rows;
use super::root::Root;
use super::severity::Severity;
use super::{rank, subject};

/// Columns with a meaning of their own, beside those that name a subject.
pub const COLUMNS: [&str; 13] = [
    "object",
    "detail",
    "severity",
    "confidence",
    "impact_ms_per_hour",
    "reclaim_bytes",
    "fix",
    "undo",
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
];

/// Line of what takes a statement of a migration back.
const BY_STATEMENT: &str = "SELECT b.line FROM migration_statements s
    JOIN migration_statements b ON b.id = s.rolled_back_by WHERE s.id = ?1";

/// The same by an effect of the statement.
const BY_EFFECT: &str = "SELECT b.line FROM migration_effects e
    JOIN migration_statements s ON s.id = e.statement_id
    JOIN migration_statements b ON b.id = s.rolled_back_by WHERE e.id = ?1";

/// A finding and what its key ends with.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub finding: Finding,
    /// Fingerprint of a statement, else the object.
    pub name: String,
    /// The file, as it is told from the root.
    pub path: Option<String>,
}

/// Turns rows into findings; an error is a mistake of the page.
pub(super) fn findings(
    connection: &Connection,
    page: &Page,
    rows: &Rows,
    root: &Root,
) -> Result<Vec<Found>, String> {
    rows.rows
        .iter()
        .map(|row| finding(connection, page, &rows.columns, row, root))
        .collect()
}

fn finding(
    connection: &Connection,
    page: &Page,
    columns: &[String],
    row: &[SqlValue],
    root: &Root,
) -> Result<Found, String> {
    let cells = Cells { columns, row };
    let object = cells.text("object")?.ok_or("a row has no object")?;
    let on = |what: String| format!("{what} (object {object})");
    let detail = cells
        .text("detail")?
        .ok_or_else(|| on("a row has no detail".to_owned()))?;
    let severity = match cells.text("severity")? {
        Some(word) => word
            .parse::<Severity>()
            .map_err(|error| on(format!("severity {error}")))?,
        None => page.severity,
    };
    let confidence = match cells.text("confidence")? {
        Some(word) => word
            .parse()
            .map_err(|error| on(format!("confidence {error}")))?,
        None => super::severity::Confidence::Certain,
    };
    let subject = cells.subject();
    let taken_back = taken_back(connection, subject).map_err(|error| on(error.to_string()))?;
    let detail = detail + &taken_back;
    let mut evidence = cells.evidence();
    let fingerprint = match subject {
        Some(Subject {
            kind: "statement",
            id,
        }) => statement(connection, id, &mut evidence).map_err(|error| on(error.to_string()))?,
        _ => None,
    };
    let impact = cells.number("impact_ms_per_hour")?;
    let reclaim = cells.number("reclaim_bytes")?.map(|bytes| bytes as i64);
    let finding = Finding {
        key: String::new(),
        rule: page.id.clone(),
        severity,
        confidence,
        subject,
        scope: subject::scope(connection, subject).map_err(|error| on(error.to_string()))?,
        detail,
        impact_ms_per_hour: impact,
        reclaim_bytes: reclaim,
        score: rank::score(impact, reclaim),
        fix: cells.text("fix")?,
        undo: cells.text("undo")?,
        location: cells.location()?,
        evidence,
        is_new: true,
        object: object.clone(),
    };
    let file = finding.location.file.as_deref();
    Ok(Found {
        path: file.map(|file| root.relative(file)),
        finding,
        name: fingerprint.unwrap_or(object),
    })
}

/// Adds what identifies a statement; gives its fingerprint.
fn statement(
    connection: &Connection,
    id: i64,
    evidence: &mut Map<String, Value>,
) -> rusqlite::Result<Option<String>> {
    let mut known =
        connection.prepare_cached("SELECT fingerprint, text FROM statements WHERE id = ?1")?;
    let mut rows = known.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let (fingerprint, text): (String, Option<String>) = (row.get(0)?, row.get(1)?);
    let queryids = connection
        .prepare_cached(
            "SELECT DISTINCT queryid FROM statement_counters
             WHERE statement_id = ?1 AND queryid IS NOT NULL",
        )?
        .query_map([id], |row| row.get::<_, i64>(0))?
        .collect::<Result<BTreeSet<_>, _>>()?;
    evidence.insert("query".to_owned(), json!(text));
    evidence.insert("fingerprint".to_owned(), json!(fingerprint));
    evidence.insert("queryids".to_owned(), json!(queryids));
    Ok(Some(fingerprint))
}

/// Of a statement of a migration that the file takes back itself: words that say so.
fn taken_back(connection: &Connection, subject: Option<Subject>) -> rusqlite::Result<String> {
    let query = match subject.map(|subject| subject.kind) {
        Some("migration statement") => BY_STATEMENT,
        Some("migration effect") => BY_EFFECT,
        _ => return Ok(String::new()),
    };
    let line: Option<i64> = connection
        .prepare_cached(query)?
        .query_row([subject.map(|subject| subject.id)], |row| row.get(0))
        .optional()?;
    Ok(line.map_or_else(String::new, |line| {
        format!("; line {line} takes it back afterwards")
    }))
}

/// One row by the names of its columns.
struct Cells<'a> {
    columns: &'a [String],
    row: &'a [SqlValue],
}

impl Cells<'_> {
    fn get(&self, name: &str) -> Option<&SqlValue> {
        let at = self.columns.iter().position(|column| column == name)?;
        self.row.get(at).filter(|value| **value != SqlValue::Null)
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(SqlValue::Text(text)) if text.trim().is_empty() => Ok(None),
            Some(SqlValue::Text(text)) => Ok(Some(text.clone())),
            Some(SqlValue::Integer(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(format!("column `{name}` must be text")),
        }
    }

    fn number(&self, name: &str) -> Result<Option<f64>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(SqlValue::Integer(number)) => Ok(Some(*number as f64)),
            Some(SqlValue::Real(number)) => Ok(Some(*number).filter(|number| number.is_finite())),
            Some(_) => Err(format!("column `{name}` must be a number")),
        }
    }

    fn subject(&self) -> Option<Subject> {
        self.columns.iter().find_map(|column| {
            let kind = subject::kind_of(column)?.kind;
            match self.get(column)? {
                SqlValue::Integer(id) => Some(Subject { kind, id: *id }),
                _ => None,
            }
        })
    }

    fn location(&self) -> Result<Location, String> {
        let integer = |name| Ok::<_, String>(self.number(name)?.map(|number| number as i64));
        Ok(Location {
            file: self.text("file")?,
            line: integer("line")?,
            column: integer("column")?,
            end_line: integer("end_line")?,
            end_column: integer("end_column")?,
        })
    }

    /// Every other column, in the query's order.
    fn evidence(&self) -> Map<String, Value> {
        let own = |name: &str| COLUMNS.contains(&name) || subject::kind_of(name).is_some();
        self.columns
            .iter()
            .zip(self.row)
            .filter(|(name, _)| !own(name))
            .map(|(name, value)| (name.clone(), to_json(value)))
            .collect()
    }
}

/// Numbers stay numbers; the facts' own lists and maps, which are JSON texts, are taken in.
fn to_json(value: &SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(number) => json!(number),
        SqlValue::Real(number) => json!(number),
        SqlValue::Text(text) if text.starts_with(['[', '{']) => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        SqlValue::Text(text) => json!(text),
        SqlValue::Blob(bytes) => json!(String::from_utf8_lossy(bytes)),
    }
}
