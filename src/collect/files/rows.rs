//! The rows of a file: JSON in several forms, or CSV.

use std::path::Path;

use serde_json::{Deserializer, Map, Value};

use super::error::FilesError;
use super::time;

/// A row under its column names.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its values.
    pub values: Map<String, Value>,
}

/// Rows that were read at one moment.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// When, microseconds since 1970; unknown where the file does not say.
    pub captured_at: Option<i64>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// The samples of a file, in the order written; by time where all have one.
pub fn parse(path: &Path, text: &str) -> Result<Vec<Sample>, FilesError> {
    let bad = |reason: String| FilesError::content(path, reason);
    let mut reader = Reader::default();
    match text.trim_start().chars().next() {
        None => return Err(bad("it is empty".to_owned())),
        Some('[' | '{') => {
            let mut values = Vec::new();
            for value in Deserializer::from_str(text).into_iter::<Value>() {
                values.push(value.map_err(|error| {
                    bad(format!(
                        "{error}; it has to be JSON or CSV (`psql -At` writes JSON without a frame)"
                    ))
                })?);
            }
            reader.document(values).map_err(bad)?;
        }
        Some(_) => reader.csv(text).map_err(bad)?,
    }
    let mut samples = Vec::new();
    for sample in reader.samples {
        samples.extend(by_time(sample).map_err(bad)?);
    }
    if samples.iter().all(|sample| sample.captured_at.is_some()) {
        samples.sort_by_key(|sample| sample.captured_at);
    }
    Ok(samples)
}

#[derive(Default)]
struct Reader {
    samples: Vec<Sample>,
    rows: usize,
}

impl Reader {
    /// One value is the whole; several are JSON lines.
    fn document(&mut self, mut values: Vec<Value>) -> Result<(), String> {
        if values.len() != 1 {
            return self.list(values, None);
        }
        match values.remove(0) {
            Value::Array(list) => self.list(list, None),
            Value::Object(map) if is_row(&map) => self.list(vec![Value::Object(map)], None),
            Value::Object(map) => self.object(map),
            _ => Err("it holds a single value, not rows".to_owned()),
        }
    }

    /// Rows, or samples that each hold rows.
    fn list(&mut self, list: Vec<Value>, captured_at: Option<i64>) -> Result<(), String> {
        let mut sample = Sample {
            captured_at,
            ..Sample::default()
        };
        let mut nested = false;
        for value in list {
            match value {
                Value::Object(map) if is_row(&map) => {
                    let row = self.row(map);
                    sample.rows.push(row);
                }
                Value::Object(map) => {
                    nested = true;
                    self.object(map)?;
                }
                Value::Array(list) => {
                    nested = true;
                    self.list(list, None)?;
                }
                other => {
                    return Err(format!(
                        "row {} is {}, not an object with column names",
                        self.rows + 1,
                        super::value::shown(&other)
                    ));
                }
            }
        }
        if !nested || !sample.rows.is_empty() {
            self.samples.push(sample);
        }
        Ok(())
    }

    /// An object that holds rows: in `rows`, or each of its lists is a sample.
    fn object(&mut self, map: Map<String, Value>) -> Result<(), String> {
        let captured_at = match map.get("captured_at") {
            Some(value) => time::moment(value).map_err(|error| format!("captured_at: {error}"))?,
            None => None,
        };
        let only_rows = matches!(map.get("rows"), Some(Value::Array(_)));
        for (name, value) in map {
            match value {
                Value::Array(list) if !only_rows || name == "rows" => {
                    self.list(list, captured_at)?;
                }
                Value::Object(inner) if !only_rows && !is_row(&inner) => self.object(inner)?,
                // What stands beside the rows describes them.
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, values: Map<String, Value>) -> Row {
        self.rows += 1;
        Row {
            number: self.rows,
            values,
        }
    }

    fn csv(&mut self, text: &str) -> Result<(), String> {
        let head = text.lines().next().unwrap_or_default();
        if text
            .lines()
            .nth(1)
            .is_some_and(|line| line.trim_start().starts_with("---"))
        {
            return Err(
                "it is a table as psql draws it; write it with `psql --csv`, or as JSON with `psql -At`"
                    .to_owned(),
            );
        }
        let delimiter = [b',', b'\t', b';']
            .into_iter()
            .find(|byte| head.as_bytes().contains(byte))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let names = reader.headers().map_err(|error| error.to_string())?.clone();
        let mut sample = Sample::default();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let pairs = names.iter().zip(record.iter()).map(|(name, value)| {
                let value = match value {
                    "" | "\\N" => Value::Null,
                    text => Value::from(text),
                };
                (name.trim().to_owned(), value)
            });
            let row = self.row(pairs.collect());
            sample.rows.push(row);
        }
        self.samples.push(sample);
        Ok(())
    }
}

/// Whether an object is a row and not something that holds rows: in a member `rows`, or in all of
/// its members. (A row may hold lists too, and even lists of objects.)
fn is_row(map: &Map<String, Value>) -> bool {
    const BESIDE: [&str; 3] = ["captured_at", "format", "tool"];
    if let Some(Value::Array(list)) = map.get("rows") {
        return !list
            .iter()
            .all(|value| value.is_object() || value.is_array());
    }
    let mut members = map
        .iter()
        .filter(|(name, _)| !BESIDE.contains(&name.as_str()));
    let holds_rows = |(_, value): (&String, &Value)| match value {
        Value::Array(_) => true,
        Value::Object(inner) => !is_row(inner),
        _ => false,
    };
    map.is_empty()
        || map.len() == usize::from(map.contains_key("captured_at"))
        || !members.all(holds_rows)
}

/// A sample for each moment that its rows name.
fn by_time(sample: Sample) -> Result<Vec<Sample>, String> {
    let mut samples: Vec<Sample> = Vec::new();
    let given = sample.captured_at;
    if sample.rows.is_empty() {
        return Ok(vec![sample]);
    }
    for row in sample.rows {
        let captured_at = match row.values.get("captured_at") {
            Some(value) => time::moment(value)
                .map_err(|error| format!("captured_at of row {}: {error}", row.number))?,
            None => None,
        };
        let captured_at = captured_at.or(given);
        // Neighbours mostly belong together, so the search goes backwards.
        let known = samples
            .iter_mut()
            .rev()
            .find(|sample| sample.captured_at == captured_at);
        match known {
            Some(sample) => sample.rows.push(row),
            None => samples.push(Sample {
                captured_at,
                rows: vec![row],
            }),
        }
    }
    Ok(samples)
}
