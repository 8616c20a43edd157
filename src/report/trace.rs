//! Predictions beside observations, for people and for programs.

use rusqlite::{Connection, Result, Row};
use serde_json::{Value, json};

use super::grid::{Cell, Column, Grid, Look};
use super::json;
use super::server::plural;
use super::style::{Role, Style};
use crate::facts::escape;

/// Statements that were run, with what was predicted and what was seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq)]
struct Statement {
    file: String,
    line: i64,
    command: String,
    duration_ms: Option<f64>,
    is_run: bool,
    predicted_error: Option<String>,
    seen_error: Option<String>,
    seen_message: Option<String>,
    unseen_because: Option<String>,
    differs: Vec<String>,
    relations: Vec<Relation>,
}

#[derive(Debug, Clone, PartialEq)]
struct Relation {
    schema: String,
    name: String,
    kind: String,
    predicted: Deeds,
    seen: Deeds,
    differs: Vec<String>,
}

/// What is done to a relation.
#[derive(Debug, Clone, PartialEq)]
struct Deeds {
    lock: Option<String>,
    /// Rows that are scanned; of a prediction 1: it is scanned.
    rows: Option<i64>,
    is_rewritten: bool,
    builds: i64,
}

impl Trace {
    /// Reads `migration_comparisons`.
    pub fn read(facts: &Connection) -> Result<Self> {
        let mut query = facts.prepare(
            "SELECT f.path, s.line, s.command, o.duration_ms,
                    o.error IS NOT NULL OR o.least_level IS NOT NULL,
                    c.predicted_error, c.seen_error, c.seen_message, c.unseen_because,
                    coalesce(c.differs, ''), s.id
             FROM migration_comparisons c
             JOIN migration_statements s ON s.id = c.statement_id
             JOIN migration_files f ON f.id = s.file_id
             JOIN migration_observations o ON o.statement_id = s.id AND o.name IS NULL
             WHERE c.name IS NULL
             ORDER BY f.chain, f.ordinal, f.id, s.ordinal, s.id",
        )?;
        let mut relations = facts.prepare(
            "SELECT schema, name, kind, predicted_lock, predicted_scan, predicted_rewrite,
                    predicted_build, seen_lock, seen_rows, seen_rewrite, seen_builds,
                    coalesce(differs, '')
             FROM migration_comparisons WHERE statement_id = ?1 AND name IS NOT NULL
             ORDER BY kind = 'index', schema, name",
        )?;
        let statements = query.query_map([], |row| {
            let id: i64 = row.get(10)?;
            let relations = relations.query_map([id], relation)?;
            Ok(Statement {
                file: row.get(0)?,
                line: row.get(1)?,
                command: row.get(2)?,
                duration_ms: row.get(3)?,
                is_run: row.get(4)?,
                predicted_error: row.get(5)?,
                seen_error: row.get(6)?,
                seen_message: row.get(7)?,
                unseen_because: row.get(8)?,
                differs: words(row, 9)?,
                relations: relations.collect::<Result<_>>()?,
            })
        })?;
        let statements = statements.collect::<Result<_>>()?;
        Ok(Self { statements })
    }

    /// Statements in which predictions and observations differ.
    pub fn differing(&self) -> usize {
        self.statements.iter().filter(|said| said.differs()).count()
    }

