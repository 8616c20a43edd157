//! refinery: `V1__name.sql`, and `U1__name.sql` for those that need not come in order.
//!
//! A file is sent as one string in a transaction, unless a line of it says
//! `-- refinery:noTransaction`. Nothing takes it back.

use super::super::file::{Direction, Layout, Mode};
use super::flyway;
use super::lines::{comment, lines};
use super::name;
use super::seen::{CARGO, Content, Seen};

/// The greatest version that it takes by default has so many digits.
const DIGITS: usize = 10;

/// Its comments or what the project uses; else a name that Flyway has too, in a folder that is
/// named as refinery's and not as Flyway's.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let (letter, version, _) = flyway::named(seen.stem())?;
    if !matches!(letter, 'V' | 'U') {
        return None;
    }
    if seen.spoken == Some(Layout::Refinery) {
        return Some("it has a comment of refinery".to_owned());
    }
    if seen.folder_speaks == Some(Layout::Refinery) {
        return Some("its folder's files have comments of refinery".to_owned());
    }
    if seen.uses(CARGO, "refinery") {
        return Some("the project's Cargo.toml names refinery".to_owned());
    }
    let plain = version.len() <= DIGITS && version.bytes().all(|byte| byte.is_ascii_digit());
    let folder = seen.folder_name() == "migrations";
    (plain && folder && !flyway::is_near(seen)).then(|| {
        "it is named as refinery and Flyway do it, in a folder named as refinery's (`migrations`)"
            .to_owned()
    })
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let alone = lines(seen.text).any(|line| {
        comment(line.text).is_some_and(|said| {
            said == "refinery:noTransaction" || said == "+refinery NO TRANSACTION"
        })
    });
    let mode = if alone { Mode::Script } else { Mode::Wrapped };
    let named = flyway::named(seen.stem());
    Content {
        version: named.map(|(_, version, _)| version.to_owned()),
        description: named.and_then(|(_, _, rest)| name::words(rest)),
        parts: seen.whole(Direction::Up, mode),
        says_mode: alone,
        ..Content::default()
    }
}
