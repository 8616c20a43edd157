//! Parameters of rules: typed values, written as people write them in `postgresql.conf`.

use std::fmt;

use rusqlite::types::{ToSql, ToSqlOutput, Value as SqlValue};

/// A parameter's value. The kind of a page's default is the kind an override must have.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Bytes, written `"1MB"` with the units of `PostgreSQL` (powers of 1024).
    Size(i64),
    /// Milliseconds, written `"5min"` with the units of `PostgreSQL`.
    Duration(f64),
    /// A share or a factor, written `"20%"` or `0.2`.
    Ratio(f64),
    /// A whole number without a unit.
    Count(i64),
    /// Any other text.
    Text(String),
    /// Several texts; a query sees a JSON array, for `json_each(:name)`.
    List(Vec<String>),
}

/// The kind of a [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Value::Size`].
    Size,
    /// See [`Value::Duration`].
    Duration,
    /// See [`Value::Ratio`].
    Ratio,
    /// See [`Value::Count`].
    Count,
    /// See [`Value::Text`].
    Text,
    /// See [`Value::List`].
    List,
}

/// A value that is not of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found} is not {}", .wanted.how_written())]
pub struct WrongKind {
    found: String,
    wanted: Kind,
}

const SIZES: [(&str, i64); 6] = [
    ("B", 1),
    ("kB", 1 << 10),
    ("MB", 1 << 20),
    ("GB", 1 << 30),
    ("TB", 1 << 40),
    ("PB", 1 << 50),
];
const DURATIONS: [(&str, f64); 6] = [
    ("us", 0.001),
    ("ms", 1.0),
    ("s", 1_000.0),
    ("min", 60_000.0),
    ("h", 3_600_000.0),
    ("d", 86_400_000.0),
];

impl Kind {
    /// Name of the kind, as docs and tables show it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Duration => "duration",
            Self::Ratio => "ratio",
            Self::Count => "count",
            Self::Text => "text",
            Self::List => "list",
        }
    }

    /// What a value of this kind looks like.
    pub fn how_written(self) -> &'static str {
        match self {
            Self::Size => "a size such as \"10MB\" (B, kB, MB, GB, TB, PB)",
            Self::Duration => "a duration such as \"5min\" (us, ms, s, min, h, d)",
            Self::Ratio => "a ratio such as \"20%\" or 0.2",
            Self::Count => "a whole number such as 1000",
            Self::Text => "a text in quotes",
            Self::List => "a list of texts such as [\"a\", \"b\"]",
        }
    }
}

impl Value {
    /// The value with the kind its writing suggests: how a page's default is read.
    pub fn infer(toml: &toml::Value) -> Option<Self> {
        let kinds: &[Kind] = match toml {
            toml::Value::String(_) => &[
                Kind::Size,
                Kind::Duration,
                Kind::Ratio,
                Kind::Count,
                Kind::Text,
            ],
            toml::Value::Integer(_) => &[Kind::Count],
            toml::Value::Float(_) => &[Kind::Ratio],
            toml::Value::Array(_) => &[Kind::List],
            _ => &[],
        };
        kinds.iter().find_map(|kind| Self::read(*kind, toml).ok())
    }

    /// The value that somebody typed, read as the given kind.
    pub fn typed(kind: Kind, text: &str) -> Result<Self, WrongKind> {
        Self::read(kind, &toml::Value::String(text.to_owned()))
    }

    /// The value read as the given kind: how an override is read.
    pub fn read(kind: Kind, toml: &toml::Value) -> Result<Self, WrongKind> {
        use toml::Value::{Array, Float, Integer, String};
        let value = match (kind, toml) {
            (Kind::Size, String(text)) => number_and_unit(text)
                .and_then(|(number, unit)| Some(number * unit_of(&SIZES, unit)? as f64))
                .map(|bytes| Self::Size(bytes.round() as i64)),
            (Kind::Duration, String(text)) => number_and_unit(text)
                .and_then(|(number, unit)| Some(number * unit_of(&DURATIONS, unit)?))
                .map(Self::Duration),
            (Kind::Ratio, Float(number)) => number.is_finite().then_some(Self::Ratio(*number)),
            (Kind::Ratio, Integer(number)) => Some(Self::Ratio(*number as f64)),
            (Kind::Ratio, String(text)) => number_and_unit(text)
                .filter(|(_, unit)| *unit == "%")
                .map(|(number, _)| Self::Ratio(number / 100.0)),
            (Kind::Count, Integer(number)) => Some(Self::Count(*number)),
            (Kind::Count, String(text)) => text.parse().ok().map(Self::Count),
            (Kind::Text, String(text)) => Some(Self::Text(text.clone())),
            (Kind::List, Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .map(Self::List),
            _ => None,
        };
        value.ok_or_else(|| WrongKind {
            found: toml.to_string(),
            wanted: kind,
        })
    }

    /// The value's kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Size(_) => Kind::Size,
            Self::Duration(_) => Kind::Duration,
            Self::Ratio(_) => Kind::Ratio,
            Self::Count(_) => Kind::Count,
            Self::Text(_) => Kind::Text,
            Self::List(_) => Kind::List,
        }
    }
}

/// As it would be written in `pgtriage.toml`, without the quotes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(bytes) => {
                let (unit, size) = SIZES
                    .iter()
                    .rev()
                    .find(|(_, size)| *bytes != 0 && bytes % size == 0)
                    .unwrap_or(&SIZES[0]);
                write!(f, "{}{unit}", bytes / size)
            }
            Self::Duration(ms) => {
                let whole = |length: f64| *ms != 0.0 && (ms / length).fract() == 0.0;
                let (unit, length) = DURATIONS
                    .iter()
                    .rev()
                    .find(|(_, length)| whole(*length))
                    .unwrap_or(&DURATIONS[1]);
                write!(f, "{}{unit}", ms / length)
            }
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match self {
            Self::Size(number) | Self::Count(number) => SqlValue::Integer(*number),
            Self::Duration(number) | Self::Ratio(number) => SqlValue::Real(*number),
            Self::Text(text) => SqlValue::Text(text.clone()),
            Self::List(items) => SqlValue::Text(serde_json::json!(items).to_string()),
        }))
    }
}

fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (number, unit) = text.split_at(text.len() - digits.len());
    let number: f64 = number.parse().ok()?;
    Some((number, unit.trim_start()))
}

fn unit_of<T: Copy>(units: &[(&str, T)], unit: &str) -> Option<T> {
    units
        .iter()
        .find(|(name, _)| *name == unit)
        .map(|(_, size)| *size)
}
