//! Small tables within a text.

use crate::facts::escape;

use super::doc::Doc;
use super::text::{fit, pad, pad_left, width};
use super::theme::Role;

/// Columns between two columns.
const GAP: &str = "  ";
/// Columns that a cell takes at most.
const WIDEST: usize = 48;
/// Columns that the last cell of a row takes at most: nothing stands behind it.
const LAST: usize = 120;

/// What stands in a cell.
pub type Cell = (Role, String);

/// Rows under heads; the first column stands left, the others as their heads say: a head that begins
/// with a space stands right.
pub fn grid(doc: &mut Doc, heads: &[&str], rows: &[Vec<Cell>]) {
    let rows: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().enumerate();
            cells
                .map(|(at, one)| cell(one, if at + 1 == heads.len() { LAST } else { WIDEST }))
                .collect()
        })
        .collect();
    let wide = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        let cells = cells.map(|(_, text)| width(text)).max().unwrap_or(0);
        cells.max(width(heads[at].trim()))
    };
    let widths: Vec<usize> = (0..heads.len()).map(wide).collect();
    let heading = heads
        .iter()
        .map(|head| (Role::Label, head.trim().to_owned()));
    for row in [heading.collect()].iter().chain(&rows) {
        line(doc, heads, &widths, row);
    }
}

fn cell((role, text): &Cell, most: usize) -> Cell {
    (*role, fit(&escape::line(text), most, "~"))
}

fn line(doc: &mut Doc, heads: &[&str], widths: &[usize], row: &[Cell]) {
    let mut pieces = Vec::new();
    for (at, ((role, text), head)) in row.iter().zip(heads).enumerate() {
        let padded = if at + 1 == heads.len() && !head.starts_with(' ') {
            text.clone()
        } else if head.starts_with(' ') {
            pad_left(text, widths[at])
        } else {
            pad(text, widths[at])
        };
        pieces.push((*role, format!("{padded}{GAP}")));
    }
    let pieces: Vec<(Role, &str)> = pieces
        .iter()
        .map(|(role, text)| (*role, text.as_str()))
        .collect();
    doc.pieces(&pieces);
}
