//! What a report shows of the logs.

use std::collections::BTreeMap;

use super::details::Detail;
use super::model::Logs;
use super::statements::Statement;
use super::totals::Source;
use crate::report::queries::Measure;

/// What to show.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The logs, their statements sorted.
    pub logs: &'a Logs,
    /// More about statements, for programs.
    pub details: &'a BTreeMap<i64, Detail>,
    /// What the statements are sorted by.
    pub by: Measure,
    /// Statements, and rows of other tables, that are shown at most.
    pub limit: usize,
}

impl<'a> Report<'a> {
    /// Statements to show.
    pub(super) fn shown(&self) -> &'a [Statement] {
        let all = &self.logs.statements;
        &all[..self.limit.min(all.len())]
    }

    /// Statements beyond the limit.
    pub(super) fn omitted(&self) -> usize {
        self.logs.statements.len() - self.shown().len()
    }

    /// What the statements are, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let all = crate::report::plural(self.logs.statements.len(), "statement");
        let count = match self.omitted() {
            0 => all,
            _ => format!("{} of {all}", self.shown().len()),
        };
        format!("{count}, by {}.", self.by.title)
    }
}

/// The logs in a few words.
pub(super) fn named(sources: &[Source]) -> String {
    match sources {
        [] => "nothing".to_owned(),
        [one] => one.name.clone(),
        [one, two] => format!("{} and {}", one.name, two.name),
        [one, rest @ ..] => format!("{} and {} more", one.name, rest.len()),
    }
}
