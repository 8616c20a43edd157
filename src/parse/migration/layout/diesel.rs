//! Diesel: `VERSION_name/up.sql` and `down.sql`, and settings in `metadata.toml`.
//!
//! A file is sent as one string, in a transaction unless `run_in_transaction` is false; without
//! one, several statements of a string are still one transaction.

use super::super::file::{Direction, Mode};
use super::name;
use super::seen::{Content, Seen};

/// Its name and that of its folder.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let named = seen.name == "up.sql" || seen.name == "down.sql";
    let numbered = || {
        version(seen.folder_name())
            .0
            .starts_with(|c: char| c.is_ascii_digit())
    };
    (named && numbered()).then(|| {
        format!(
            "it is a `{}` in a folder named as Diesel does it",
            seen.name
        )
    })
}

/// Version and name of a folder: the version ends at the first `_`, dashes in it are no part of it.
fn version(folder: &str) -> (String, &str) {
    let (version, rest) = folder.split_once('_').unwrap_or((folder, ""));
    (version.replace('-', ""), rest)
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let (version, rest) = version(seen.folder_name());
    let settings = seen.around.text(seen.folder, "metadata.toml");
    let says = settings.and_then(in_transaction);
    let mode = match says {
        Some(false) => Mode::Script,
        _ => Mode::Wrapped,
    };
    let is_down = seen.name == "down.sql";
    let direction = if is_down {
        Direction::Down
    } else {
        Direction::Up
    };
    let up = is_down && seen.beside("up.sql");
    Content {
        version: Some(version),
        description: name::words(rest),
        parts: seen.whole(direction, mode),
        says_mode: says.is_some(),
        up_path: up.then(|| seen.path_beside("up.sql")),
        ..Content::default()
    }
}

/// What the settings say of transactions.
fn in_transaction(settings: &str) -> Option<bool> {
    let table: toml::Table = settings.parse().ok()?;
    table.get("run_in_transaction")?.as_bool()
}
