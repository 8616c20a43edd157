//! The report for tickets.

use rusqlite::types::Value;

use super::report::{Report, named};
use super::sections::{Entry, sections};
use super::statements::MEASURES;
use super::verdict::verdict;
use crate::report::markdown::{fence, prose};
use crate::report::queries::{Measure, line};
use crate::report::rows::Rows;

/// Characters of a statement.
const STATEMENT: usize = 160;
/// Bars of a course over time.
const BARS: usize = 48;

/// The report.
pub fn markdown(report: &Report<'_>) -> String {
    let logs = report.logs;
    let mut out = format!("# pgtriage logs: {}\n", prose(&named(&logs.sources)));
    let verdict = verdict(logs);
    for sentence in &verdict.sentences {
        out += &format!("\n{}\n", prose(sentence));
    }
    for missing in &verdict.missing {
        out += &format!("\nNot known: {}.\n", prose(&missing.because));
        if let Some(remedy) = &missing.remedy {
            out += &format!("\n{}", fence("sql", remedy));
        }
    }
    if !logs.statements.is_empty() {
        out += &format!("\n## Statements\n\n{}", statements(report));
        out += &format!("\n{}\n", prose(&report.sentence()));
    }
    for section in sections(logs, report.limit, BARS) {
        out += &format!("\n## {}\n", prose(section.title));
        for sentence in &section.sentences {
            out += &format!("\n{}\n", prose(sentence));
        }
        if !section.rows.is_empty() {
            let columns = section.heads.iter().map(|head| head.title.to_owned());
            let rows = section
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect());
            let table = Rows {
                columns: columns.collect(),
                rows: rows.collect(),
            };
            out += &format!("\n{}", table.markdown());
        }
        if section.beyond > 0 {
            out += &format!("\n… and {} more\n", section.beyond);
        }
    }
    out
}

fn statements(report: &Report<'_>) -> String {
    let shown = &MEASURES[..6];
    let extra = (!shown.contains(&report.by)).then_some(&report.by);
    let measures: Vec<&Measure> = extra.into_iter().chain(shown).collect();
    let mut columns = vec!["fingerprint".to_owned()];
    columns.extend(measures.iter().map(|measure| measure.word.to_owned()));
    columns.push("statement".to_owned());
    let rows = report.shown().iter().map(|statement| {
        let mut row = vec![Value::Text(report.logs.short(statement).to_owned())];
        row.extend(measures.iter().map(|measure| {
            let figure = statement.figure(measure.column);
            Value::Text(figure.unwrap_or_else(|| "unknown".to_owned()))
        }));
        row.push(Value::Text(line(statement.text.as_deref(), STATEMENT)));
        row
    });
    let rows = rows.collect();
    Rows { columns, rows }.markdown()
}

fn cell(entry: &Entry) -> Value {
    let lines: Vec<&str> = entry.0.iter().map(|(_, text)| text.as_str()).collect();
    Value::Text(lines.join(" · "))
}
