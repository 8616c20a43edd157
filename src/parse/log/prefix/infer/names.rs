//! Which escape writes a name.

use super::class::Class;
use super::head::Head;
use super::numbers::best;
use super::propose::Column;
use super::words::{BACKENDS, COMMANDS, STATES, announced};

const ESCAPES: [char; 6] = ['u', 'd', 'a', 'h', 'b', 'i'];

/// What a message says of the session that wrote it.
#[derive(Debug, Clone, Copy, Default)]
struct Said<'a> {
    user: Option<&'a [u8]>,
    database: Option<&'a [u8]>,
    host: Option<&'a [u8]>,
}

/// The escapes of names: user, database, application, host, or one that is not kept.
pub(super) fn names(columns: &mut [Column<'_>], heads: &[Head<'_>]) {
    let said: Vec<Said<'_>> = heads.iter().map(|head| said(head.message)).collect();
    let places: Vec<usize> = (0..columns.len())
        .filter(|place| columns[*place].class == Class::Name)
        .collect();
    let scores: Vec<[f64; 6]> = places
        .iter()
        .enumerate()
        .map(|(order, place)| {
            ESCAPES.map(|escape| score(columns, &places, order, *place, escape, &said))
        })
        .collect();
    for (place, choice) in places.iter().zip(best(&scores)) {
        columns[*place].escape = choice.map_or('i', |choice| ESCAPES[choice]);
    }
}

/// `connection authorized: user=a database=b` and `disconnection: … user=a database=b host=c`. Only
/// English: other languages have the log's other hints.
fn said(message: &[u8]) -> Said<'_> {
    let is_of_session = [&b"connection authorized: "[..], b"disconnection: "]
        .iter()
        .any(|begin| message.starts_with(begin));
    if !is_of_session {
        return Said::default();
    }
    let between = |before: &[u8], after: &[&[u8]]| {
        let start = memchr::memmem::find(message, before)? + before.len();
        let rest = &message[start..];
        let ends = after
            .iter()
            .filter_map(|after| memchr::memmem::find(rest, after));
        Some(&rest[..ends.min().unwrap_or(rest.len())])
    };
    Said {
        user: between(b"user=", &[b" database=", b" application_name="]),
        database: between(b" database=", &[b" application_name=", b" host=", b" SSL "]),
        host: between(b" host=", &[b" port="]),
    }
}

fn score(
    columns: &[Column<'_>],
    places: &[usize],
    order: usize,
    place: usize,
    escape: char,
    said: &[Said<'_>],
) -> f64 {
    let column = &columns[place];
    let share = |is: &dyn Fn(usize, &[u8]) -> Option<bool>| {
        let answers = column.values.iter().enumerate();
        let answers = answers.filter_map(|(line, value)| is(line, (*value)?));
        let (count, yes) =
            answers.fold((0, 0), |(count, yes), is| (count + 1, yes + i32::from(is)));
        f64::from(yes) / f64::from(count.max(1))
    };
    let of_values = |is: &dyn Fn(&[u8]) -> bool| {
        share(&|_, value| (!value.is_empty() && value != b"[unknown]").then(|| is(value)))
    };
    let mark = match announced(&column.before) {
        Some(mark) if mark == escape || mark == 'c' && escape == 'a' => 8.0,
        Some(mark) if ESCAPES.contains(&mark) => -4.0,
        _ => 0.0,
    };
    let follows_at = column.before == b"@" && order > 0;
    let precedes_at = column.after == b"@" && order + 1 < places.len();
    let has = |value: &[u8], signs: &[u8]| value.iter().any(|b| signs.contains(b));
    mark + match escape {
        'u' => {
            10.0 * share(&|line, value| Some(said[line].user? == value))
                + if precedes_at { 3.0 } else { 0.0 }
                + of_values(&|value| value == b"postgres")
                - 0.1 * order as f64
        }
        'd' => {
            10.0 * share(&|line, value| Some(said[line].database? == value))
                + if follows_at { 3.0 } else { 0.0 }
                + 0.5 * of_values(&|value| value == b"postgres" || value == b"template1")
        }
        'a' => {
            let alone = |line: usize, value: &[u8]| {
                let others = places.iter().filter(|other| **other != place);
                let mut others = others.filter_map(|other| columns[*other].values[line]);
                let known = others.any(|other| !other.is_empty() && other != b"[unknown]");
                known.then_some(value == b"[unknown]")
            };
            let is_program = |value: &[u8]| {
                has(value, b" ./-")
                    || value.iter().any(u8::is_ascii_uppercase)
                    || value.starts_with(b"pg")
                    || value == b"psql"
            };
            4.0 * share(&alone).min(0.5) + 1.5 * of_values(&is_program) + 0.1 * order as f64 - 0.2
        }
        'h' => {
            let is_host =
                |value: &[u8]| value == b"localhost" || has(value, b".") && !has(value, b" ");
            10.0 * share(&|line, value| Some(said[line].host? == value)) + 1.2 * of_values(&is_host)
                - 1.0
        }
        'b' => 6.0 * of_values(&|value| BACKENDS.iter().any(|b| b.as_bytes() == value)) - 2.0,
        _ => {
            let is_command = |value: &[u8]| {
                let first = value.split(|b| *b == b' ').next().unwrap_or_default();
                let known = |word: &&&str| word.as_bytes() == value || word.as_bytes() == first;
                STATES.iter().chain(COMMANDS).any(|word| known(&word))
            };
            6.0 * of_values(&is_command) - 2.0
        }
    }
}
