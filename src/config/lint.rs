//! How migrations are linted: `[lint]`.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::values::{FailOn, one_of};
use crate::engine::{PathPattern, Severity};
use crate::parse::migration::{Layout, Mode};

/// How migrations are linted: `[lint]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LintSettings {
    /// Whose form the files have; found by their marks where it is not given.
    #[serde(deserialize_with = "layout")]
    pub layout: Option<Layout>,
    /// How files are run that do not say it.
    #[serde(deserialize_with = "transaction")]
    pub transaction: Option<Mode>,
    /// Major version of the server that they will run on.
    #[serde(deserialize_with = "major")]
    pub pg_version: Option<u32>,
    /// Findings below are not shown.
    pub min_severity: Option<Severity>,
    /// Findings from here on make the exit code 1.
    pub fail_on: Option<FailOn>,
    /// File with accepted findings.
    pub baseline: Option<PathBuf>,
    /// What is different for some files; the first entry that fits a file holds for it.
    #[serde(rename = "path")]
    pub paths: Option<Vec<LintPath>>,
}

/// What is different for some files: one entry of `[[lint.path]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LintPath {
    /// Which files, from the folder of `pgtriage.toml`.
    pub path: PathPattern,
    /// Whose form they have.
    #[serde(default, deserialize_with = "layout")]
    pub layout: Option<Layout>,
    /// How they are run where they do not say it.
    #[serde(default, deserialize_with = "transaction")]
    pub transaction: Option<Mode>,
    /// They are no migrations, and passed over.
    #[serde(default)]
    pub exclude: bool,
}

/// Ways to run a file, with their words.
pub const MODES: [(&str, Mode); 3] = [
    ("wrapped", Mode::Wrapped),
    ("autocommit", Mode::Autocommit),
    ("script", Mode::Script),
];

impl LintSettings {
    /// These settings where they are given, else those of a lower layer.
    pub(super) fn or(self, lower: Self) -> Self {
        Self {
            layout: self.layout.or(lower.layout),
            transaction: self.transaction.or(lower.transaction),
            pg_version: self.pg_version.or(lower.pg_version),
            min_severity: self.min_severity.or(lower.min_severity),
            fail_on: self.fail_on.or(lower.fail_on),
            baseline: self.baseline.or(lower.baseline),
            paths: self.paths.or(lower.paths),
        }
    }

    /// What is different for a file; its path is told from the folder of `pgtriage.toml`.
    pub fn of(&self, path: &str) -> Option<&LintPath> {
        let mut paths = self.paths.iter().flatten();
        paths.find(|entry| entry.path.matches(path))
    }
}

fn layout<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Layout>, D::Error> {
    let word = String::deserialize(deserializer)?;
    one_of(&word, &Layout::WORDS)
        .map(Some)
        .map_err(D::Error::custom)
}

fn transaction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Mode>, D::Error> {
    let word = String::deserialize(deserializer)?;
    one_of(&word, &MODES).map(Some).map_err(D::Error::custom)
}

/// A number, or the same in quotes, as variables have it.
fn major<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let number = match &value {
        toml::Value::Integer(number) => u32::try_from(*number).ok(),
        toml::Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let wrong = || D::Error::custom(format!("{value} is no major version such as 16"));
    let number = number.filter(|number| (9..100).contains(number));
    number.map(Some).ok_or_else(wrong)
}
