//! The version that comes after the newest.

use std::cmp::Ordering;

use jiff::SignedDuration;
use jiff::civil::DateTime;

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
    let version = if rest.len() == name.len() {
        version.split('_').next().unwrap_or(version)
    } else {
        version
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
    if let Some(next) = next_second(version) {
        return next;
    }
    let start = version.rfind(|c: char| !c.is_ascii_digit());
    let (head, last) = version.split_at(start.map_or(0, |at| at + 1));
    match last.parse::<u128>() {
        Ok(number) => format!("{head}{:0width$}", number + 1, width = last.len()),
        Err(_) => format!("{version}1"),
    }
}

/// A second later, of a timestamp; signs between its digits stay.
fn next_second(version: &str) -> Option<String> {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != TIMESTAMP {
        return None;
    }
    let at = DateTime::strptime("%Y%m%d%H%M%S", &digits).ok()?;
    let next = at.checked_add(SignedDuration::from_secs(1)).ok()?;
    let next = next.strftime("%Y%m%d%H%M%S").to_string();
    let mut digits = next.chars();
    let put = |c: char| {
        if c.is_ascii_digit() {
            digits.next()
        } else {
            Some(c)
        }
    };
    version.chars().map(put).collect()
}
