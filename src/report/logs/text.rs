//! The report for a terminal.

use super::report::Report;
use super::sections::{Entry, Section, Shape, sections};
use super::statements::MEASURES;
use super::verdict::verdict;
use crate::facts::escape;
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::ranking::Ranking;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// Columns that the statement gets before further figures do.
const LEAST: usize = 20;
/// From this width on fingerprints are shown.
const WIDE: usize = 100;
/// Columns of a course over time beside its bars.
const BESIDE_BARS: usize = 58;

/// The report, in so many columns.
pub fn table(report: &Report<'_>, style: Style, columns: usize) -> String {
    let logs = report.logs;
    let mut out = String::new();
    let verdict = verdict(logs);
    for sentence in &verdict.sentences {
        push(&mut out, style, Role::Strong, sentence, columns);
    }
    for missing in &verdict.missing {
        let because = format!("Not known: {}.", missing.because);
        push(&mut out, style, Role::Plain, &because, columns);
        if let Some(remedy) = &missing.remedy {
            out += &format!("  {}\n", style.paint(Role::Code, &escape::line(remedy)));
        }
    }
    if !logs.statements.is_empty() {
        out.push('\n');
        let ranking = Ranking {
            by: report.by,
            measures: &MEASURES,
            telling: (columns >= WIDE).then_some(logs.telling),
            least: LEAST,
        };
        out += &ranking.draw(report.shown(), style, columns);
        push(&mut out, style, Role::Dim, &report.sentence(), columns);
    }
    let bars = columns.saturating_sub(BESIDE_BARS).clamp(12, 72);
    for section in sections(logs, report.limit, bars) {
        out.push('\n');
        push(&mut out, style, Role::Strong, section.title, columns);
        for sentence in &section.sentences {
            push(&mut out, style, Role::Plain, sentence, columns);
        }
        if !section.rows.is_empty() {
            out += &grid(&section, style, columns);
        }
        if section.beyond > 0 {
            let more = format!("… and {} more; --limit shows them", section.beyond);
            push(&mut out, style, Role::Dim, &more, columns);
        }
    }
    out
}

fn grid(section: &Section, style: Style, columns: usize) -> String {
    let heads = section.heads.iter().map(|head| match head.shape {
        Shape::Number => Column::number(head.title),
        Shape::Fixed => Column::fixed(head.title),
        Shape::Text => Column::new(head.title),
    });
    let mut grid = Grid::new(heads.collect());
    for row in &section.rows {
        grid.push(row.iter().map(cell).collect());
    }
    grid.draw(style, Look::Ruled, columns)
}

fn cell(entry: &Entry) -> Cell {
    let lines = entry.0.iter();
    lines.fold(Cell::default(), |cell, (role, text)| {
        cell.and(*role, escape::line(text))
    })
}

fn push(out: &mut String, style: Style, role: Role, text: &str, columns: usize) {
    for line in wrap(&escape::line(text), columns) {
        *out += &style.paint(role, &line);
        out.push('\n');
    }
}