    /// For a terminal of so many columns.
    pub fn table(&self, style: Style, columns: usize) -> String {
        let mut grid = Grid::new(vec![
            Column::fixed("line"),
            Column::new("statement"),
            Column::new("predicted"),
            Column::new("seen"),
            Column::new("differs"),
        ]);
        let mut file = "";
        for said in &self.statements {
            if said.file != file {
                file = &said.file;
                grid.push(row("", Role::Strong, &escape::line(file), "", "", &[]));
            }
            let predicted = said.predicted_error.as_deref();
            let predicted = predicted.map_or(String::new(), |code| format!("fails: {code}"));
            let line = said.line.to_string();
            let seen = said.seen_words();
            grid.push(row(
                &line,
                Role::Code,
                &said.command,
                &predicted,
                &seen,
                &said.differs,
            ));
            for relation in &said.relations {
                let name = format!("  {}", relation.shown());
                let (predicted, seen) =
                    (relation.predicted.words(true), relation.seen.words(false));
                grid.push(row(
                    "",
                    Role::Plain,
                    &name,
                    &predicted,
                    &seen,
                    &relation.differs,
                ));
            }
        }
        let mut out = grid.draw(style, Look::Ruled, columns);
        let run = self.statements.iter().filter(|said| said.is_run).count();
        let mut last = format!("{} run", plural(run, "statement"));
        if run < self.statements.len() {
            last += &format!(", {} not run", self.statements.len() - run);
        }
        last += &match self.differing() {
            0 => ": all as predicted".to_owned(),
            differing => format!(": {differing} not as predicted"),
        };
        out += &format!("{last}\n");
        out
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let statements = self.statements.iter().map(|said| {
            json!({
                "file": said.file,
                "line": said.line,
                "command": said.command,
                "is_run": said.is_run,
                "duration_ms": said.duration_ms,
                "predicted_error": said.predicted_error,
                "seen_error": said.seen_error,
                "seen_message": said.seen_message,
                "unseen_because": said.unseen_because,
                "differs": said.differs,
                "relations": said.relations.iter().map(Relation::json).collect::<Vec<_>>(),
            })
        });
        json::text(&json!({
            "format": json::FORMAT,
            "tool": json::tool(),
            "statements": statements.collect::<Vec<_>>(),
            "differing": self.differing(),
        }))
    }
}

impl Statement {
    fn differs(&self) -> bool {
        !self.differs.is_empty() || self.relations.iter().any(|it| !it.differs.is_empty())
    }

    fn seen_words(&self) -> String {
        match (&self.seen_error, &self.seen_message, &self.unseen_because) {
            (Some(code), message, _) => {
                let message = escape::line(message.as_deref().unwrap_or_default());
                format!("fails: {code} {message}")
            }
            (None, _, Some(because)) => escape::line(because).into_owned(),
            (None, _, None) => String::new(),
        }
    }
}

impl Relation {
    fn shown(&self) -> String {
        let name = match self.schema.as_str() {
            "public" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        };
        let kind = match self.kind.as_str() {
            "table" => String::new(),
            kind => format!(" ({kind})"),
        };
        escape::line(&format!("{name}{kind}")).into_owned()
    }

    fn json(&self) -> Value {
        json!({
            "schema": self.schema,
            "name": self.name,
            "kind": self.kind,
            "predicted": {
                "lock": self.predicted.lock,
                "scan": self.predicted.rows == Some(1),
                "rewrite": self.predicted.is_rewritten,
                "build": self.predicted.builds > 0,
            },
            "seen": {
                "lock": self.seen.lock,
                "scanned_rows": self.seen.rows,
                "rewritten": self.seen.is_rewritten,
                "built_indexes": self.seen.builds,
            },
            "differs": self.differs,
        })
    }
}

impl Deeds {
    fn words(&self, is_prediction: bool) -> String {
        let mut words: Vec<String> = self.lock.iter().cloned().collect();
        match self.rows {
            Some(rows) if rows > 0 && is_prediction => words.push("scan".to_owned()),
            Some(rows) if rows > 0 => {
                words.push(format!("scan of {}", plural(rows as usize, "row")));
            }
            _ => {}
        }
        if self.is_rewritten {
            words.push("rewrite".to_owned());
        }
        match self.builds {
            0 => {}
            _ if is_prediction => words.push("index build".to_owned()),
            1 => words.push("1 index built".to_owned()),
            builds => words.push(format!("{builds} indexes built")),
        }
        words.join(", ")
    }
}

fn relation(row: &Row) -> Result<Relation> {
    Ok(Relation {
        schema: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        predicted: Deeds {
            lock: row.get(3)?,
            rows: row.get(4)?,
            is_rewritten: row.get(5)?,
            builds: row.get(6)?,
        },
        seen: Deeds {
            lock: row.get(7)?,
            rows: row.get(8)?,
            is_rewritten: row.get(9)?,
            builds: row.get(10)?,
        },
        differs: words(row, 11)?,
    })
}

fn words(row: &Row, at: usize) -> Result<Vec<String>> {
    let text: String = row.get(at)?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

fn row(
    line: &str,
    role: Role,
    statement: &str,
    predicted: &str,
    seen: &str,
    differs: &[String],
) -> Vec<Cell> {
    vec![
        Cell::new(Role::Dim, line),
        Cell::new(role, statement),
        Cell::new(Role::Plain, predicted),
        Cell::new(Role::Plain, seen),
        Cell::new(Role::Error, differs.join(", ")),
    ]
}
