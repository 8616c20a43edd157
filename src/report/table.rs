//! Findings as a table for a terminal.

use super::gaps;
use super::grid::{Cell, Column, Grid, Look};
use super::style::{Role, Style};
use super::view::View;
use super::wrap::wrap;
use crate::engine::Finding;
use crate::facts::{escape, human};

/// From this width on the fix has a column of its own.
const WIDE: usize = 140;
/// Lines of a fix that are shown; the rest is counted.
const FIX_LINES: usize = 8;

/// The report, in so many columns.
pub fn render(view: &View<'_>, style: Style, columns: usize) -> String {
    let mut out = String::new();
    if !view.findings.is_empty() {
        out += &findings(view, style, columns);
        out.push('\n');
    }
    for line in wrap(&gaps::counts(view), columns) {
        out += &style.paint(Role::Strong, &line);
        out.push('\n');
    }
    push(&mut out, &gaps::rules(view), columns, "");
    for part in gaps::parts(view) {
        out.push('\n');
        out += &style.paint(Role::Strong, &part.heading);
        out.push('\n');
        for note in part.notes {
            push(&mut out, &escape::line(&note.text), columns, "  ");
            let remedy = note.remedy.unwrap_or_default();
            for line in escape::lines(&remedy).lines() {
                out += &format!("      {}\n", style.paint(Role::Code, line));
            }
        }
    }
    out
}

fn findings(view: &View<'_>, style: Style, columns: usize) -> String {
    let wide = columns >= WIDE;
    let mut heads = vec![
        Column::fixed("severity"),
        Column::new("object and rule"),
        Column::new("what is wrong"),
    ];
    if wide {
        heads.push(Column::new("fix"));
    } else {
        heads[2] = Column::new("what is wrong, and the fix");
    }
    let mut grid = Grid::new(heads);
    for finding in &view.findings {
        let object = escape::line(&view.object(finding)).into_owned();
        let object = Cell::new(Role::Strong, object).and(Role::Dim, finding.rule.clone());
        let mut what = Cell::new(Role::Plain, escape::line(&finding.detail));
        let cost = cost(finding);
        if !cost.is_empty() {
            what = what.and(Role::Dim, cost);
        }
        let fix = Cell::default();
        let (what, fix) = match (finding.fix.as_deref().map(shortened), wide) {
            (Some(sql), true) => (what, fix.and(Role::Code, sql)),
            (Some(sql), false) => (what.and(Role::Code, sql), fix),
            (None, _) => (what, fix),
        };
        let mut cells = vec![severity(finding), object, what];
        cells.extend(wide.then_some(fix));
        grid.push(cells);
    }
    grid.draw(style, Look::Spaced, columns)
}

fn severity(finding: &Finding) -> Cell {
    let cell = Cell::new(finding.severity.into(), finding.severity.as_str());
    match finding.confidence {
        crate::engine::Confidence::Certain => cell,
        unsure => cell.and(Role::Dim, unsure.as_str()),
    }
}

/// What it costs and what mending it gives back, as far as that is known.
fn cost(finding: &Finding) -> String {
    let impact = finding.impact_ms_per_hour.filter(|ms| *ms > 0.0);
    let impact = impact.map(|ms| format!("costs {} an hour", human::ms(ms)));
    let reclaim = finding.reclaim_bytes.filter(|bytes| *bytes > 0);
    let reclaim = reclaim.map(|bytes| format!("gives back {}", human::bytes(bytes as f64)));
    let parts: Vec<String> = impact.into_iter().chain(reclaim).collect();
    parts.join(", ")
}

fn shortened(sql: &str) -> String {
    let sql = escape::lines(sql.trim_end());
    let lines: Vec<&str> = sql.lines().collect();
    if lines.len() <= FIX_LINES {
        return sql.into_owned();
    }
    let shown = lines[..FIX_LINES - 1].join("\n");
    let rest = lines.len() - (FIX_LINES - 1);
    format!("{shown}\n… {rest} more lines; --format markdown shows all")
}

/// A sentence that is wrapped and set in; its further lines two columns more.
fn push(out: &mut String, text: &str, columns: usize, indent: &str) {
    let room = columns.saturating_sub(indent.len() + 2).max(1);
    for (index, line) in wrap(text, room).iter().enumerate() {
        let hang = if index == 0 || indent.is_empty() {
            ""
        } else {
            "  "
        };
        out.push_str(&format!("{indent}{hang}{line}\n"));
    }
}
