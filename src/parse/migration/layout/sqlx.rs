//! sqlx: `VERSION_name.sql`, or `VERSION_name.up.sql` and `VERSION_name.down.sql`.
//!
//! A file is sent as one string in a transaction, unless it begins with `-- no-transaction`;
//! several statements of a string are then still one transaction.

use super::super::file::{Layout, Mode};
use super::golang_migrate;
use super::name;
use super::seen::{CARGO, Content, Seen};

/// Its comments, or what the project says it uses.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    name::numbered(seen.stem())?;
    match (seen.spoken, seen.folder_speaks) {
        (Some(Layout::Sqlx), _) => Some("it has a comment of sqlx".to_owned()),
        (None, Some(Layout::Sqlx)) => Some("its folder's files have comments of sqlx".to_owned()),
        (None, _) if seen.uses(CARGO, "sqlx") => {
            Some("the project's Cargo.toml names sqlx".to_owned())
        }
        _ => None,
    }
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let alone = seen.text.starts_with("-- no-transaction");
    let mode = if alone { Mode::Script } else { Mode::Wrapped };
    golang_migrate::pair(seen, mode, alone)
}
