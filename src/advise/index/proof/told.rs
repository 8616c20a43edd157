//! What is told of a proof.

use super::bench::Measured;
use super::created::Verdict;
use crate::advise::index::Chosen;
use crate::advise::workload::Unplanned;

/// What statements took in a copy, without the advised indexes and with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proof {
    /// Database and server.
    pub target: String,
    /// Runs of each plan that count.
    pub rounds: u32,
    /// The indexes were left there.
    pub is_kept: bool,
    /// Statements that were run, those that gain most first.
    pub statements: Vec<Proved>,
    /// All indexes that the search chose.
    pub indexes: Vec<Built>,
    /// Indexes that were to go and stay, since statements are slower without.
    pub spared: Vec<Spared>,
    /// Drops that were measured: indexes that may go.
    pub dropped: Vec<String>,
    /// Statements that were not run, and why.
    pub not_run: Vec<Unplanned>,
    /// Where the copy differs from the original, as sentences.
    pub apart: Vec<String>,
}

/// A statement that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct Proved {
    /// `statements.id`.
    pub statement: i64,
    /// Executions that it counts.
    pub weight: f64,
    /// Without the new indexes.
    pub before: Measured,
    /// With those that are left, and without those that may go.
    pub after: Measured,
    /// Names of new indexes in its plans.
    pub used: Vec<String>,
    /// It takes longer by more than the limit.
    pub is_slower: bool,
    /// Names of new indexes, each of which alone makes it slower.
    pub because: Vec<String>,
}

/// An index that the search chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// As it was advised.
    pub chosen: Chosen,
    /// Bytes that it takes; `None`: it was not made.
    pub bytes: Option<f64>,
    /// Time that making it took, seconds.
    pub seconds: Option<f64>,
    /// What was measured, or why it could not be.
    pub verdict: Result<Verdict, String>,
    /// It is taken out of the advice.
    pub is_out: bool,
}

/// An index that was to go and stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Spared {
    /// The index, as people write it.
    pub object: String,
    /// The statement that is slower without.
    pub statement: i64,
    /// What that takes with the index, ms.
    pub with_ms: f64,
    /// What it takes without, ms.
    pub without_ms: f64,
}

impl Proof {
    /// Time of the workload, ms: without the new indexes, and as is advised.
    pub fn total(&self) -> (f64, f64) {
        let of = |of: fn(&Proved) -> f64| self.statements.iter().map(of).sum();
        (
            of(|one| one.weight * one.before.ms),
            of(|one| one.weight * one.after.ms),
        )
    }

    /// Statements that take longer than before.
    pub fn slower(&self) -> impl Iterator<Item = &Proved> {
        self.statements.iter().filter(|one| one.is_slower)
    }
}
