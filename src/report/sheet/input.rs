//! What a report is made of.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::engine::Outcome;
use crate::facts::Store;
use crate::report::View;

/// Facts and what the rules found in them.
#[derive(Debug)]
pub struct Input<'a> {
    /// Facts.
    pub store: &'a Store,
    /// What the rules found.
    pub outcome: &'a Outcome,
    /// What of it is told.
    pub view: &'a View<'a>,
    /// What to compare with.
    pub earlier: Option<Earlier<'a>>,
}

/// An earlier snapshot, judged by the rules of now.
#[derive(Debug)]
pub struct Earlier<'a> {
    /// Facts.
    pub store: &'a Store,
    /// What the rules found.
    pub outcome: &'a Outcome,
    /// What the file is called.
    pub name: String,
    /// When it was taken, microseconds.
    pub at: Option<i64>,
    /// How many earlier snapshots there are in all.
    pub count: usize,
}

/// How much is told of what there may be very much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Findings that are told in full.
    pub cards: usize,
    /// Findings beyond them that have a row.
    pub rows: usize,
    /// Rows of other tables.
    pub list: usize,
    /// Characters of a text.
    pub text: usize,
}

impl Limits {
    /// What reads well.
    pub const DEFAULT: Self = Self {
        cards: 150,
        rows: 500,
        list: 20,
        text: 4_000,
    };

    /// Half as much.
    pub(super) fn halved(self) -> Self {
        let half = |n: usize| (n / 2).max(1);
        Self {
            cards: half(self.cards),
            rows: half(self.rows),
            list: half(self.list),
            text: half(self.text).max(200),
        }
    }
}

impl Earlier<'_> {
    /// When it was taken.
    pub(super) fn when(&self) -> String {
        self.at.map_or_else(|| "an unknown time".to_owned(), moment)
    }
}

/// `2026-01-01 00:00 UTC`.
pub(super) fn moment(us: i64) -> String {
    let time = Timestamp::from_microsecond(us);
    time.map_or_else(
        |_| us.to_string(),
        |at| at.strftime("%F %R UTC").to_string(),
    )
}

/// Whether the facts are of several databases.
pub(super) fn several<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    names.collect::<BTreeSet<_>>().len() > 1
}
