//! A rule page for a terminal.

use super::grid::{Cell, Column, Grid, Look};
use super::style::{Role, Style};
use super::wrap::{width, wrap};
use crate::engine::{Explanation, Part};
use crate::facts::escape;

/// Prose is not made wider than this: longer lines are hard to read.
const MEASURE: usize = 100;

/// The page, in so many columns.
pub fn render(page: &Explanation, style: Style, columns: usize) -> String {
    let measure = columns.min(MEASURE);
    let mut out = heading(&page.title, '=', style);
    let mut after_item = false;
    for part in &page.parts {
        let is_item = matches!(part, Part::Item(..));
        if !(is_item && after_item) {
            out.push('\n');
        }
        after_item = is_item;
        match part {
            Part::Heading(_, text) => out += &heading(text, '-', style),
            Part::Paragraph(text) => out += &prose(text, style, measure, "", ""),
            Part::Item(marker, text) => {
                let first = format!("  {} ", escape::line(marker));
                let hang = " ".repeat(first.len());
                out += &prose(text, style, measure, &first, &hang);
            }
            Part::Code(_, text) => {
                for line in escape::lines(text).lines() {
                    out += &format!("    {}\n", style.paint(Role::Code, line));
                }
            }
            Part::Table(head, rows) => out += &table(head, rows, style, columns),
        }
    }
    out
}

/// A heading; without colour it is underlined.
fn heading(text: &str, under: char, style: Style) -> String {
    let text = escape::line(text);
    let mut out = style.paint(Role::Strong, &text);
    out.push('\n');
    if !style.colour {
        out.extend(std::iter::repeat_n(under, width(&text)));
        out.push('\n');
    }
    out
}

/// Prose with its marks `` `code` `` and `**strong**`; without colour the marks stay, so that names
/// can be told from words.
fn prose(text: &str, style: Style, columns: usize, first: &str, hang: &str) -> String {
    let text = escape::line(text);
    let room = columns.saturating_sub(first.len()).max(1);
    let mut out = String::new();
    let mut open = None;
    for (index, line) in wrap(&text, room).iter().enumerate() {
        let indent = if index == 0 { first } else { hang };
        let line = if style.colour {
            marked(line, style, &mut open)
        } else {
            line.clone()
        };
        out += &format!("{indent}{line}\n");
    }
    out
}

/// One line with its marks turned into colours; a mark may be open from the line before.
fn marked(line: &str, style: Style, open: &mut Option<&'static str>) -> String {
    let mut out = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        if let Some(mark) = *open {
            let (inner, after) = rest
                .split_once(mark)
                .map_or((rest, None), |(inner, after)| (inner, Some(after)));
            let role = if mark == "`" {
                Role::Code
            } else {
                Role::Strong
            };
            out += &style.paint(role, inner);
            rest = after.unwrap_or_default();
            if after.is_some() {
                *open = None;
            }
            continue;
        }
        let next = ["`", "**"]
            .into_iter()
            .filter_map(|mark| Some((rest.find(mark)?, mark)))
            .min();
        let Some((at, mark)) = next else {
            out.push_str(rest);
            break;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at + mark.len()..];
        *open = Some(mark);
    }
    out
}

fn table(head: &[String], rows: &[Vec<String>], style: Style, columns: usize) -> String {
    let mut grid = Grid::new(head.iter().map(|title| Column::new(title)).collect());
    for row in rows {
        let cells = row.iter().enumerate().map(|(index, text)| {
            let role = if index == 0 { Role::Code } else { Role::Plain };
            Cell::new(role, escape::line(text))
        });
        grid.push(cells.collect());
    }
    grid.draw(style, Look::Ruled, columns)
}
