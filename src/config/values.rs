//! Values of settings that have a form of their own.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::engine::Severity;
use crate::engine::params::{Kind, Value};

/// From which severity on findings make the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    At(Severity),
    /// Findings never do.
    Never,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal that is not dumb.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A theme of the terminal UI, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThemeWord(pub &'static str);

/// A number of CPU cores, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cores(pub f64);

/// What data lie on, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageWord(pub &'static str);

/// A time above zero, written `30s` with the units of `PostgreSQL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

/// Bytes above zero, written `256MB` with the units of `PostgreSQL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// A file and the name that it is given for, written `NAME=FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// The name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// A text that is no such value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadValue(String);

impl FailOn {
    /// The words for it.
    pub const WORDS: [&str; 4] = ["error", "warning", "info", "never"];

    /// The mildest severity that fails; none, where findings never do.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::At(severity) => Some(severity),
            Self::Never => None,
        }
    }
}

impl FromStr for FailOn {
    type Err = BadValue;

    fn from_str(word: &str) -> Result<Self, BadValue> {
        if word == "never" {
            return Ok(Self::Never);
        }
        let severity = word.parse::<Severity>();
        severity
            .map(Self::At)
            .map_err(|_| none_of(word, &Self::WORDS))
    }
}

impl ColorChoice {
    /// The words for it.
    pub const WORDS: [&str; 3] = ["auto", "always", "never"];
}

impl FromStr for ColorChoice {
    type Err = BadValue;

    fn from_str(word: &str) -> Result<Self, BadValue> {
        match word {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(none_of(word, &Self::WORDS)),
        }
    }
}

impl ThemeWord {
    /// The words for them.
    pub const WORDS: [&str; 5] = ["auto", "light", "dark", "mono", "high-contrast"];
}

impl FromStr for ThemeWord {
    type Err = BadValue;

    fn from_str(word: &str) -> Result<Self, BadValue> {
        let known = Self::WORDS.into_iter().find(|known| *known == word);
        known.map(Self).ok_or_else(|| none_of(word, &Self::WORDS))
    }
}

impl Cores {
    fn of(cores: f64) -> Result<Self, BadValue> {
        if (0.05..=4096.0).contains(&cores) {
            Ok(Self(cores))
        } else {
            let message = "give the number of cores, such as 4 or 0.5";
            Err(BadValue(message.to_owned()))
        }
    }
}

impl FromStr for Cores {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        Self::of(text.parse().unwrap_or(f64::NAN))
    }
}

impl<'de> Deserialize<'de> for Cores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl StorageWord {
    /// The words for it.
    pub const WORDS: [&str; 3] = ["ssd", "hdd", "network"];
}

impl FromStr for StorageWord {
    type Err = BadValue;

    fn from_str(word: &str) -> Result<Self, BadValue> {
        let known = Self::WORDS.into_iter().find(|known| *known == word);
        known.map(Self).ok_or_else(|| none_of(word, &Self::WORDS))
    }
}

impl FromStr for Time {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let written = toml::Value::String(text.to_owned());
        let wrong = || BadValue(format!("`{text}` is not {}", Kind::Duration.how_written()));
        let Ok(Value::Duration(ms)) = Value::read(Kind::Duration, &written) else {
            return Err(wrong());
        };
        match Duration::try_from_secs_f64(ms / 1000.0) {
            Ok(duration) if duration >= Duration::from_millis(1) => Ok(Self(duration)),
            Ok(_) => Err(BadValue(format!("`{text}` is no time above zero"))),
            Err(_) => Err(wrong()),
        }
    }
}

impl FromStr for Size {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let written = toml::Value::String(text.to_owned());
        match Value::read(Kind::Size, &written) {
            Ok(Value::Size(bytes)) if bytes > 0 => Ok(Self(bytes.unsigned_abs())),
            _ => Err(BadValue(format!(
                "`{text}` is not {} above zero",
                Kind::Size.how_written()
            ))),
        }
    }
}

impl FromStr for NamedFile {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        match text.split_once('=') {
            Some((name, path)) if !name.trim().is_empty() && !path.is_empty() => Ok(Self {
                name: name.trim().to_owned(),
                path: PathBuf::from(path),
            }),
            _ => Err(BadValue(format!(
                "`{text}` is not of the form NAME=FILE, such as pg_stats=pg_stats.json"
            ))),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_secs_f64() * 1000.0;
        Value::Duration(ms).fmt(f)
    }
}

/// The value that a word stands for.
pub(super) fn one_of<T: Copy>(word: &str, words: &[(&str, T)]) -> Result<T, BadValue> {
    let found = words.iter().find(|(known, _)| *known == word);
    let names: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| none_of(word, &names))
}

fn none_of(word: &str, words: &[&str]) -> BadValue {
    let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    BadValue(format!("`{word}` is none of {}", list.join(", ")))
}

macro_rules! from_text {
    ($($kind:ty),*) => {$(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

from_text!(
    FailOn,
    ColorChoice,
    ThemeWord,
    StorageWord,
    Time,
    Size,
    NamedFile
);
