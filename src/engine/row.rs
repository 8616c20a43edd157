//! From a row of a rule's query to a finding.

use std::collections::BTreeSet;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value, json};

use super::finding::{Finding, Location, Subject};
use super::page::Page;
use super::query::Rows;
use super::rank;
use super::root::Root;
use super::severity::Severity;
use super::subject::{self, Scopes};

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
    rows: Rows,
    root: &Root,
) -> Result<Vec<Found>, String> {
    let mut scopes = Scopes::new(connection);
    let columns = Columns::new(rows.columns);
    let rows = rows.rows.into_iter();
    rows.map(|row| finding(&mut scopes, page, &columns, row, root))
        .collect()
}

fn finding(
    scopes: &mut Scopes<'_>,
    page: &Page,
    columns: &Columns,
    row: Vec<SqlValue>,
    root: &Root,
) -> Result<Found, String> {
    let mut cells = Cells { columns, row };
    let subject = cells.subject();
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
    let impact = cells.number("impact_ms_per_hour")?;
    let reclaim = cells.number("reclaim_bytes")?.map(|bytes| bytes as i64);
    let (fix, undo) = (cells.text("fix")?, cells.text("undo")?);
    let location = cells.location()?;
    let taken_back =
        taken_back(scopes.connection, subject).map_err(|error| on(error.to_string()))?;
    let detail = detail + &taken_back;
    let mut evidence = cells.evidence();
    let fingerprint = match subject {
        Some(Subject {
            kind: "statement",
            id,
        }) => statement(scopes.connection, id, &mut evidence)
            .map_err(|error| on(error.to_string()))?,
        _ => None,
    };
    let finding = Finding {
        key: String::new(),
        rule: page.id.clone(),
        severity,
        confidence,
        subject,
        scope: scopes.of(subject).map_err(|error| on(error.to_string()))?,
        detail,
        impact_ms_per_hour: impact,
        reclaim_bytes: reclaim,
        score: rank::score(impact, reclaim),
        fix,
        undo,
        location,
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

/// The names of a query's columns.
struct Columns {
    names: Vec<String>,
    /// Those with a meaning of their own, by their places in [`COLUMNS`].
    places: [Option<usize>; COLUMNS.len()],
    /// Those that name a subject.
    subjects: Vec<(usize, &'static str)>,
    /// Those that are evidence.
    evidence: Vec<usize>,
}

impl Columns {
    fn new(names: Vec<String>) -> Self {
        let places = COLUMNS.map(|own| names.iter().position(|name| name == own));
        let kinds = names.iter().enumerate();
        let subjects: Vec<_> = kinds
            .filter_map(|(at, name)| Some((at, subject::kind_of(name)?.kind)))
            .collect();
        let evidence = (0..names.len()).filter(|at| {
            let is_own = COLUMNS.contains(&names[*at].as_str());
            !is_own && subjects.iter().all(|(subject, _)| subject != at)
        });
        Self {
            places,
            evidence: evidence.collect(),
            subjects,
            names,
        }
    }
}

/// One row by the names of its columns. Texts are taken out of it.
struct Cells<'a> {
    columns: &'a Columns,
    row: Vec<SqlValue>,
}

impl Cells<'_> {
    fn take(&mut self, name: &str) -> SqlValue {
        let own = COLUMNS.iter().position(|own| *own == name);
        let cell = own
            .and_then(|own| self.columns.places[own])
            .and_then(|at| self.row.get_mut(at));
        cell.map_or(SqlValue::Null, |cell| {
            std::mem::replace(cell, SqlValue::Null)
        })
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.take(name) {
            SqlValue::Null => Ok(None),
            SqlValue::Text(text) if text.trim().is_empty() => Ok(None),
            SqlValue::Text(text) => Ok(Some(text)),
            SqlValue::Integer(number) => Ok(Some(number.to_string())),
            _ => Err(format!("column `{name}` must be text")),
        }
    }

    fn number(&mut self, name: &str) -> Result<Option<f64>, String> {
        match self.take(name) {
            SqlValue::Null => Ok(None),
            SqlValue::Integer(number) => Ok(Some(number as f64)),
            SqlValue::Real(number) => Ok(Some(number).filter(|number| number.is_finite())),
            _ => Err(format!("column `{name}` must be a number")),
        }
    }

    fn subject(&self) -> Option<Subject> {
        let mut subjects = self.columns.subjects.iter();
        subjects.find_map(|(at, kind)| match self.row.get(*at)? {
            SqlValue::Integer(id) => Some(Subject { kind, id: *id }),
            _ => None,
        })
    }

    fn location(&mut self) -> Result<Location, String> {
        let mut integer = |name| Ok::<_, String>(self.number(name)?.map(|number| number as i64));
        let (line, column) = (integer("line")?, integer("column")?);
        let (end_line, end_column) = (integer("end_line")?, integer("end_column")?);
        Ok(Location {
            file: self.text("file")?,
            line,
            column,
            end_line,
            end_column,
        })
    }

    /// Every other column, in the query's order.
    fn evidence(&mut self) -> Map<String, Value> {
        let evidence = self.columns.evidence.iter().map(|at| {
            let cell = std::mem::replace(&mut self.row[*at], SqlValue::Null);
            (self.columns.names[*at].clone(), to_json(cell))
        });
        evidence.collect()
    }
}

/// Numbers stay numbers; the facts' own lists and maps, which are JSON texts, are taken in.
fn to_json(value: SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(number) => json!(number),
        SqlValue::Real(number) => json!(number),
        SqlValue::Text(text) if text.starts_with(['[', '{']) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        SqlValue::Text(text) => Value::String(text),
        SqlValue::Blob(bytes) => json!(String::from_utf8_lossy(&bytes)),
    }
}
