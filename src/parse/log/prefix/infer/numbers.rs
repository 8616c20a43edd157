//! Which escape writes a time, and which one a number.

use std::collections::HashMap;

use super::class::Class;
use super::propose::Column;
use super::words::announced;

/// Largest process id that Linux gives.
const MOST_PID: u64 = 4_194_304;

/// The escapes of times without milliseconds: the time of a record is the latest of them, the
/// others are those of the session's start.
pub(super) fn times(columns: &mut [Column<'_>]) {
    let is_exact = |c: &Column<'_>| matches!(c.class, Class::Millis | Class::Epoch);
    let has_exact = columns.iter().any(is_exact);
    let seconds: Vec<usize> = (0..columns.len())
        .filter(|place| columns[*place].class == Class::Seconds)
        .collect();
    let lines = columns.first().map_or(0, |column| column.values.len());
    let latest = |place: &usize| -> usize {
        let value = |place: usize, line: usize| columns[place].values[line];
        let is_latest = |line: &usize| {
            seconds
                .iter()
                .all(|o| value(*o, *line) <= value(*place, *line))
        };
        (0..lines).filter(is_latest).count()
    };
    let time = seconds.iter().copied().rev().max_by_key(latest);
    for place in seconds {
        // Time goes on from line to line; sessions began at any time.
        let values: Vec<&[u8]> = columns[place].values.iter().flatten().copied().collect();
        let goes_on = values.windows(2).filter(|pair| pair[0] <= pair[1]).count();
        let is_in_order = goes_on * 10 >= values.len().saturating_sub(1) * 9;
        columns[place].escape = if time == Some(place) && !has_exact && is_in_order {
            't'
        } else {
            's'
        };
    }
}

/// The escapes of whole numbers: process id, line, transaction, query.
pub(super) fn integers(columns: &mut [Column<'_>]) {
    const ESCAPES: [char; 4] = ['p', 'l', 'x', 'Q'];
    let places: Vec<usize> = (0..columns.len())
        .filter(|place| columns[*place].class == Class::Integer)
        .collect();
    let scores: Vec<[f64; 4]> = places
        .iter()
        .map(|place| ESCAPES.map(|escape| score(columns, *place, &places, escape)))
        .collect();
    for (place, choice) in places.iter().zip(best(&scores)) {
        // Any further number is read as one and not kept.
        columns[*place].escape = choice.map_or('l', |choice| ESCAPES[choice]);
    }
}

/// The choice for each row that makes the largest sum, each taken once; more rows than choices have
/// none.
pub(super) fn best<const N: usize>(scores: &[[f64; N]]) -> Vec<Option<usize>> {
    fn go<const N: usize>(scores: &[[f64; N]], taken: &mut [bool; N]) -> (f64, Vec<Option<usize>>) {
        let Some((row, rest)) = scores.split_first() else {
            return (0.0, Vec::new());
        };
        let mut found: (f64, Vec<Option<usize>>) = (f64::MIN, Vec::new());
        for choice in (0..N).map(Some).chain([None]) {
            if choice.is_some_and(|choice| taken[choice]) {
                continue;
            }
            choice.inspect(|choice| taken[*choice] = true);
            let (sum, mut others) = go(rest, taken);
            choice.inspect(|choice| taken[*choice] = false);
            let sum = sum + choice.map_or(-20.0, |choice| row[choice]);
            if sum > found.0 {
                others.insert(0, choice);
                found = (sum, others);
            }
        }
        found
    }
    // The work grows with the factorial of the rows, of which no prefix has many.
    let (first, more) = scores.split_at(scores.len().min(6));
    let mut found = go(first, &mut [false; N]).1;
    found.extend(more.iter().map(|_| None));
    found
}

fn score(columns: &[Column<'_>], place: usize, places: &[usize], escape: char) -> f64 {
    let column = &columns[place];
    let values: Vec<Option<u64>> = column.numbers().collect();
    let share = |is: &dyn Fn(u64) -> bool| {
        let known = values.iter().flatten();
        let count = known.clone().filter(|value| is(**value)).count();
        count as f64 / known.count().max(1) as f64
    };
    let zeros = share(&|value| value == 0);
    let mark = match announced(&column.before) {
        Some(mark) if mark == escape => 8.0,
        Some(_) => -3.0,
        None => 0.0,
    };
    mark + match escape {
        'p' => {
            let enclosed = column.before.ends_with(b"[") && column.after.first() == Some(&b']');
            f64::from(u8::from(enclosed)) + 2.0 * repeated(&values) + of_session(columns, &values)
                - 10.0 * zeros
                - 10.0 * share(&|value| value > MOST_PID)
                + share(&|value| value > 300)
        }
        'l' => {
            let by_session = columns.iter().filter(|c| c.class == Class::Session);
            let by_number = places.iter().filter(|other| **other != place);
            let keys = by_session.chain(by_number.map(|other| &columns[*other]));
            let grows = keys
                .map(|key| growing(&key.values, &values))
                .fold(0.0, f64::max);
            let chunk = if column.after.starts_with(b"-1") {
                3.0
            } else {
                0.0
            };
            chunk + 4.0 * grows - 5.0 * zeros - share(&|value| value > 1_000_000)
        }
        'x' => 4.0 * zeros + share(&|value| value > 700 && value < 1 << 32) * 0.5,
        _ => zeros + 8.0 * share(&|value| value > 1 << 32),
    }
}

/// How often a value is that of the line before.
fn repeated(values: &[Option<u64>]) -> f64 {
    let equal = values.windows(2).filter(|pair| pair[0] == pair[1]).count();
    equal as f64 / values.len().max(1) as f64
}

/// Whether values are the process ids that the session ids have.
fn of_session(columns: &[Column<'_>], values: &[Option<u64>]) -> f64 {
    let Some(session) = columns.iter().find(|c| c.class == Class::Session) else {
        return 0.0;
    };
    let equal = session
        .values
        .iter()
        .zip(values)
        .filter(|(session, value)| {
            let text = session.and_then(|text| std::str::from_utf8(text).ok());
            let pid = text.and_then(|text| text.split_once('.'));
            let pid = pid.and_then(|(_, pid)| u64::from_str_radix(pid, 16).ok());
            pid.is_some() && pid == **value
        });
    20.0 * (equal.count() as f64 / values.len().max(1) as f64 - 0.5)
}

/// How often a value is larger than the last one of the same key.
fn growing(keys: &[Option<&[u8]>], values: &[Option<u64>]) -> f64 {
    let mut last: HashMap<&[u8], u64> = HashMap::new();
    let (mut pairs, mut more) = (0, 0);
    for (key, value) in keys.iter().zip(values) {
        if let (Some(key), Some(value)) = (key, value)
            && let Some(last) = last.insert(key, *value)
        {
            pairs += 1;
            more += i32::from(*value > last);
        }
    }
    if pairs == 0 {
        return 0.0;
    }
    // A few by chance say little.
    (f64::from(more) / f64::from(pairs) - 0.4) * (f64::from(pairs) / 8.0).min(1.6)
}
