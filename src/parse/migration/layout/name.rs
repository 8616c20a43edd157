//! Names of files taken apart: numbers, descriptions, directions.

use std::cmp::Ordering;

use super::super::file::Direction;

/// A name without its ending `.sql`, whatever its case.
pub(super) fn stem(name: &str) -> &str {
    let at = name.len().saturating_sub(4);
    match name.get(at..) {
        Some(ending) if ending.eq_ignore_ascii_case(".sql") => &name[..at],
        _ => name,
    }
}

/// The number that a stem begins with and what follows it: `20260131_add`, `001-init`, `7.x`, `12`.
pub(super) fn numbered(stem: &str) -> Option<(&str, &str)> {
    let end = stem.find(|c: char| !c.is_ascii_digit());
    let end = end.unwrap_or(stem.len());
    if end == 0 {
        return None;
    }
    let rest = &stem[end..];
    match rest.chars().next() {
        None => Some((stem, "")),
        Some('_' | '-' | '.' | ' ') => Some((&stem[..end], &rest[1..])),
        Some(_) => None,
    }
}

/// A stem without the word for its direction: `.up`, `.down`.
pub(super) fn directed(stem: &str) -> Option<(&str, Direction)> {
    let up = stem.strip_suffix(".up").map(|rest| (rest, Direction::Up));
    up.or_else(|| {
        let down = stem.strip_suffix(".down");
        down.map(|rest| (rest, Direction::Down))
    })
}

/// A description as people write it.
pub(super) fn words(text: &str) -> Option<String> {
    let words = text.replace('_', " ");
    let words = words.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

/// Versions by their numbers: `2` before `10`, `1.2` before `1.10`, `1` the same as `1.0`.
pub(super) fn by_numbers(a: &str, b: &str) -> Ordering {
    let mut left = numbers(a);
    let mut right = numbers(b);
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Some(a), None) => a.len().cmp(&0),
            (None, Some(b)) => 0.cmp(&b.len()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Runs of digits without leading zeros: a nought is empty.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| run.trim_start_matches('0'))
}
