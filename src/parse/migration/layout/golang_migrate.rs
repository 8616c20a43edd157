//! golang-migrate: `VERSION_name.up.sql` and `VERSION_name.down.sql`.
//!
//! A file is sent as one string, unless the command asks for `x-multi-statement`.

use super::super::file::{Direction, Mode, Part};
use super::lines::is_blank;
use super::name;
use super::seen::{Content, Seen};

/// Its name.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let (rest, direction) = name::directed(seen.stem())?;
    name::numbered(rest)?;
    let ending = direction.word();
    Some(format!(
        "it is named as golang-migrate does it (`VERSION_name.{ending}.sql`)"
    ))
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    pair(seen, Mode::Script, false)
}

/// Takes a file apart that has its direction in its name.
pub(super) fn pair(seen: &Seen<'_>, mode: Mode, says_mode: bool) -> Content {
    let stem = seen.stem();
    let (rest, direction) = name::directed(stem).unwrap_or((stem, Direction::Up));
    let (version, description) = match name::numbered(rest) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    let up = format!("{rest}.up.sql");
    let up_path = (direction == Direction::Down && seen.beside(&up)).then(|| seen.path_beside(&up));
    let parts = if direction == Direction::Down && is_blank(seen.text) {
        Vec::new()
    } else {
        vec![Part::whole(seen.text, direction, mode)]
    };
    Content {
        version,
        description,
        parts,
        says_mode,
        up_path,
        ..Content::default()
    }
}
