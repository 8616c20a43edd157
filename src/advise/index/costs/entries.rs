//! What a text costs with which indexes, by the plans that were seen.

use crate::advise::index::set::Set;

/// A plan that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Candidates that were there.
    pub available: Set,
    /// Those that the plan uses.
    pub used: Set,
    /// Names of other indexes in it.
    pub existing: Vec<String>,
    /// Its cost by the planner.
    pub cost: f64,
    /// Its cost where the planner's row counts fall short: see `risk`.
    pub guarded: f64,
}

/// Plans of one text.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    all: Vec<Entry>,
}

impl Entries {
    /// Adds one.
    pub fn add(&mut self, entry: Entry) {
        self.all.push(entry);
    }

    /// The plan with these candidates: any that was made with more and uses none but these is the best
    /// with these as well.
    pub fn find(&self, set: &Set) -> Option<&Entry> {
        let fits = |entry: &&Entry| entry.used.is_within(set) && set.is_within(&entry.available);
        self.all.iter().find(fits)
    }

    /// The least cost that these candidates can bring it down to, as far as plans with more of them tell.
    pub fn least(&self, set: &Set) -> f64 {
        let more = self
            .all
            .iter()
            .filter(|entry| set.is_within(&entry.available));
        more.map(|entry| entry.guarded).fold(0.0, f64::max)
    }

    /// Candidates that any plan uses.
    pub fn used(&self) -> Set {
        let none = Set::default();
        self.all
            .iter()
            .fold(none, |used, entry| used.or(&entry.used))
    }

    /// All of them, in the order in which they were seen.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.all.iter()
    }
}
