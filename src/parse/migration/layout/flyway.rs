//! Flyway: `V1.2__name.sql`, `R__name.sql`, `U1.2__name.sql`, `B1.2__name.sql`.
//!
//! A file is run statement by statement in a transaction. Beside it `V1.2__name.sql.conf` may say
//! `executeInTransaction=false`; and a file whose statements cannot be run in a transaction is run
//! without one. Files that mix both kinds are refused, unless `mixed` is set.

use super::super::file::{Direction, Mode};
use super::flyway_mode::{self, Kinds};
use super::name;
use super::seen::{Content, Seen};

/// Beginnings of names of files that Flyway runs at some event.
const EVENTS: [&str; 2] = ["before", "after"];
/// What such an event is about.
const STEPS: [&str; 8] = [
    "Baseline", "Clean", "Each", "Info", "Migrate", "Repair", "Undo", "Validate",
];

/// Letter, version and description of a name: `V1_2__add_index`.
pub(super) fn named(stem: &str) -> Option<(char, &str, &str)> {
    let letter = stem.chars().next()?;
    let (version, description) = stem.get(1..)?.split_once("__")?;
    let numbers = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'_';
    let ends = version.starts_with(|c: char| c.is_ascii_digit())
        && version.ends_with(|c: char| c.is_ascii_digit());
    let fits = match letter {
        'V' | 'U' | 'B' => ends && version.bytes().all(numbers),
        'R' => version.is_empty(),
        _ => false,
    };
    fits.then_some((letter, version, description))
}

/// A file that is run at some event: `afterMigrate.sql`, `beforeEachMigrate__name.sql`.
fn is_callback(stem: &str) -> bool {
    let event = stem.split("__").next().unwrap_or_default();
    let step = EVENTS.iter().find_map(|start| event.strip_prefix(start));
    step.is_some_and(|step| STEPS.iter().any(|known| step.starts_with(known)))
}

/// Its name.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let stem = seen.stem();
    let named = match named(stem) {
        Some(('R', ..)) => "R__name.sql",
        Some(('U', ..)) => "U1__name.sql",
        Some(('B', ..)) => "B1__name.sql",
        Some(_) => "V1__name.sql",
        None if is_callback(stem) => "afterMigrate.sql",
        None => return None,
    };
    Some(format!("it is named as Flyway does it (`{named}`)"))
}

/// Does something in the folder say that its files are Flyway's?
pub(super) fn is_near(seen: &Seen<'_>) -> bool {
    let beside = |start| seen.around.beginning(seen.folder, start).is_some();
    let settings = [
        "flyway.conf",
        "flyway.toml",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
    ];
    beside("R__")
        || seen.beside(&format!("{}.conf", seen.name))
        || undone(seen).is_some()
        || settings.iter().any(|name| seen.beside(name))
}

/// Of a file that takes back: the name of the one with the same version that migrates.
fn undone<'a>(seen: &Seen<'a>) -> Option<&'a str> {
    let (letter, version, _) = named(seen.stem())?;
    if letter != 'U' {
        return None;
    }
    seen.around.beginning(seen.folder, &format!("V{version}__"))
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let (letter, version, rest) = named(seen.stem()).unwrap_or(('R', "", seen.stem()));
    let settings = seen
        .around
        .text(seen.folder, &format!("{}.conf", seen.name));
    let says = settings.and_then(|text| setting(text, "executeInTransaction"));
    let kinds = flyway_mode::kinds(seen.text);
    let mode = match (says, kinds) {
        (Some(false), _) | (None, Kinds::Outside | Kinds::Mixed(_)) => Mode::Autocommit,
        (Some(true) | None, _) => Mode::Wrapped,
    };
    let mistake = match kinds {
        Kinds::Mixed(line) if !mixes(seen) => Some(format!(
            "line {line} cannot be run in a transaction and others can: Flyway refuses such a file unless `mixed` is set"
        )),
        _ => None,
    };
    let direction = if letter == 'U' {
        Direction::Down
    } else {
        Direction::Up
    };
    Content {
        version: (!version.is_empty()).then(|| version.replace('_', ".")),
        description: name::words(rest),
        kind: match letter {
            'R' => "repeatable",
            'B' => "schema",
            _ => "versioned",
        },
        parts: seen.whole(direction, mode),
        says_mode: says.is_some() || mode == Mode::Autocommit,
        up_path: undone(seen).map(|name| seen.path_beside(name)),
        mistake,
        ..Content::default()
    }
}

/// Do settings beside the file allow mixing?
fn mixes(seen: &Seen<'_>) -> bool {
    let texts = ["flyway.conf", "flyway.toml"]
        .iter()
        .filter_map(|name| seen.around.text(seen.folder, name));
    let mut texts =
        texts.filter_map(|text| setting(text, "mixed").or_else(|| setting(text, "flyway.mixed")));
    texts.any(|mixed| mixed)
}

/// A switch in a file of settings.
fn setting(text: &str, name: &str) -> Option<bool> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    let mut values = pairs
        .filter(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim());
    values
        .next_back()
        .map(|value| value.eq_ignore_ascii_case("true"))
}
