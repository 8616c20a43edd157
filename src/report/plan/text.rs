//! For a terminal.

use super::shown::Shown;
use super::tree::{self, Line};
use crate::facts::escape;
use crate::report::style::{Role, Style};
use crate::report::wrap::{width, wrap, wrap_sql};

/// Columns below which a tree is not made narrower.
const LEAST: usize = 30;

/// A plan for a terminal of so many columns.
pub fn text(shown: &Shown, style: Style, columns: usize) -> String {
    let mut out = format!(
        "{}\n",
        style.paint(Role::Strong, &escape::line(&shown.title))
    );
    let summary = shown.summary();
    if !summary.is_empty() {
        out += &format!("{summary}\n");
    }
    out.push('\n');
    out += &tree(shown, style, columns);
    if !shown.readings.is_empty() {
        out += &format!("\n{}\n", style.paint(Role::Strong, "What it tells"));
    }
    for (at, reading) in shown.readings.iter().enumerate() {
        out += &item(&format!("{}.", at + 1), &reading.text, columns);
    }
    if !shown.hints.is_empty() {
        out += &format!("\n{}\n", style.paint(Role::Strong, "What to try"));
    }
    for hint in &shown.hints {
        out += &item("-", &hint.because, columns);
        for line in wrap_sql(&escape::lines(&hint.command), columns.saturating_sub(4)) {
            out += &format!("    {}\n", style.paint(Role::Code, &line));
        }
    }
    if !shown.notes.is_empty() || !shown.plan.unread.is_empty() {
        out.push('\n');
    }
    for note in &shown.notes {
        out += &item("*", note, columns);
    }
    for line in &shown.plan.unread {
        out += &item(
            "*",
            &format!("this line of the plan was not understood: {line}"),
            columns,
        );
    }
    out
}

/// A text behind a mark, wrapped.
pub(super) fn item(mark: &str, text: &str, columns: usize) -> String {
    let indent = mark.len() + 1;
    let mut out = String::new();
    for (index, line) in wrap(&escape::line(text), columns.saturating_sub(indent + 1))
        .iter()
        .enumerate()
    {
        let head = if index == 0 {
            format!("{mark} ")
        } else {
            " ".repeat(indent)
        };
        out += &format!("{head}{line}\n");
    }
    out
}

/// The tree with its figures.
pub(super) fn tree(shown: &Shown, style: Style, columns: usize) -> String {
    let heads = tree::heads(&shown.plan);
    let lines = tree::lines(shown);
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            lines
                .iter()
                .filter_map(|line| line.cells.get(at))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
                .max(head.len())
        })
        .collect();
    let figures: usize = widths.iter().map(|width| width + 2).sum();
    let mut out = String::new();
    if !heads.is_empty() {
        let row: String = heads
            .iter()
            .zip(&widths)
            .map(|(head, width)| format!("{head:>width$}  "))
            .collect();
        out += &format!("{}\n", style.paint(Role::Dim, row.trim_end()));
    }
    for line in &lines {
        let cells: String = if line.cells.is_empty() {
            " ".repeat(figures)
        } else {
            line.cells
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:>width$}  "))
                .collect()
        };
        out += &rows(line, &cells, figures, style, columns);
    }
    out
}

fn rows(line: &Line, cells: &str, figures: usize, style: Style, columns: usize) -> String {
    let marks: String = line.marks.iter().map(|mark| format!(" [{mark}]")).collect();
    let text = escape::line(&line.text);
    let room = columns
        .saturating_sub(figures + width(&line.branch))
        .max(LEAST);
    let role = match (line.is_detail, line.is_dearest) {
        (true, _) => Role::Dim,
        (false, true) => Role::Strong,
        (false, false) => Role::Plain,
    };
    let mut out = String::new();
    let wrapped = wrap(&format!("{text}{marks}"), room);
    for (index, part) in wrapped.iter().enumerate() {
        let (cells, branch) = if index == 0 {
            (cells.to_owned(), line.branch.as_str())
        } else {
            (" ".repeat(figures), line.below.as_str())
        };
        let row = format!(
            "{cells}{}{}",
            style.paint(Role::Dim, branch),
            style.paint(role, part)
        );
        out += row.trim_end();
        out.push('\n');
    }
    out
}
