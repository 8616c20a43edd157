//! A value of a file as a value of a facts column.

use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::time;

/// A column of a facts table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type: INTEGER, REAL or TEXT.
    pub kind: String,
    /// It has to hold something.
    pub required: bool,
    /// What it holds when nothing is given.
    pub has_default: bool,
}

/// The value, or what is wrong with it.
pub fn convert(value: &Value, column: &Column) -> Result<Sql, String> {
    if value.is_null() {
        return Ok(Sql::Null);
    }
    let converted = match column.kind.as_str() {
        "INTEGER" if column.name.ends_with("_at") => {
            time::moment(value)?.map_or(Sql::Null, Sql::Integer)
        }
        "INTEGER" => integer(value).map(Sql::Integer)?,
        "REAL" => real(value, column.name.ends_with("_ms"))?,
        _ => Sql::Text(text(value)),
    };
    Ok(converted)
}

/// A whole number; truth counts as 1.
pub fn integer(value: &Value) -> Result<i64, String> {
    let fail = || format!("{} is no whole number", shown(value));
    match value {
        Value::Bool(truth) => Ok(i64::from(*truth)),
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().and_then(whole))
            .ok_or_else(fail),
        Value::String(text) => {
            let text = text.trim();
            match text {
                "t" | "true" | "on" | "yes" => return Ok(1),
                "f" | "false" | "off" | "no" => return Ok(0),
                _ => {}
            }
            let number = text.parse::<i64>().ok();
            number
                .or_else(|| text.parse::<f64>().ok().and_then(whole))
                .ok_or_else(fail)
        }
        _ => Err(fail()),
    }
}

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.2e18).then_some(number as i64)
}

fn real(value: &Value, is_time: bool) -> Result<Sql, String> {
    let fail = || format!("{} is no number", shown(value));
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse::<f64>()
            .ok()
            .or_else(|| is_time.then(|| time::interval_ms(text)).flatten()),
        _ => None,
    };
    let number = number.ok_or_else(fail)?;
    if number.is_finite() {
        Ok(Sql::Real(number))
    } else {
        Ok(Sql::Null)
    }
}

/// A text; what is none stays as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A list of numbers, which may be an array of `PostgreSQL`, as a JSON list.
pub fn number_list(value: &Value) -> Result<Value, String> {
    let Value::String(text) = value else {
        return Ok(value.clone());
    };
    let inner = text.trim();
    let inner = inner
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
        .ok_or_else(|| format!("{} is no list", shown(value)))?;
    let numbers: Option<Vec<f64>> = inner
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| part.trim().parse().ok())
        .collect();
    numbers
        .map(Value::from)
        .ok_or_else(|| format!("{} is no list of numbers", shown(value)))
}

/// Options of a relation, `{fillfactor=70}` or a list or map, as a JSON map of texts.
pub fn options(value: &Value) -> Value {
    let pairs: Vec<String> = match value {
        Value::Array(list) => list.iter().map(text).collect(),
        Value::String(text) => {
            let text = text.trim().trim_start_matches('{').trim_end_matches('}');
            let parts = text
                .split(',')
                .map(|part| part.trim_matches('"').to_owned());
            parts.filter(|part| !part.is_empty()).collect()
        }
        other => return other.clone(),
    };
    let pairs = pairs.iter().map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, "true"));
        (name.to_owned(), Value::from(value))
    });
    Value::Object(pairs.collect())
}

/// A value as a sentence names it, cut where it is long.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 {
        return text;
    }
    text.chars().take(40).chain(['…']).collect()
}
