//! Lists of statements with figures: what the reports about counters and about logs share.

use std::cmp::Ordering;

use rusqlite::types::Value as SqlValue;
use serde_json::{Value, json};

use super::grid::{Cell, Column, Grid, Look};
use super::queries::{Measure, line};
use super::style::{Role, Style};
use super::wrap::{cut, width};
use crate::facts::{escape, figure};

/// Columns between two columns of the table.
const GAP: usize = 3;

/// A statement with figures.
pub(super) trait Figured {
    /// A figure by the name of its column; null: not known.
    fn value(&self, column: &str) -> &Value;
    /// Its text; `None`: hidden.
    fn text(&self) -> Option<&str>;

    /// Its fingerprint.
    fn print(&self) -> &str {
        self.value("fingerprint").as_str().unwrap_or_default()
    }

    /// The fingerprint as far as it takes to tell it from all others.
    fn short(&self, telling: usize) -> &str {
        let full = self.print();
        full.get(..telling).unwrap_or(full)
    }

    /// A figure as people read it; `None`: not known.
    fn shown(&self, column: &str) -> Option<String> {
        let value = self.value(column);
        (!value.is_null()).then(|| figure(column, value))
    }
}

/// How a list of statements is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranking<'a> {
    /// What it is sorted by.
    pub by: Measure,
    /// Figures that get columns, as far as there is room.
    pub measures: &'a [Measure],
    /// Characters of fingerprints that are shown; none: the figures matter more.
    pub telling: Option<usize>,
    /// Columns that the statement gets before further figures do.
    pub least: usize,
}

impl Ranking<'_> {
    /// For a terminal of so many columns.
    pub fn draw<T: Figured>(&self, rows: &[T], style: Style, columns: usize) -> String {
        let text = |row: &T, measure: &Measure| {
            let figure = row.shown(measure.column);
            figure.map_or_else(|| "-".to_owned(), |text| escape::line(&text).into_owned())
        };
        let mut room = columns;
        let mut heads = Vec::new();
        if let Some(telling) = self.telling {
            let names = rows.iter().map(|row| width(row.short(telling)));
            room = room.saturating_sub(names.max().unwrap_or(0).max("fingerprint".len()) + GAP);
            heads.push(Column::fixed("fingerprint"));
        }
        let mut chosen: Vec<&Measure> = Vec::new();
        let sorted = self.measures.iter().filter(|measure| **measure == self.by);
        let others = self.measures.iter().filter(|measure| **measure != self.by);
        for measure in sorted.chain(others) {
            let is_unknown = rows.iter().all(|row| row.value(measure.column).is_null());
            if is_unknown && *measure != self.by {
                continue;
            }
            let cells = rows.iter().map(|row| width(&text(row, measure)));
            let wide = cells.chain([measure.word.len()]).max().unwrap_or(0) + GAP;
            let least = if *measure == self.by {
                self.least / 2
            } else {
                self.least
            };
            if room < wide + least {
                break;
            }
            room -= wide;
            chosen.push(measure);
        }
        heads.extend(chosen.iter().map(|measure| {
            if measure.is_text {
                Column::fixed(measure.word)
            } else {
                Column::number(measure.word)
            }
        }));
        heads.push(Column::new("statement"));
        let mut grid = Grid::new(heads);
        for row in rows {
            let name = self.telling.map(|telling| row.short(telling));
            let name = name.map(|name| Cell::new(Role::Plain, escape::line(name)));
            let mut cells: Vec<Cell> = name.into_iter().collect();
            for measure in &chosen {
                let text = text(row, measure);
                let role = match text.as_str() {
                    "-" => Role::Dim,
                    _ if **measure == self.by => Role::Strong,
                    _ => Role::Plain,
                };
                cells.push(Cell::new(role, text));
            }
            let statement = line(row.text(), room + 1);
            let statement = cut(&escape::line(&statement), room.max(8));
            cells.push(Cell::new(Role::Code, statement));
            grid.push(cells);
        }
        grid.draw(style, Look::Ruled, columns)
    }
}

/// The order of two figures: the largest first, texts from A, what is not known last either way.
pub(super) fn compare(a: &Value, b: &Value, reverse: bool) -> Ordering {
    let known = match (a.is_null(), b.is_null()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            _ => a.to_string().cmp(&b.to_string()),
        },
    };
    if reverse { known.reverse() } else { known }
}

/// Length of the shortest beginning that tells all fingerprints apart.
pub(super) fn telling<T: Figured>(rows: &[T]) -> usize {
    const LEAST: usize = "f1:01234567".len();
    let mut all: Vec<&str> = rows.iter().map(Figured::print).collect();
    all.sort_unstable();
    all.dedup();
    let shared = all.windows(2).map(|pair| {
        let both = pair[0].bytes().zip(pair[1].bytes());
        both.take_while(|(a, b)| a == b).count() + 1
    });
    shared.max().unwrap_or(0).max(LEAST)
}

/// A value of the facts as JSON has it; with `nested` a text is a list or a map.
pub(super) fn value(value: SqlValue, nested: bool) -> Value {
    match value {
        SqlValue::Null | SqlValue::Blob(_) => Value::Null,
        SqlValue::Integer(number) => json!(number),
        SqlValue::Real(number) => json!(number),
        SqlValue::Text(text) if nested => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        SqlValue::Text(text) => Value::String(text),
    }
}

/// A value of JSON as a field of CSV has it: lists and maps are JSON texts.
pub(super) fn sql_value(value: &Value) -> SqlValue {
    match value {
        Value::Null => SqlValue::Null,
        Value::String(text) => SqlValue::Text(text.clone()),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => SqlValue::Integer(integer),
            None => SqlValue::Real(number.as_f64().unwrap_or_default()),
        },
        other => SqlValue::Text(other.to_string()),
    }
}
