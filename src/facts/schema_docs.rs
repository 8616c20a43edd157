//! What the schema says about itself: tables, views and columns with their comments.

use super::store::{SCHEMA, VIEWS};

/// A table or view of the facts database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDoc {
    /// Its name.
    pub name: String,
    /// It is a question over tables.
    pub is_view: bool,
    /// The comment above it.
    pub comment: String,
    /// Columns of a table, in order; those of a view are told by its query.
    pub columns: Vec<ColumnDoc>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDoc {
    /// Its name.
    pub name: String,
    /// `INTEGER`, `REAL` or `TEXT`.
    pub kind: String,
    /// It is never NULL.
    pub not_null: bool,
    /// The comment beside it.
    pub comment: String,
}

/// All tables and views, in the order of the schema.
pub fn tables() -> Vec<TableDoc> {
    let mut found = Vec::new();
    for text in [SCHEMA, VIEWS] {
        read(text, &mut found);
    }
    found
}

fn read(text: &str, found: &mut Vec<TableDoc>) {
    let mut comment: Vec<&str> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(text) = line.strip_prefix("--") {
            comment.push(text.trim());
            continue;
        }
        let words: Vec<&str> = line
            .split([' ', '('])
            .filter(|word| !word.is_empty())
            .collect();
        match words.as_slice() {
            ["CREATE", kind @ ("TABLE" | "VIEW"), name, ..] => {
                found.push(TableDoc {
                    name: (*name).to_owned(),
                    is_view: *kind == "VIEW",
                    comment: comment.join(" "),
                    columns: Vec::new(),
                });
                open = *kind == "TABLE";
            }
            [first, ..] if first.starts_with(')') => open = false,
            _ if open => {
                if let (Some(column), Some(table)) = (column(line), found.last_mut()) {
                    table.columns.push(column);
                }
            }
            _ => {}
        }
        comment.clear();
    }
}

/// `  name TYPE NOT NULL …,  -- comment`; constraints over several columns begin in capitals.
fn column(line: &str) -> Option<ColumnDoc> {
    let (definition, comment) = line.split_once("--").unwrap_or((line, ""));
    let mut words = definition.split_whitespace();
    let name = words.next()?.trim_matches('"');
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let kind = words.next()?.trim_end_matches(',').to_owned();
    Some(ColumnDoc {
        name: name.to_owned(),
        kind,
        not_null: definition.contains("NOT NULL") || definition.contains("PRIMARY KEY"),
        comment: comment.trim().to_owned(),
    })
}
