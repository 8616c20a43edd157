//! Rows for spreadsheets.

use std::str::FromStr;

use super::errors::Cause;
use super::events::Event;
use super::json::{Fields, cause, event, query, source, step};
use super::report::Report;
use super::series::Step;
use super::statements::COLUMNS;
use super::totals::Source;
use crate::report::ranking::sql_value;
use crate::report::rows::Rows;

/// Which rows: one kind a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Statements.
    #[default]
    Statements,
    /// Errors and warnings by cause.
    Errors,
    /// What else happened.
    Events,
    /// Figures over time.
    Series,
    /// The logs that were read.
    Sources,
}

/// A word that names no kind of rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of {list}", list = Kind::WORDS.join(", "))]
pub struct KindError(String);

impl Kind {
    /// How the kinds are called.
    pub const WORDS: [&'static str; 5] = ["statements", "errors", "events", "series", "sources"];
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(word: &str) -> Result<Self, KindError> {
        Ok(match word {
            "statements" => Self::Statements,
            "errors" => Self::Errors,
            "events" => Self::Events,
            "series" => Self::Series,
            "sources" => Self::Sources,
            other => return Err(KindError(other.to_owned())),
        })
    }
}

/// With a head, as RFC 4180 has it; what is not known is empty, lists and maps are JSON.
pub fn csv(report: &Report<'_>, kind: Kind) -> String {
    let logs = report.logs;
    let limit = report.limit;
    // The head stands there without rows, too.
    let (head, rows): (Vec<String>, Vec<Fields>) = match kind {
        Kind::Statements => {
            let named = COLUMNS
                .iter()
                .chain(&["query"])
                .map(|name| (*name).to_owned());
            let rows = report.shown().iter();
            (
                named.collect(),
                rows.map(|one| query(report, one)).collect(),
            )
        }
        Kind::Errors => {
            let rows = logs.causes.iter().take(limit);
            let rows = rows.map(|one| cause(logs, one));
            (names(cause(logs, &Cause::default())), rows.collect())
        }
        Kind::Events => {
            let rows = logs.events.iter().take(limit);
            let rows = rows.map(|one| event(logs, one));
            (names(event(logs, &Event::default())), rows.collect())
        }
        Kind::Series => {
            let rows = logs.steps.iter().take(limit);
            (names(step(&Step::default())), rows.map(step).collect())
        }
        Kind::Sources => {
            let rows = logs.sources.iter().take(limit);
            (
                names(source(&Source::default())),
                rows.map(source).collect(),
            )
        }
    };
    let rows = rows.into_iter().map(|fields| {
        let value = |name: &String| {
            fields
                .get(name)
                .map_or(rusqlite::types::Value::Null, sql_value)
        };
        head.iter().map(value).collect()
    });
    Rows {
        rows: rows.collect(),
        columns: head,
    }
    .csv()
}

fn names(fields: Fields) -> Vec<String> {
    fields.into_iter().map(|(name, _)| name).collect()
}
