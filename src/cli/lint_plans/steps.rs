//! What migrations do that bears on plans, from the facts of them.

use rusqlite::{Connection, Result, Row};
use serde_json::Value;

use super::types::says_collate;
use crate::facts::quote;

/// A file of migrations.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// `migration_files.id`.
    pub id: i64,
    /// Its path.
    pub path: String,
    /// Files that are run one after the other have the same number.
    pub chain: i64,
    /// It is judged.
    pub is_judged: bool,
    /// All of it that would show is there already.
    pub seems_applied: bool,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

/// An action of a migration.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `migration_effects.id` of what findings are about.
    pub effect: i64,
    /// Line of the file.
    pub line: i64,
    /// What it is about was there before the file.
    pub is_old: bool,
    /// What is done.
    pub what: What,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// An index goes, by itself or with the constraint that it backs.
    Drop {
        /// Schema of the index and the table.
        schema: String,
        /// The index.
        index: String,
        /// The table and the constraint, where the index backs one.
        constraint: Option<(String, String)>,
        /// `relations.id` of the table, where the facts know it.
        relation: Option<i64>,
    },
    /// A constraint without an index goes, which might be in the way of what follows.
    Release {
        /// Schema and table.
        table: (String, String),
        /// The constraint.
        constraint: String,
        /// `relations.id` of the table.
        relation: Option<i64>,
    },
    /// An index is made.
    Create {
        /// Its name; `None`: the server finds one.
        name: Option<String>,
        /// `CREATE INDEX`.
        sql: String,
    },
    /// A column gets another type.
    Retype {
        /// Schema and table.
        table: (String, String),
        /// `relations.id` of the table.
        relation: Option<i64>,
        /// The column.
        column: String,
        /// Its type; `None`: not known.
        from: Option<String>,
        /// The new type.
        to: String,
        /// `USING`.
        using: Option<String>,
        /// It has another collation too.
        is_recollated: bool,
    },
}

impl Step {
    /// `relations.id` of the table that it changes.
    pub fn relation(&self) -> Option<i64> {
        match &self.what {
            What::Drop { relation, .. } | What::Retype { relation, .. } => *relation,
            What::Create { .. } | What::Release { .. } => None,
        }
    }

    /// Whether statements may get dearer by it, so that plans are to be compared.
    pub fn is_wanted(&self) -> bool {
        self.is_old && matches!(self.what, What::Drop { .. } | What::Retype { .. })
    }
}

/// Effects that bear on plans, those that fail or are taken back left out, in the order in which they are run.
const EFFECTS: &str = "SELECT s.file_id, e.id, e.line, e.made_in IS NULL AND e.is_known, e.form, e.schema, e.name, e.relation_id,
      e.column_name, e.object_name, e.details, s.text, t.id, t.name, t.relation_id, e.part
    FROM migration_effects e
    JOIN migration_statements s ON s.id = e.statement_id
    LEFT JOIN migration_effects t ON e.part = 'index' AND t.id = (
      SELECT x.id FROM migration_effects x
      WHERE x.statement_id = e.statement_id AND x.action = e.action AND x.part = 'table'
        AND (x.object_name = e.name OR x.form = 'drop constraint') ORDER BY x.id LIMIT 1)
    WHERE s.direction = 'up' AND NOT s.is_rolled_back AND e.error IS NULL AND e.schema IS NOT NULL AND (
      e.form IN ('drop index', 'drop index concurrently', 'drop constraint') AND e.part = 'index'
      OR e.form = 'drop constraint' AND e.part = 'table' AND NOT EXISTS (
        SELECT 1 FROM migration_effects x WHERE x.statement_id = e.statement_id AND x.action = e.action AND x.part = 'index')
      OR e.form LIKE 'alter type %' AND e.form <> 'alter type no change' AND e.part = 'table'
      OR e.form IN ('create index', 'create index concurrently', 'add unique', 'add primary key') AND e.part = 'table')
    ORDER BY s.id, e.action, e.id";

/// Files and what they do, in order.
pub fn read(facts: &Connection) -> Result<Vec<Migration>> {
    let mut files = facts.prepare(
        "SELECT id, path, chain, is_judged, seems_applied FROM migration_files WHERE has_up ORDER BY chain, ordinal",
    )?;
    let files = files.query_map([], |row| {
        Ok(Migration {
            id: row.get(0)?,
            path: row.get(1)?,
            chain: row.get(2)?,
            is_judged: row.get(3)?,
            seems_applied: row.get(4)?,
            steps: Vec::new(),
        })
    })?;
    let mut files: Vec<Migration> = files.collect::<Result<_>>()?;
    let mut effects = facts.prepare(EFFECTS)?;
    let mut rows = effects.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let Some(file) = files.iter_mut().find(|file| file.id == id) else {
            continue;
        };
        file.steps.extend(step(row)?);
    }
    Ok(files)
}

fn step(row: &Row<'_>) -> Result<Option<Step>> {
    let form: String = row.get(4)?;
    let (schema, name): (String, String) = (row.get(5)?, row.get(6)?);
    let details: String = row.get(10)?;
    let details: Value = serde_json::from_str(&details).unwrap_or_default();
    let detail = |key: &str| Some(details.get(key)?.as_str()?.to_owned());
    let text: String = row.get(11)?;
    let mut effect = row.get(1)?;
    let object: Option<String> = row.get(9)?;
    let part: String = row.get(15)?;
    let what = if form == "drop constraint" && part == "table" {
        let Some(constraint) = object else {
            return Ok(None);
        };
        What::Release {
            table: (schema, name),
            constraint,
            relation: row.get(7)?,
        }
    } else if form.starts_with("drop") {
        let table: Option<String> = row.get(13)?;
        effect = row.get::<_, Option<i64>>(12)?.unwrap_or(effect);
        What::Drop {
            schema,
            constraint: table
                .filter(|_| form == "drop constraint")
                .map(|table| (table, name.clone())),
            index: name,
            relation: row.get(14)?,
        }
    } else if form.starts_with("create index") {
        What::Create {
            name: object,
            sql: text,
        }
    } else if form.starts_with("add ") {
        let columns = details.get("columns").and_then(Value::as_array);
        let columns: Option<Vec<&str>> =
            columns.map(|all| all.iter().filter_map(Value::as_str).collect());
        let Some(columns) = columns.filter(|columns| !columns.is_empty()) else {
            return Ok(None);
        };
        What::Create {
            sql: unique(object.as_deref(), &schema, &name, &columns),
            name: object,
        }
    } else {
        let (Some(column), Some(to)) = (row.get(8)?, detail("new_type")) else {
            return Ok(None);
        };
        What::Retype {
            table: (schema, name),
            relation: row.get(7)?,
            column,
            from: detail("old_type"),
            to,
            using: detail("using"),
            is_recollated: says_collate(&text),
        }
    };
    Ok(Some(Step {
        effect,
        line: row.get(2)?,
        is_old: row.get(3)?,
        what,
    }))
}

/// The index of a constraint.
fn unique(name: Option<&str>, schema: &str, table: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| quote::ident(column)).collect();
    format!(
        "CREATE UNIQUE INDEX {} ON {} ({})",
        name.map(quote::ident).unwrap_or_default(),
        quote::name(schema, table),
        columns.join(", ")
    )
}
