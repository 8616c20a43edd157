//! The list of statements in every format.

use rusqlite::types::Value as SqlValue;
use serde_json::json as object;

use super::figures::{COLUMNS, Queries, Query, line};
use super::measures::{MEASURES, Measure};
use crate::facts::escape;
use crate::report::json as document;
use crate::report::ranking::{Ranking, sql_value};
use crate::report::rows::Rows;
use crate::report::server::plural;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// Columns that the statement gets before further figures do.
const LEAST: usize = 24;
/// Characters of a statement in Markdown.
const MARKDOWN: usize = 160;

/// Statements to show.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// All statements, sorted.
    pub all: &'a Queries,
    /// What they are sorted by.
    pub by: Measure,
    /// How many of them to show.
    pub limit: usize,
}

impl List<'_> {
    fn shown(&self) -> &[Query] {
        &self.all.rows[..self.limit.min(self.all.rows.len())]
    }

    fn omitted(&self) -> usize {
        self.all.rows.len() - self.shown().len()
    }

    /// Sentences below the rows.
    fn notes(&self) -> Vec<String> {
        let total = self.all.rows.len();
        let count = match self.omitted() {
            0 => plural(total, "statement"),
            _ => format!("{} of {}", self.shown().len(), plural(total, "statement")),
        };
        let mut notes = Vec::new();
        if total > 0 {
            notes.push(format!(
                "{count}, by {}. {}",
                self.by.title,
                self.all.window_sentence()
            ));
        } else {
            let none = "No statements: pg_stat_statements has counted none.";
            let known = self.all.missing.is_empty();
            notes.push(if known { none } else { "No statements." }.to_owned());
        }
        if self.all.hidden() > 0 {
            notes.push(
                "The text of some is hidden from the role; GRANT pg_read_all_stats to it shows it."
                    .to_owned(),
            );
        }
        for missing in &self.all.missing {
            let remedy = missing.remedy.as_deref();
            let remedy = remedy.map_or_else(String::new, |remedy| format!("; {remedy}"));
            notes.push(format!("Not known, because {}{remedy}", missing.because));
        }
        notes
    }
}

/// For a terminal of so many columns.
pub fn table(list: &List<'_>, style: Style, columns: usize) -> String {
    let mut out = String::new();
    if !list.shown().is_empty() {
        let ranking = Ranking {
            by: list.by,
            measures: &MEASURES,
            telling: Some(list.all.telling),
            least: LEAST,
        };
        out += &ranking.draw(list.shown(), style, columns);
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
    let (source, ms) = list.all.window();
    document::text(&object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "window": { "source": source, "ms": ms },
        "queries": list.shown().iter().map(Query::json).collect::<Vec<_>>(),
        "omitted": list.omitted(),
        "missing": list.all.missing.iter().map(|missing| object!({
            "because": missing.because,
            "remedy": missing.remedy,
        })).collect::<Vec<_>>(),
    }))
}

/// With a head, as RFC 4180 has it; what is not known is empty.
pub fn csv(list: &List<'_>) -> String {
    let mut columns: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    columns.push("text".to_owned());
    let rows = list.shown().iter().map(|query| {
        let values = COLUMNS.iter().map(|name| sql_value(query.get(name)));
        let text = query.text.clone().map_or(SqlValue::Null, SqlValue::Text);
        values.chain([text]).collect()
    });
    let rows = rows.collect();
    Rows { columns, rows }.csv()
}

/// A table for tickets.
pub fn markdown(list: &List<'_>) -> String {
    let shown = &MEASURES[..5];
    let extra = (!shown.contains(&list.by)).then_some(&list.by);
    let measures: Vec<&Measure> = extra.into_iter().chain(shown).collect();
    let mut columns = vec!["fingerprint".to_owned()];
    columns.extend(measures.iter().map(|measure| measure.word.to_owned()));
    columns.push("statement".to_owned());
    let rows = list.shown().iter().map(|query| {
        let mut row = vec![SqlValue::Text(list.all.short(query).to_owned())];
        row.extend(measures.iter().map(|measure| {
            let figure = query.figure(measure.column);
            SqlValue::Text(figure.unwrap_or_else(|| "unknown".to_owned()))
        }));
        row.push(SqlValue::Text(line(query.text.as_deref(), MARKDOWN)));
        row
    });
    let rows = rows.collect();
    let mut out = Rows { columns, rows }.markdown();
    for note in list.notes() {
        out += &format!("\n{}\n", crate::report::markdown::prose(&note));
    }
    out
}
