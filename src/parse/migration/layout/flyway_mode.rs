//! Which statements Flyway takes for such as cannot be run in a transaction.

use super::lines::line_number;
use crate::parse::ItemKind;
use crate::parse::split::split;

/// What the statements of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinds {
    /// All can be run in a transaction.
    Inside,
    /// None can.
    Outside,
    /// Some can; the line is that of the first that cannot.
    Mixed(usize),
}

/// Words without which no statement is such a one.
const WORDS: [&[u8]; 8] = [
    b"concurrently",
    b"vacuum",
    b"reindex",
    b"discard",
    b"system",
    b"database",
    b"tablespace",
    b"subscription",
];

/// Sorts the statements of a file.
pub(super) fn kinds(text: &str) -> Kinds {
    if !has_word(text.as_bytes()) {
        return Kinds::Inside;
    }
    let mut inside = 0;
    let mut outside = None;
    for item in split(text).iter().filter(|item| item.kind == ItemKind::Sql) {
        let statement = &text[item.text.clone()];
        if is_outside(statement) {
            outside.get_or_insert(item.text.start);
        } else {
            inside += 1;
        }
    }
    match outside {
        None => Kinds::Inside,
        Some(_) if inside == 0 => Kinds::Outside,
        Some(at) => Kinds::Mixed(line_number(text, at)),
    }
}

/// Does one of the words stand in a text? A quick look, comments and quotes included.
fn has_word(text: &[u8]) -> bool {
    text.split(|byte| !byte.is_ascii_alphabetic())
        .filter(|found| found.len() >= WORDS[1].len())
        .any(|found| WORDS.iter().any(|word| found.eq_ignore_ascii_case(word)))
}

/// Does Flyway run such a statement outside a transaction?
fn is_outside(statement: &str) -> bool {
    let mut words = statement
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase);
    let mut next = || words.next().unwrap_or_default();
    match next().as_str() {
        "CREATE" | "DROP" => match next().as_str() {
            "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" => true,
            "UNIQUE" => next() == "INDEX" && next() == "CONCURRENTLY",
            "INDEX" => next() == "CONCURRENTLY",
            _ => false,
        },
        "ALTER" => next() == "SYSTEM",
        "REINDEX" => {
            let mut word = next();
            if word == "VERBOSE" {
                word = next();
            }
            matches!(word.as_str(), "SCHEMA" | "DATABASE" | "SYSTEM")
        }
        "VACUUM" => true,
        "DISCARD" => next() == "ALL",
        _ => false,
    }
}
