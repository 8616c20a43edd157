//! Findings as a table for a terminal.

use super::gaps;
use super::grid::{Cell, Column, Grid, Look};
use super::style::{Role, Style};
use super::view::View;
use super::wrap::wrap;
use crate::engine::Finding;
use crate::facts::{escape, human};

/// From this width on objects have a column of their own.
const WIDE: usize = 110;
/// From this width on fixes have one too.
const VERY_WIDE: usize = 160;
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
    out += &parts(view, style, columns);
    out
}

/// What was left out, under headings.
pub(super) fn parts(view: &View<'_>, style: Style, columns: usize) -> String {
    let mut out = String::new();
    for part in gaps::parts(view) {
        out.push('\n');
        for line in wrap(&part.heading, columns) {
            out += &style.paint(Role::Strong, &line);
            out.push('\n');
        }
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
    let heads: &[&str] = match columns {
        VERY_WIDE.. => &["object and rule", "what is wrong", "fix"],
        WIDE.. => &["object and rule", "what is wrong, and the fix"],
        _ => &["object, what is wrong, and the fix"],
    };
    let mut grid = vec![Column::fixed("severity")];
    grid.extend(heads.iter().map(|title| Column::new(title)));
    let mut grid = Grid::new(grid);
    for finding in &view.findings {
        let mut cells = vec![severity(finding)];
        let object = Cell::new(Role::Strong, escape::line(&view.object(finding)));
        let detail = escape::line(&finding.detail);
        let (rule, cost) = (rule_and_place(finding), cost(finding));
        let what = if heads.len() == 1 {
            let notes = [rule.as_str(), &cost]
                .into_iter()
                .filter(|note| !note.is_empty());
            let notes = notes.collect::<Vec<_>>().join(" · ");
            object.and(Role::Plain, detail).and(Role::Dim, notes)
        } else {
            cells.push(object.and(Role::Dim, rule));
            let what = Cell::new(Role::Plain, detail);
            if cost.is_empty() {
                what
            } else {
                what.and(Role::Dim, cost)
            }
        };
        let instead = || Some(format!("instead: {}", finding.instead()?));
        match finding.fix.as_deref().map(shortened).or_else(instead) {
            Some(fix) if heads.len() == 3 => cells.extend([what, Cell::new(Role::Code, fix)]),
            Some(fix) => cells.push(what.and(Role::Code, fix)),
            None => {
                cells.push(what);
                cells.resize(heads.len() + 1, Cell::default());
            }
        }
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

/// The rule, and where the finding stands.
fn rule_and_place(finding: &Finding) -> String {
    let location = &finding.location;
    match (&location.file, location.line) {
        (Some(file), Some(line)) => format!("{} · {}:{line}", finding.rule, escape::line(file)),
        (Some(file), None) => format!("{} · {}", finding.rule, escape::line(file)),
        (None, _) => finding.rule.clone(),
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

/// The first lines of a text of SQL, and how many more there are.
pub(super) fn shortened(sql: &str) -> String {
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
