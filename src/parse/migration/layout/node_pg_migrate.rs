//! node-pg-migrate's SQL files: `-- Up Migration` and `-- Down Migration` in one file.
//!
//! Both are sent as one string in a transaction, by default one for all files that are due. A file
//! of SQL cannot say otherwise; the command can.

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{after, is_blank, lines};
use super::name;
use super::seen::{Content, NPM, Seen};

/// Its comments.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    if seen.spoken == Some(Layout::NodePgMigrate) {
        return Some("it has comments of node-pg-migrate (`-- Up Migration`)".to_owned());
    }
    if seen.spoken.is_some() || name::numbered(seen.stem()).is_none() {
        return None;
    }
    if seen.folder_speaks == Some(Layout::NodePgMigrate) {
        return Some("its folder's files have comments of node-pg-migrate".to_owned());
    }
    let used = seen.uses(NPM, "\"node-pg-migrate\"");
    used.then(|| "the project's package.json names node-pg-migrate".to_owned())
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let mut up = None;
    let mut down = None;
    for line in lines(seen.text) {
        let place = match direction(line.text) {
            Some(Direction::Up) => &mut up,
            Some(Direction::Down) => &mut down,
            None => continue,
        };
        place.get_or_insert(line.start);
    }
    let end = |start: usize, other: Option<usize>| {
        let other = other.filter(|other| *other > start);
        other.unwrap_or(seen.text.len())
    };
    let part = |direction, range| Part {
        direction,
        mode: Mode::Wrapped,
        ranges: vec![range],
    };
    let mut parts = Vec::new();
    // Without a mark the whole file migrates, whatever follows.
    let range = up.map_or(0..seen.text.len(), |up| up..end(up, down));
    parts.push(part(Direction::Up, range));
    if let Some(start) = down {
        let range = start..end(start, up);
        if !is_blank(&seen.text[range.clone()]) {
            parts.push(part(Direction::Down, range));
        }
    }
    let mistake = (up.is_none() && down.is_some()).then(|| {
        "it has `-- Down Migration` without `-- Up Migration`, so node-pg-migrate runs the whole file to migrate"
            .to_owned()
    });
    let (version, description) = match name::numbered(seen.stem()) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    Content {
        version,
        description,
        parts,
        mistake,
        ..Content::default()
    }
}

/// What a comment line begins.
fn direction(line: &str) -> Option<Direction> {
    let said = line.trim_start().strip_prefix("--")?;
    let said = said.trim_start_matches(['-', ' ', '\t']);
    let up = after(said, "up").map(|rest| (rest, Direction::Up));
    let (rest, direction) =
        up.or_else(|| after(said, "down").map(|rest| (rest, Direction::Down)))?;
    let parted = rest.starts_with([' ', '\t']);
    (parted && after(rest.trim_start(), "migration").is_some()).then_some(direction)
}
