//! Errors by cause.

use std::collections::HashMap;

use crate::parse::log::events::TextId;
use crate::parse::log::labels::Severity;

/// Causes that are told apart; errors of further ones count in the totals only.
const MOST: usize = 5_000;

/// What makes errors the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorKey {
    /// WARNING or worse.
    pub severity: Severity,
    /// SQLSTATE, where the format carries it.
    pub sqlstate: Option<[u8; 5]>,
    /// The message without its values.
    pub pattern: Box<str>,
}

/// Errors of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorTally {
    /// How many.
    pub count: u64,
    /// Time of the first and the last, microseconds.
    pub times: Option<(i64, i64)>,
    /// A statement that failed: the first one that was known.
    pub text: Option<TextId>,
}

/// Errors by cause.
#[derive(Debug, Clone, Default)]
pub struct Errors {
    by_key: HashMap<ErrorKey, ErrorTally>,
    /// Errors of causes that were not told apart.
    pub rest: u64,
}

impl Errors {
    /// Counts one.
    pub fn add(&mut self, key: ErrorKey, time: Option<i64>, text: Option<TextId>) {
        if self.by_key.len() >= MOST && !self.by_key.contains_key(&key) {
            self.rest += 1;
            return;
        }
        let tally = self.by_key.entry(key).or_default();
        tally.count += 1;
        tally.text = tally.text.or(text);
        if let Some(time) = time {
            let (first, last) = tally.times.unwrap_or((time, time));
            tally.times = Some((first.min(time), last.max(time)));
        }
    }

    /// All, the most frequent first.
    pub fn sorted(&self) -> Vec<(&ErrorKey, &ErrorTally)> {
        let mut all: Vec<_> = self.by_key.iter().collect();
        all.sort_by(|(a, x), (b, y)| y.count.cmp(&x.count).then_with(|| a.cmp(b)));
        all
    }
}
