//! Which of two cuts of the same heads is the likelier. A cut costs more the less it explains; the
//! figures are weights that were found by trial on prefixes of all kinds.

use std::collections::BTreeSet;

use memchr::memmem;

use super::class::Class;
use super::words::{announced, escape_of};

/// What it costs to leave all lines unexplained.
pub(super) const ALL_LOST: f64 = 120.0;
/// `%q`.
pub(super) const STOP: f64 = 1.0;
/// Blanks around a value.
pub(super) const PAD: f64 = 2.0;

/// A constant sign.
pub(super) fn sign() -> f64 {
    0.2
}

/// A constant word. Most are the value of a name that is the same in all lines; those that announce
/// a value are not.
pub(super) fn word(word: &[u8], next: Option<u8>, previous: Option<u8>) -> f64 {
    if word.iter().all(u8::is_ascii_digit) {
        return match (word.len(), previous) {
            (1, Some(b'-')) => 0.5,
            (length, _) => 4.0 * length as f64,
        };
    }
    let has_sign = matches!(next, Some(b'=' | b':' | b'#'));
    // What syslog would write.
    let is_program = next == Some(b'[') && matches!(word, b"postgres" | b"postgresql" | b"pg");
    if is_program || next == Some(b'=') || escape_of(word, has_sign).is_some() {
        return 1.0;
    }
    9.0
}

/// A value of a known form.
pub(super) fn typed(class: Class, values: &[&[u8]]) -> f64 {
    let filled = values.iter().filter(|value| !value.is_empty());
    let distinct: BTreeSet<&&[u8]> = filled.collect();
    let only = (distinct.len() == 1).then(|| **distinct.iter().next().unwrap_or(&&&b""[..]));
    match class {
        Class::Millis | Class::Seconds | Class::Epoch | Class::Session => 0.5,
        Class::Virtual => virtual_transaction(&distinct),
        Class::Backend | Class::Tag => 1.0,
        Class::Code => code(&distinct),
        Class::Address | Class::Signed => 1.5,
        Class::Integer => match only {
            Some(b"0") | None => 1.0,
            Some(value) if value.len() > 1 => 1.5,
            Some(_) => 3.5,
        },
        Class::MaybeInteger => 4.0,
        Class::Name => 0.0,
    }
}

/// The number of a backend is small; a process id and a line may look alike.
fn virtual_transaction(distinct: &BTreeSet<&&[u8]>) -> f64 {
    let backend = |value: &[u8]| value.iter().take_while(|b| **b != b'/').count();
    if distinct.iter().any(|value| backend(value) > 3) {
        4.0
    } else {
        1.0
    }
}

/// Most values of `%e` are 00000, which no number of a process is; others hold a letter.
fn code(distinct: &BTreeSet<&&[u8]>) -> f64 {
    let is_code =
        |value: &&&&[u8]| ***value == b"00000" || value.iter().any(u8::is_ascii_uppercase);
    if distinct.iter().any(|value| is_code(&value)) {
        0.8
    } else {
        6.0
    }
}

/// Any text. What stands in all of its values alike is more likely a sign between two of them.
pub(super) fn name(values: &[&[u8]], before: &[u8]) -> f64 {
    let filled: BTreeSet<&[u8]> = values
        .iter()
        .copied()
        .filter(|value| !matches!(value.trim_ascii(), b"" | b"[unknown]"))
        .collect();
    let mark = announced(before);
    if filled.is_empty() {
        // Nothing was ever written there, but a word says what would be.
        return if mark.is_some() { 2.0 } else { 30.0 };
    }
    let count = filled.len() as f64;
    let share = |is: &dyn Fn(&[u8]) -> bool| {
        filled.iter().filter(|value| is(value.trim_ascii())).count() as f64 / count
    };
    let average = filled
        .iter()
        .map(|value| value.trim_ascii().len())
        .sum::<usize>() as f64
        / count;
    let mut cost = 3.5 + 0.25 * average;
    for sign in b"@,|;=/:[](){}<>#" {
        let weight = match sign {
            b'=' => 9.0,
            b'@' | b',' | b'|' | b';' => 7.0,
            b':' | b'/' => 4.5,
            _ => 3.0,
        };
        cost += weight * share(&|value| value.contains(sign));
    }
    let blanks = |value: &&[u8]| memchr::memchr_iter(b' ', value.trim_ascii()).count();
    let fewest = filled.iter().map(blanks).min().unwrap_or(0);
    let is_enclosed = matches!(before.last(), Some(b'[' | b'(' | b'{'));
    if fewest > 0 && mark != Some('a') && !is_enclosed {
        cost += 3.5 + fewest.min(3) as f64;
    }
    cost += 9.0 * share(&begins_with_an_end);
    cost += 120.0 * share(&begins_with_a_time);
    // Two names, or one with blanks around it.
    cost += 12.0
        * share(&|value| {
            let unknown = memmem::find(value, b"[unknown]").is_some();
            unknown || memmem::find(value, b"  ").is_some()
        });
    cost += match padding(values) {
        Some(0) => 0.0,
        Some(_) => PAD,
        None => 10.0,
    };
    cost + 20.0 * share(&|value| value.len() > 64)
}

/// A date or seconds since 1970: a name never takes a time in its stead.
fn begins_with_a_time(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    matches!(
        (digits, value.get(digits)),
        (4, Some(b'-')) | (10, Some(b'.'))
    )
}

/// Whether the first bracket of a text is one that closes.
fn begins_with_an_end(value: &[u8]) -> bool {
    let bracket = value.iter().find(|b| b"[](){}".contains(b));
    matches!(bracket, Some(b']' | b')' | b'}'))
}

/// The width to which values are filled up with blanks, negative where these follow; 0 where they
/// have none, and none where they are not all of the same width.
pub(super) fn padding(values: &[&[u8]]) -> Option<i32> {
    let filled = values.iter().filter(|value| !value.trim_ascii().is_empty());
    let is_left = |value: &&&[u8]| value.first() == Some(&b' ');
    let is_right = |value: &&&[u8]| value.last() == Some(&b' ');
    let left = filled.clone().filter(is_left).map(|value| value.len());
    let right = filled.clone().filter(is_right).map(|value| value.len());
    let (least, most, sign) = match (left.clone().min(), right.clone().min()) {
        (None, None) => return Some(0),
        (Some(least), None) => (least, left.max()?, 1),
        (None, Some(least)) => (least, right.max()?, -1),
        (Some(_), Some(_)) => return None,
    };
    let is_wide = least == most && filled.clone().all(|value| value.len() >= least);
    // A single blank after one name only is a sign.
    let blanks = |value: &&&[u8]| value.len() - value.trim_ascii().len();
    let is_sure = filled.clone().any(|value| blanks(&value) > 1);
    (is_wide && is_sure).then(|| sign * least as i32)
}
