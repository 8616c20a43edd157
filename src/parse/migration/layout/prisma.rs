//! Prisma: `migrations/TIMESTAMP_name/migration.sql`.
//!
//! A file is sent as one string. What takes it back may stand in a `down.sql` beside it, which is run by
//! hand.

use super::super::file::{Direction, Mode};
use super::name;
use super::seen::{Content, Seen};

/// Digits of its timestamps.
const DIGITS: usize = 14;
/// What migrates.
const UP: &str = "migration.sql";
/// What takes it back.
const DOWN: &str = "down.sql";

/// Its name, and that of its folder or what stands beside that.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let is_down = seen.name == DOWN && seen.beside(UP);
    if seen.name != UP && !is_down {
        return None;
    }
    if seen
        .around
        .has(Seen::parent(seen.folder), "migration_lock.toml")
    {
        let name = seen.name;
        return Some(format!(
            "it is a `{name}` beside Prisma's `migration_lock.toml`"
        ));
    }
    let stamped = name::numbered(seen.folder_name()).is_some_and(|(n, _)| n.len() == DIGITS);
    let name = seen.name;
    stamped.then(|| format!("it is a `{name}` in a folder named as Prisma does it"))
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let folder = seen.folder_name();
    let (version, description) = match name::numbered(folder) {
        Some((_, rest)) => (folder.to_owned(), name::words(rest)),
        None => (folder.to_owned(), None),
    };
    let is_down = seen.name == DOWN;
    let direction = if is_down {
        Direction::Down
    } else {
        Direction::Up
    };
    Content {
        version: Some(version),
        description,
        parts: seen.whole(direction, Mode::Script),
        up_path: (is_down && seen.beside(UP)).then(|| seen.path_beside(UP)),
        ..Content::default()
    }
}
