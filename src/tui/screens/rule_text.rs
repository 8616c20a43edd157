//! A rule page as a text to read.

use crate::engine::{Explanation, Part};
use crate::tui::doc::Doc;
use crate::tui::text::{pad, width};
use crate::tui::theme::Role;

/// The page, title first.
pub fn rule_text(page: &Explanation) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, &page.title);
    // A heading stands close to what follows, other parts have a blank line before them.
    let mut close = false;
    let mut in_list = false;
    for part in &page.parts {
        let is_item = matches!(part, Part::Item(..));
        if !(close || in_list && is_item) {
            doc.blank();
        }
        match part {
            Part::Heading(_, title) => doc.heading(title),
            Part::Paragraph(text) => doc.prose(text),
            Part::Item(marker, text) => doc.item(marker, text),
            Part::Code(language, text) if language.starts_with("sql") => doc.sql(text),
            Part::Code(_, text) => doc.code(text),
            Part::Table(head, rows) => table(&mut doc, head, rows),
        };
        close = matches!(part, Part::Heading(..));
        in_list = is_item;
    }
    doc
}

/// Narrow columns under one another; the last one, the prose, in a line of its own below.
fn table<'a>(doc: &'a mut Doc, head: &[String], rows: &[Vec<String>]) -> &'a mut Doc {
    let figures = head.len().saturating_sub(1);
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| &row[column]).chain([&head[column]]);
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let columns: Vec<usize> = (0..figures).map(widest).collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&columns);
        let cells: Vec<String> = cells.map(|(cell, width)| pad(cell, *width)).collect();
        cells.join("  ").trim_end().to_owned()
    };
    doc.line(Role::Label, &line(head));
    for row in rows {
        doc.line(Role::Literal, &line(row));
        if let Some(prose) = row.get(figures).filter(|prose| !prose.is_empty()) {
            doc.item(" ", prose);
        }
    }
    doc
}
