//! Rails' `structure.sql`: the whole schema as `pg_dump` wrote it, with the versions that made it.

use super::super::file::{Direction, Layout, Mode};
use super::seen::{Content, Seen};

/// The versions stand at the end.
const TAIL: usize = 64 * 1024;

/// The versions at its end.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let spoken = seen.spoken == Some(Layout::Rails);
    spoken.then(|| {
        "it ends with the versions of `schema_migrations`, as `structure.sql` does".to_owned()
    })
}

/// Does a dump end with the versions of Rails?
pub(super) fn speaks(text: &str) -> bool {
    const MARK: &str = "INSERT INTO \"schema_migrations\" (version) VALUES";
    let start = text.len().saturating_sub(TAIL);
    let tail = &text.as_bytes()[start..];
    memchr::memmem::find(tail, MARK.as_bytes()).is_some()
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    Content {
        kind: "schema",
        parts: seen.whole(Direction::Up, Mode::Autocommit),
        ..Content::default()
    }
}
