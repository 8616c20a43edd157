//! The port to a server that has the indexes.

use crate::advise::index::Set;

/// What is known of a text, or why it can't be run.
pub type Answer<T> = Result<T, String>;

/// What a text takes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    /// Time of an execution, ms: the median of all.
    pub ms: f64,
    /// Time of the fastest one, ms.
    pub least_ms: f64,
    /// Blocks that are touched, in memory or not.
    pub blocks: f64,
    /// It was stopped at the limit of time, so it takes longer than `ms`.
    pub is_over: bool,
}

/// A server with the new indexes and those that may go, any of which can be hidden. Texts and indexes go by
/// their places.
pub trait Bench {
    /// What ends the proof.
    type Error;

    /// Indexes that the plan of a text has while some are hidden.
    fn used(&mut self, text: usize, hidden: &Set) -> Result<Answer<Set>, Self::Error>;

    /// What a text takes while some are hidden, for each such set: in turns, so that what else goes on at the
    /// server meets all of them. Sets with the same plan take the same.
    fn measure(
        &mut self,
        text: usize,
        hidden: &[Set],
    ) -> Result<Answer<Vec<Measured>>, Self::Error>;
}

impl Measured {
    /// So many times it, added.
    pub(super) fn add(&mut self, other: &Self, share: f64) {
        self.ms += share * other.ms;
        self.least_ms += share * other.least_ms;
        self.blocks += share * other.blocks;
        self.is_over |= other.is_over;
    }

    /// It takes this many times longer than the other, and its fastest run too is slower than the other's usual
    /// one: what only now and then is slower is noise.
    pub(super) fn is_slower(&self, other: &Self, factor: f64) -> bool {
        self.ms > factor * other.ms && self.least_ms > other.ms
    }
}
