//! Prisma: `migrations/TIMESTAMP_name/migration.sql`.
//!
//! A file is sent as one string, and nothing takes it back.

use super::super::file::{Direction, Mode};
use super::name;
use super::seen::{Content, Seen};

/// Digits of its timestamps.
const DIGITS: usize = 14;

/// Its name, and that of its folder or what stands beside that.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    if seen.name != "migration.sql" {
        return None;
    }
    if seen
        .around
        .has(Seen::parent(seen.folder), "migration_lock.toml")
    {
        return Some("it is a `migration.sql` beside Prisma's `migration_lock.toml`".to_owned());
    }
    let stamped = name::numbered(seen.folder_name()).is_some_and(|(n, _)| n.len() == DIGITS);
    stamped.then(|| "it is a `migration.sql` in a folder named as Prisma does it".to_owned())
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let folder = seen.folder_name();
    let (version, description) = match name::numbered(folder) {
        Some((_, rest)) => (folder.to_owned(), name::words(rest)),
        None => (folder.to_owned(), None),
    };
    Content {
        version: Some(version),
        description,
        parts: seen.whole(Direction::Up, Mode::Script),
        ..Content::default()
    }
}
