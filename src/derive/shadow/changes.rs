//! What migrations make of a shadow: indexes and constraints that go and come, columns of another type.
//!
//! Statements of migrations are never run as they stand: what is run is put together from what they do. Rows at the
//! ends of columns become values of a new type by way of their text, else they go: no expression of a USING is run.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::script::{File, Metapage, Script, Statement};
use super::sizes::{Figures, update};
use super::statistics::Slot;
use crate::facts::quote;

/// Most common values and their shares (`STATISTIC_KIND_MCV`).
const COMMON: i64 = 1;

/// What migrations change of the original, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Statements, and for people where they come from.
    pub statements: Vec<Statement>,
    /// Columns that have another type.
    pub retyped: Vec<Retyped>,
    /// Indexes that are made.
    pub made: Vec<MadeIndex>,
    /// Schema and name of indexes that go.
    pub gone: HashSet<(String, String)>,
    /// `search_path` under which the statements name things.
    pub search_path: String,
}

/// A column that has another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retyped {
    /// `relations.id`.
    pub relation: i64,
    /// The column.
    pub column: String,
    /// What stays of its statistics.
    pub keeps: Keeps,
}

/// What stays of the statistics of a column under its new type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// All: values are the same and stand in the same order.
    All,
    /// The values, but not their order.
    Values,
    /// Nothing is known of the new values.
    Nothing,
}

/// An index that is made, with the size that it will have.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeIndex {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// `relations.id` of its table.
    pub relation: i64,
    /// Length, bytes.
    pub bytes: u64,
    /// Pages.
    pub pages: u64,
    /// Entries.
    pub rows: f64,
    /// B-tree: level of its root.
    pub height: u32,
    /// What else the planner reads from its file.
    pub metapage: Option<Metapage>,
}

impl Changes {
    /// Columns of a table that have another type.
    pub(super) fn retyped(&self, relation: i64) -> impl Iterator<Item = &str> {
        let columns = self.retyped.iter();
        columns
            .filter(move |column| column.relation == relation)
            .map(|column| column.column.as_str())
    }
}

impl Retyped {
    /// What is run for `ALTER COLUMN … TYPE` of a table, as SQL names it.
    /// Foreign keys are taken to hold, since the rows at the ends of columns need not meet them.
    pub fn statement(&self, table: &str, to: &str, has_default: bool) -> Statement {
        let name = quote::literal(table);
        let column = quote::ident(&self.column);
        let keys = |valid: bool| {
            format!(
                "UPDATE pg_catalog.pg_constraint SET convalidated = {valid} WHERE contype = 'f' \
                 AND pg_catalog.to_regclass({name}) IN (conrelid, confrelid)"
            )
        };
        let default = if has_default {
            format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT; ")
        } else {
            String::new()
        };
        let through = match self.keeps {
            Keeps::Nothing => format!("DELETE FROM {table}; "),
            Keeps::All | Keeps::Values => String::new(),
        };
        Statement {
            sql: format!(
                "{}; {default}{through}ALTER TABLE {table} ALTER COLUMN {column} TYPE {to} \
                 USING {column}::pg_catalog.text::{to}; {}",
                keys(false),
                keys(true)
            ),
            object: format!("{table}.{column} as {to}"),
            relations: vec![self.relation],
        }
    }
}

/// Positions of the columns of a database that have another type, by table.
pub(super) fn positions(
    facts: &Connection,
    changes: &Changes,
) -> Result<HashMap<(i64, i64), Keeps>> {
    let mut found = HashMap::new();
    let sql =
        "SELECT position FROM columns WHERE relation_id = ?1 AND name = ?2 AND NOT is_dropped";
    for column in &changes.retyped {
        let position: Option<i64> = facts
            .query_row(
                sql,
                rusqlite::params![column.relation, column.column],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(position) = position {
            let kept = found
                .entry((column.relation, position))
                .or_insert(column.keeps);
            if column.keeps != Keeps::All && *kept != Keeps::Nothing {
                *kept = column.keeps;
            }
        }
    }
    Ok(found)
}

/// Slots of a column under a new type: operators and collations are those of the type.
pub(super) fn kept(slots: Vec<Slot>, keeps: Keeps) -> Vec<Slot> {
    let slots = slots.into_iter().filter(|slot| match keeps {
        Keeps::All => true,
        Keeps::Values => slot.kind == COMMON,
        Keeps::Nothing => false,
    });
    slots
        .map(|slot| Slot {
            operator: None,
            collation: None,
            ..slot
        })
        .collect()
}

/// Adds the statements, and the sizes of what they make.
pub(super) fn make(changes: &Changes, script: &mut Script) {
    if changes.statements.is_empty() {
        return;
    }
    script.changes.push(Statement {
        sql: format!(
            "SELECT pg_catalog.set_config('search_path', {}, false)",
            quote::literal(&changes.search_path)
        ),
        object: "search_path".to_owned(),
        relations: Vec::new(),
    });
    script.changes.extend(changes.statements.iter().cloned());
    let figures: Vec<Figures<'_>> = changes
        .made
        .iter()
        .map(|index| Figures {
            schema: &index.schema,
            name: &index.name,
            relation: index.relation,
            pages: index.pages as i64,
            tuples: index.rows,
            visible: 0,
        })
        .collect();
    if !figures.is_empty() {
        script.statistics.push(Statement {
            sql: update(&figures),
            object: "rows and pages of new indexes".to_owned(),
            relations: changes.made.iter().map(|index| index.relation).collect(),
        });
    }
    // Of a name that is there twice the last one counts.
    script.files.extend(changes.made.iter().map(|index| File {
        schema: index.schema.clone(),
        name: index.name.clone(),
        bytes: index.bytes,
        height: Some(index.height),
        metapage: index.metapage,
    }));
}
