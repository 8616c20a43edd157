//! What is advised.

use super::what_if::Sized;
use super::writes::WriteCost;
use crate::advise::workload::Unplanned;

/// Indexes to make, with what they do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advice {
    /// Cost of the workload as things are: the planner's units times executions.
    pub before: f64,
    /// Cost with the new indexes.
    pub after: f64,
    /// What writes pay for them, in the same unit; `None`: not known.
    pub write_cost: Option<f64>,
    /// New indexes, the one that gains most first.
    pub create: Vec<Chosen>,
    /// All statements that were planned.
    pub statements: Vec<Outcome>,
    /// Statements that were not, and why.
    pub unplanned: Vec<Unplanned>,
    /// Questions to the planner.
    pub asked: u64,
    /// Candidates that were weighed.
    pub candidates: usize,
    /// The search ended by itself; else time was up.
    pub is_complete: bool,
}

/// A new index.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The index with its size.
    pub sized: Sized,
    /// Its name.
    pub name: String,
    /// What the workload would cost more without it, all others being there.
    pub gain: f64,
    /// What it costs those who write its table; `None`: not known.
    pub writes: Option<WriteCost>,
    /// The same in the planner's units, over the time that executions are counted for; `None`: not known.
    pub write_cost: Option<f64>,
    /// Fewest and most pages that are likely; `None`: not known.
    pub pages: Option<(u64, u64)>,
    /// Time that making it takes on a server that does little else, seconds; `None`: not known.
    pub build_seconds: Option<f64>,
    /// Statements whose plans use it.
    pub effects: Vec<Effect>,
    /// How sure it is.
    pub confidence: Confidence,
}

/// What happens to a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// `statements.id`.
    pub statement: i64,
    /// Cost of one execution now.
    pub before: f64,
    /// Cost with all new indexes.
    pub after: f64,
}

/// A statement with and without the new indexes.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Executions that it counts.
    pub weight: f64,
    /// Costs of an execution.
    pub effect: Effect,
    /// The least and the most of after / before, over its texts and over settings that planners are wrong
    /// about.
    pub range: (f64, f64),
    /// Its values are known: from its text or from a log.
    pub has_values: bool,
}

/// How sure it is that an index pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The gain depends on values or settings that are not known.
    Low,
    /// Some of it does.
    Medium,
    /// It is there whatever they are.
    High,
}

impl Confidence {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Effect {
    /// How many times cheaper it becomes; below 1 it becomes dearer.
    pub fn factor(&self) -> f64 {
        self.before / self.after.max(f64::MIN_POSITIVE)
    }
}
