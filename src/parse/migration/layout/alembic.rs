//! What Alembic prints offline (`alembic upgrade --sql`): one stream of one or more revisions.
//!
//! psql runs it; its transactions stand in it.

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{comment, lines};
use super::seen::{Content, Seen};

/// Its comments.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let spoken = seen.spoken == Some(Layout::Alembic);
    spoken.then(|| "it has comments of Alembic (`-- Running upgrade … -> …`)".to_owned())
}

/// A step that a comment announces: which way, from where, where to.
pub(super) fn step(said: &str) -> Option<(Direction, &str, &str)> {
    let rest = said.strip_prefix("Running ")?;
    let up = rest
        .strip_prefix("upgrade ")
        .map(|rest| (Direction::Up, rest));
    let (direction, rest) = up.or_else(|| {
        rest.strip_prefix("downgrade ")
            .map(|rest| (Direction::Down, rest))
    })?;
    let (from, to) = rest.split_once("->")?;
    Some((direction, from.trim(), to.trim()))
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let mut steps: Vec<(usize, Direction, &str, &str)> = Vec::new();
    for line in lines(seen.text) {
        if let Some((direction, from, to)) = comment(line.text).and_then(step) {
            steps.push((line.start, direction, from, to));
        }
    }
    let first = steps.first().map(|step| step.2);
    let last = steps.last().map(|step| step.3);
    // What stands before the first step, such as BEGIN, belongs to it.
    let mut parts: Vec<Part> = Vec::new();
    for (at, (start, direction, ..)) in steps.iter().enumerate() {
        let start = if at == 0 { 0 } else { *start };
        let end = steps.get(at + 1).map_or(seen.text.len(), |next| next.0);
        match parts.last_mut() {
            Some(part) if part.direction == *direction => {
                if let Some(range) = part.ranges.last_mut() {
                    range.end = end;
                }
            }
            _ => {
                let range = start..end;
                parts.push(Part {
                    direction: *direction,
                    mode: Mode::Autocommit,
                    ranges: vec![range],
                });
            }
        }
    }
    if parts.is_empty() {
        parts = seen.whole(Direction::Up, Mode::Autocommit);
    }
    Content {
        version: last.map(str::to_owned),
        parts,
        link: first
            .zip(last)
            .map(|(from, to)| (from.to_owned(), to.to_owned())),
        ..Content::default()
    }
}
