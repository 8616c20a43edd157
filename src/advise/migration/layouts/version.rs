//! The version that comes after the newest.

use std::cmp::Ordering;

/// Digits of a timestamp: year to second.
const TIMESTAMP: usize = 14;

/// The number, dotted or dashed, that a name of a file or folder begins with; after `V` or `U` too.
pub fn of_name(name: &str) -> Option<&str> {
    let rest = match name.strip_prefix(['V', 'U']) {
        Some(rest) if rest.contains("__") => rest.split("__").next()?,
        _ => name,
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-' || c == '_'));
    let version = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', '-', '_']);
    // A number that follows the first underscore is part of the name, unless it is Flyway's.
    let version = match rest.len() == name.len() {
        true => version.split('_').next().unwrap_or(version),
        false => version,
    };
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some(version)
}

/// The greater of two versions, by their numbers.
pub fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u128> {
        let runs = text.split(|c: char| !c.is_ascii_digit());
        let runs = runs.filter(|run| !run.is_empty());
        runs.map(|run| run.parse().unwrap_or(u128::MAX)).collect()
    };
    numbers(a).cmp(&numbers(b))
}

/// The version that comes after one, in its form.
pub fn next(version: &str) -> String {
    let start = version
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let (head, last) = version.split_at(start);
    let Ok(number) = last.parse::<u128>() else {
        return format!("{version}1");
    };
    let digits = version.bytes().filter(u8::is_ascii_digit).count();
    let mut number = number + 1;
    if digits == TIMESTAMP && last.len() >= 6 {
        // There is no second 60, and no minute.
        if number % 100 == 60 {
            number += 40;
        }
        if number / 100 % 100 == 60 {
            number += 4_000;
        }
    }
    format!("{head}{number:0width$}", width = last.len())
}
