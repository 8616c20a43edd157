//! Lists of objects in every format.

use rusqlite::types::Value as SqlValue;
use serde_json::{Map, Value, json as object};

use super::objects::{Object, Objects};
use crate::facts::escape;
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::json as document;
use crate::report::queries::Measure;
use crate::report::ranking::sql_value;
use crate::report::rows::Rows;
use crate::report::style::{Role, Style};
use crate::report::wrap::{width, wrap};

/// Columns between two columns of the table.
const GAP: usize = 3;
/// Figures of a list in Markdown.
const MARKDOWN: usize = 8;

/// Objects to show.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// All of them, sorted.
    pub all: &'a Objects,
    /// What they are sorted by.
    pub by: Measure,
    /// How many of them to show.
    pub limit: usize,
}

impl List<'_> {
    fn shown(&self) -> &[Object] {
        &self.all.rows[..self.limit.min(self.all.rows.len())]
    }

    fn omitted(&self) -> usize {
        self.all.rows.len() - self.shown().len()
    }

    /// Sentences below the rows.
    fn notes(&self) -> Vec<String> {
        let total = self.all.rows.len();
        let what = match total {
            1 => format!("1 {}", self.all.sort.noun),
            _ => format!("{total} {}", self.all.sort.plural),
        };
        let mut notes = vec![match (total, self.omitted()) {
            (0, _) => format!("No {}.", self.all.sort.plural),
            (_, 0) => format!("{what}, by {}.", self.by.title),
            _ => format!("{} of {what}, by {}.", self.shown().len(), self.by.title),
        }];
        let missing = self.all.missing.iter();
        notes.extend(missing.map(super::Missing::sentence));
        notes
    }

    /// Figures to show: what it is sorted by, then the others of which something is known.
    fn measures(&self) -> impl Iterator<Item = &'static Measure> {
        let all = self.all.sort.measures;
        let (by, rows) = (self.by, self.all);
        let is_known = move |measure: &Measure| {
            let mut shown = rows.rows.iter();
            shown.any(|row| !rows.get(row, measure.column).is_null())
        };
        let first = all.iter().filter(move |measure| **measure == by);
        first.chain(
            all.iter()
                .filter(move |measure| **measure != by && is_known(measure)),
        )
    }

    fn figure(&self, row: &Object, measure: &Measure) -> Option<String> {
        self.all.figure(row, measure.column)
    }
}

/// For a terminal of so many columns: as many figures as there is room for.
pub fn table(list: &List<'_>, style: Style, columns: usize) -> String {
    let mut out = String::new();
    let shown = list.shown();
    if !shown.is_empty() {
        let name = |row: &Object| escape::line(&list.all.name(row)).into_owned();
        let names = shown.iter().map(|row| width(&name(row)));
        let widest = names.chain([list.all.sort.noun.len()]).max().unwrap_or(0);
        let mut room = columns.saturating_sub(widest);
        let text = |row: &Object, measure: &Measure| {
            let figure = list.figure(row, measure);
            figure.map_or_else(|| "-".to_owned(), |text| escape::line(&text).into_owned())
        };
        let mut chosen = Vec::new();
        for measure in list.measures() {
            let cells = shown.iter().map(|row| width(&text(row, measure)));
            let wide = cells.chain([measure.word.len()]).max().unwrap_or(0) + GAP;
            if room < wide && !chosen.is_empty() {
                break;
            }
            room = room.saturating_sub(wide);
            chosen.push(measure);
        }
        let heads = chosen.iter().map(|measure| {
            if measure.is_text {
                Column::fixed(measure.word)
            } else {
                Column::number(measure.word)
            }
        });
        let mut grid = Grid::new(
            [Column::new(list.all.sort.noun)]
                .into_iter()
                .chain(heads)
                .collect(),
        );
        for row in shown {
            let mut cells = vec![Cell::new(Role::Code, name(row))];
            for measure in &chosen {
                let text = text(row, measure);
                let role = match text.as_str() {
                    "-" => Role::Dim,
                    _ if **measure == list.by => Role::Strong,
                    _ => Role::Plain,
                };
                cells.push(Cell::new(role, text));
            }
            grid.push(cells);
        }
        out += &grid.draw(style, Look::Ruled, columns);
    }
    for note in list.notes() {
        for line in wrap(&escape::line(&note), columns) {
            out += &style.paint(Role::Dim, &line);
            out.push('\n');
        }
    }
    out
}

/// For programs; `docs/json.md` describes it.
pub fn json(list: &List<'_>) -> String {
    let rows = list.shown().iter().map(|row| one(list.all, row));
    let rows: Vec<Value> = rows.collect();
    document::text(&object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        list.all.sort.plural: rows,
        "omitted": list.omitted(),
        "missing": list.all.missing.iter().map(|missing| object!({
            "because": missing.because,
            "remedy": missing.remedy,
            "objects": missing.objects,
        })).collect::<Vec<_>>(),
    }))
}

/// One of them, for programs.
pub fn one(all: &Objects, object: &Object) -> Value {
    let map: Map<String, Value> = all
        .values(object)
        .map(|(name, value)| match (name, value.as_i64()) {
            (name, Some(number)) if name.starts_with("is_") => {
                (name.to_owned(), Value::Bool(number != 0))
            }
            _ => (name.to_owned(), value.clone()),
        })
        .collect();
    Value::Object(map)
}

/// With a head, as RFC 4180 has it; what is not known is empty.
pub fn csv(list: &List<'_>) -> String {
    let columns = list.all.sort.columns;
    let rows = list.shown().iter().map(|row| {
        let values = list.all.values(row);
        values.map(|(_, value)| sql_value(value)).collect()
    });
    Rows {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows.collect(),
    }
    .csv()
}

/// A table for tickets.
pub fn markdown(list: &List<'_>) -> String {
    let measures: Vec<&Measure> = list.measures().take(MARKDOWN).collect();
    let mut columns = vec![list.all.sort.noun.to_owned()];
    columns.extend(measures.iter().map(|measure| measure.word.to_owned()));
    let rows = list.shown().iter().map(|row| {
        let mut cells = vec![SqlValue::Text(list.all.name(row))];
        cells.extend(measures.iter().map(|measure| {
            let figure = list.figure(row, measure);
            SqlValue::Text(figure.unwrap_or_else(|| "unknown".to_owned()))
        }));
        cells
    });
    let rows = rows.collect();
    let mut out = Rows { columns, rows }.markdown();
    for note in list.notes() {
        out += &format!("\n{}\n", crate::report::markdown::prose(&note));
    }
    out
}
