//! From a sample to estimates.

use super::catalog::IndexEntry;
use super::fetch::Fetch;
use super::tables::TableEntry;
use crate::derive::bloat::{self, Need, Sample};

/// Estimates of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub table: Need,
    pub toast: Need,
    pub padding_bytes: f64,
    /// Of indexes, by their place in the list.
    pub indexes: Vec<(usize, Need)>,
}

impl Judged {
    pub fn new(fetch: &Fetch, sample: &Sample) -> Self {
        let table = bloat::table(&fetch.table, sample);
        let indexes = fetch.indexes.iter();
        Self {
            table: table.table,
            toast: table.toast,
            padding_bytes: table.padding_bytes,
            indexes: indexes
                .map(|(at, index)| (*at, bloat::index(index, sample)))
                .collect(),
        }
    }

    /// Share of its size that the choice of blocks may put an estimate off, at the one where it is largest.
    pub fn chance(&self, table: &TableEntry, size: i64, indexes: &[IndexEntry]) -> f64 {
        let share = |need: &Need, size: i64| need.chance / size.max(table.page.block()) as f64;
        let own = share(&self.table, size);
        let toast = table
            .toast_bytes
            .map_or(0.0, |size| share(&self.toast, size));
        let others = self.indexes.iter();
        others
            .map(|(at, need)| share(need, indexes[*at].size_bytes))
            .fold(own.max(toast), f64::max)
    }
}
