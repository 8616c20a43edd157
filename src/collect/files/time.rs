//! Moments and durations as files write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::Value;

/// Microseconds since 1970 of a moment: a number of seconds, or a timestamp as `PostgreSQL` or
/// JSON writes it, in UTC where it names no offset. None for `infinity`.
pub fn moment(value: &Value) -> Result<Option<i64>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number
            .as_f64()
            .and_then(micros)
            .map(Some)
            .ok_or_else(|| format!("{number} is no moment")),
        Value::String(text) => from_text(text.trim()),
        other => Err(format!("{other} is no moment")),
    }
}

/// Seconds are expected; whatever would be beyond the year 5000 is milliseconds or microseconds.
fn micros(number: f64) -> Option<i64> {
    let scale = match number.abs() {
        size if size < 1e11 => 1e6,
        size if size < 1e14 => 1e3,
        size if size < 9e17 => 1.0,
        _ => return None,
    };
    Some((number * scale).round() as i64)
}

fn from_text(text: &str) -> Result<Option<i64>, String> {
    if matches!(text, "" | "infinity" | "-infinity") {
        return Ok(None);
    }
    if let Ok(number) = text.parse::<f64>() {
        return micros(number)
            .map(Some)
            .ok_or_else(|| format!("`{text}` is no moment"));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(at.as_microsecond()));
    }
    let civil: DateTime = text
        .parse()
        .map_err(|_| format!("`{text}` is no timestamp such as 2026-01-31 12:00:00+00"))?;
    Offset::UTC
        .to_timestamp(civil)
        .map(|at| Some(at.as_microsecond()))
        .map_err(|_| format!("`{text}` is no timestamp of our times"))
}

/// Milliseconds of an interval such as `00:00:01.5` or `2 days 01:00:00`.
pub fn interval_ms(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word.contains(':') {
            let (sign, word) = match word.strip_prefix('-') {
                Some(rest) => (-1.0, rest),
                None => (1.0, word),
            };
            let mut seconds = 0.0;
            for part in word.split(':') {
                seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
            }
            total += sign * seconds;
        } else {
            let count: f64 = word.parse().ok()?;
            let unit = words.next()?;
            total += match unit.trim_end_matches('s') {
                "day" => count * 86_400.0,
                "hour" => count * 3600.0,
                _ => return None,
            };
        }
    }
    (!text.trim().is_empty()).then_some(total * 1000.0)
}
