//! Plain SQL: what no tool's marks are found in.
//!
//! psql runs it, statement by statement. Files of a folder whose names begin with numbers are taken
//! for migrations in that order; others stand by themselves.

use super::super::file::{Direction, Mode, Part};
use super::found::join;
use super::lines::{is_blank, lines};
use super::name;
use super::seen::{Content, Seen};

/// Ends of names of files that take back, with the ends of those that migrate.
const PAIRS: [(&str, &str); 8] = [
    (".down", ".up"),
    ("_down", "_up"),
    ("-down", "-up"),
    (".undo", ".do"),
    (".down", ""),
    ("_down", ""),
    (".rollback", ""),
    ("_rollback", ""),
];
/// Lines in which a dump says that it is one.
const DUMP_LINES: usize = 10;

/// What is said of it, in place of a mark.
pub(super) fn because(seen: &Seen<'_>) -> String {
    let because = if is_dump(seen.text) {
        "it is a dump as pg_dump writes it"
    } else if name::numbered(seen.stem()).is_some() {
        "no tool's marks are found, and its name begins with a number"
    } else {
        "no tool's marks are found"
    };
    because.to_owned()
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let up = migrates(seen);
    let direction = if up.is_some() {
        Direction::Down
    } else {
        Direction::Up
    };
    let parts = if up.is_some() && is_blank(seen.text) {
        Vec::new()
    } else {
        vec![Part::whole(seen.text, direction, Mode::Autocommit)]
    };
    let stem = seen.stem();
    let (version, description) = match name::numbered(stem) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    Content {
        version,
        description,
        kind: if is_dump(seen.text) {
            "schema"
        } else {
            "versioned"
        },
        parts,
        up_path: up,
        ..Content::default()
    }
}

/// Of a file that takes back: the one that migrates, which must be there.
fn migrates(seen: &Seen<'_>) -> Option<String> {
    if seen.name == "down.sql" && seen.beside("up.sql") {
        return Some(join(seen.folder, "up.sql"));
    }
    let stem = seen.stem();
    let names = PAIRS.iter().filter_map(|(down, up)| {
        let rest = stem.strip_suffix(down)?;
        Some(format!("{rest}{up}.sql"))
    });
    let mut there = names.filter(|name| seen.beside(name));
    there.next().map(|name| join(seen.folder, &name))
}

/// Does it begin as dumps do?
fn is_dump(text: &str) -> bool {
    let mut head = lines(text).take(DUMP_LINES);
    head.any(|line| line.text.starts_with("-- PostgreSQL database dump"))
}
