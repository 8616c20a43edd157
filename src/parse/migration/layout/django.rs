//! What Django prints of a migration (`sqlmigrate`).
//!
//! Atomic migrations begin with BEGIN and end with COMMIT; those with `atomic = False` have
//! neither, and Django runs them statement by statement.

use super::super::file::{Direction, Layout, Mode};
use super::lines::lines;
use super::name;
use super::seen::{Content, Seen};

/// Beginnings of what Django says of an operation.
const OPERATIONS: [&str; 14] = [
    "Add ",
    "Alter ",
    "Change ",
    "Concurrently ",
    "Create ",
    "Custom migration operation",
    "Custom state/database change",
    "Delete ",
    "MIGRATION NOW PERFORMS OPERATION THAT CANNOT BE WRITTEN AS SQL",
    "Raw Python operation",
    "Raw SQL operation",
    "Remove ",
    "Rename ",
    "Validate ",
];

/// Comments as Django writes them.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let spoken = seen.spoken == Some(Layout::Django);
    spoken.then(|| "its operations are announced as Django's `sqlmigrate` does it".to_owned())
}

/// `--`, what the operation does, `--`: at the beginning, or behind BEGIN.
pub(super) fn speaks(text: &str) -> bool {
    let mut lines = lines(text)
        .map(|line| line.text)
        .skip_while(|line| line.is_empty());
    let mut first = lines.next();
    let begins = first == Some("BEGIN;");
    if begins {
        first = lines.next();
    }
    let said = lines.next().and_then(|line| line.strip_prefix("-- "));
    let (Some("--"), Some(said), Some("--")) = (first, said, lines.next()) else {
        return false;
    };
    OPERATIONS
        .iter()
        .any(|operation| said.starts_with(operation))
        || (begins && !said.starts_with("PostgreSQL database"))
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let (version, description) = match name::numbered(seen.stem()) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    Content {
        version,
        description,
        parts: seen.whole(Direction::Up, Mode::Autocommit),
        ..Content::default()
    }
}
