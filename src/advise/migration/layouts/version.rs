//! The version that comes after the newest.

use std::cmp::Ordering;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::parse::migration::Layout;

/// Forms of a moment by the number of its digits, and how much later the next one is: to the second,
/// to the minute, to the day.
const MOMENTS: [(usize, &str, SignedDuration); 3] = [
    (14, "%Y%m%d%H%M%S", SignedDuration::from_secs(1)),
    (12, "%Y%m%d%H%M", SignedDuration::from_mins(1)),
    (8, "%Y%m%d", SignedDuration::from_hours(24)),
];

/// Digits of seconds and of milliseconds since 1970, from 2001 on.
const EPOCHS: [(usize, i64); 2] = [(10, 1000), (13, 1)];

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
    let later = moment(version).and_then(|(at, form, step)| {
        let next = at.checked_add(step).ok()?;
        Some(in_form(version, &next.strftime(form).to_string()))
    });
    if let Some(later) = later {
        return later;
    }
    let start = version.rfind(|c: char| !c.is_ascii_digit());
    let (head, last) = version.split_at(start.map_or(0, |at| at + 1));
    match last.parse::<u128>() {
        Ok(number) => format!("{head}{:0width$}", number + 1, width = last.len()),
        Err(_) => format!("{version}1"),
    }
}

/// The version of a migration that is made now, after another: where versions are moments it is the
/// present one, if that is later.
pub fn next_at(version: &str, now: Timestamp) -> String {
    let next = next(version);
    let present = if let Some((_, form, _)) = moment(version) {
        let now = now.strftime(form).to_string();
        in_form(version, &now)
    } else {
        let epoch = EPOCHS.iter().find(|(digits, _)| {
            *digits == version.len() && version.starts_with(|c: char| ('1'..='9').contains(&c))
        });
        match epoch {
            Some((_, part)) if version.bytes().all(|byte| byte.is_ascii_digit()) => {
                (now.as_millisecond() / part).to_string()
            }
            _ => return next,
        }
    };
    if compare(&present, &next).is_gt() && present.len() == next.len() {
        present
    } else {
        next
    }
}

/// The first version of a folder, as the tool's own command would give it.
pub fn first(layout: Layout, now: Timestamp) -> String {
    match layout {
        Layout::Flyway | Layout::Refinery => "1".to_owned(),
        Layout::GolangMigrate => "000001".to_owned(),
        Layout::Sql | Layout::Django => "0001".to_owned(),
        Layout::NodePgMigrate => now.as_millisecond().to_string(),
        Layout::Diesel => now.strftime("%Y-%m-%d-%H%M%S").to_string(),
        Layout::Goose
        | Layout::Dbmate
        | Layout::Sqlx
        | Layout::Prisma
        | Layout::Atlas
        | Layout::Rails
        | Layout::Liquibase => now.strftime("%Y%m%d%H%M%S").to_string(),
        Layout::Alembic | Layout::Sqitch => String::new(),
    }
}

/// The moment that a version is, its form and how much later the next one is; signs between its
/// digits do not count.
fn moment(version: &str) -> Option<(DateTime, &'static str, SignedDuration)> {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    let found = MOMENTS.iter().find(|(count, ..)| *count == digits.len());
    let (_, form, step) = *found?;
    // Numbers may be as long; those of this century begin so.
    if !digits.starts_with("20") {
        return None;
    }
    let padded = format!("{digits:0<14}");
    let at = DateTime::strptime("%Y%m%d%H%M%S", &padded).ok()?;
    Some((at, form, step))
}

/// Digits in the place of those of a version; signs between them stay.
fn in_form(version: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    let put = |c: char| {
        if c.is_ascii_digit() {
            digits.next().unwrap_or(c)
        } else {
            c
        }
    };
    version.chars().map(put).collect()
}
