//! The rows of a query, in every format.

use rusqlite::types::Value;
use serde_json::{Map, json};

use super::grid::{Cell, Column, Grid, Look};
use super::json;
use super::markdown;
use super::server::plural;
use super::style::{Role, Style};
use crate::facts::escape;

/// Rows under the names of their columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Names, as the query gives them.
    pub columns: Vec<String>,
    /// Values.
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// For a terminal of so many columns; `None`: as wide as it gets. Where even narrow columns do
    /// not fit, each row becomes a list of names and values.
    pub fn table(&self, style: Style, columns: Option<usize>) -> String {
        let heads = self.columns.iter().enumerate().map(|(index, name)| {
            let name = escape::line(name);
            if self.is_number(index) {
                Column::number(&name)
            } else {
                Column::new(&name)
            }
        });
        let mut grid = Grid::new(heads.collect());
        for row in &self.rows {
            grid.push(row.iter().map(cell).collect());
        }
        let room = columns.unwrap_or(usize::MAX);
        let mut out = if grid.least_width() > room {
            self.list(style, room)
        } else {
            grid.draw(style, Look::Ruled, room)
        };
        out += &style.paint(Role::Dim, &format!("({})", plural(self.rows.len(), "row")));
        out.push('\n');
        out
    }

    fn list(&self, style: Style, room: usize) -> String {
        let mut out = String::new();
        let rule = "─".repeat(room.min(60));
        for row in &self.rows {
            let mut grid = Grid::new(vec![Column::fixed("column"), Column::new("value")]);
            for (name, value) in self.columns.iter().zip(row) {
                grid.push(vec![
                    Cell::new(Role::Strong, escape::line(name)),
                    cell(value),
                ]);
            }
            out += &grid.draw(style, Look::Ruled, room);
            out += &format!("{rule}\n");
        }
        out
    }

    /// A document whose `rows` are objects. A name that comes twice gets `_2` and on.
    pub fn json(&self) -> String {
        let names = self.unique_names();
        let rows = self.rows.iter().map(|row| {
            let pairs = names.iter().cloned().zip(row.iter().map(value));
            serde_json::Value::Object(pairs.collect::<Map<_, _>>())
        });
        json::text(&json!({
            "format": json::FORMAT,
            "tool": json::tool(),
            "columns": names,
            "rows": rows.collect::<Vec<_>>(),
        }))
    }

    /// As RFC 4180 has it, with a head; NULL is an empty field and an empty text `""`.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        let head = self.columns.iter().map(|name| quoted(name));
        out += &head.collect::<Vec<_>>().join(",");
        out += "\r\n";
        for row in &self.rows {
            let fields = row.iter().map(|value| match value {
                Value::Null => String::new(),
                Value::Text(text) if text.is_empty() => "\"\"".to_owned(),
                other => quoted(&text(other)),
            });
            out += &fields.collect::<Vec<_>>().join(",");
            out += "\r\n";
        }
        out
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(
            self.columns
                .iter()
                .map(|name| markdown::prose(name))
                .collect(),
        );
        let rules = (0..self.columns.len())
            .map(|index| if self.is_number(index) { "---:" } else { "---" }.to_owned());
        out += &line(rules.collect());
        for row in &self.rows {
            out += &line(
                row.iter()
                    .map(|value| markdown::prose(&text(value)))
                    .collect(),
            );
        }
        out
    }

    /// Does a column hold numbers only?
    fn is_number(&self, index: usize) -> bool {
        let mut values = self.rows.iter().filter_map(|row| row.get(index));
        let mut some = false;
        values.all(|value| match value {
            Value::Null => true,
            Value::Integer(_) | Value::Real(_) => {
                some = true;
                true
            }
            _ => false,
        }) && some
    }

    fn unique_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in &self.columns {
            let mut unique = name.clone();
            let mut number = 1;
            while names.contains(&unique) {
                number += 1;
                unique = format!("{name}_{number}");
            }
            names.push(unique);
        }
        names
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::new(Role::Dim, "NULL"),
        other => Cell::new(Role::Plain, escape::lines(&text(other))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => json!(number),
        // JSON has no infinity; SQLite has no NaN.
        Value::Real(number) if number.is_finite() => json!(number),
        other => json!(text(other)),
    }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
