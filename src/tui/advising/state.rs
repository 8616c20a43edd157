//! The search as far as it is known, and what it was asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::choice::Choice;
use super::news::{Best, Found, Weighing, Worth};
use super::wish::Planner;

/// Most time of a search, where nobody says otherwise.
const TIME: Duration = Duration::from_mins(1);

/// How far the search is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stage {
    /// None was asked for, or it was stopped before anything was found.
    #[default]
    Idle,
    /// Something is done before the search, a short phrase.
    Preparing(String),
    /// It runs, since then.
    Searching(Timestamp),
    /// It ended, and its planner answers questions.
    Ready,
    /// Why there is no answer and what to do, a sentence.
    Failed(String),
}

/// The search for indexes, and what the user makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advising {
    /// Bytes of all new indexes; `None`: as many as pay.
    pub budget: Option<u64>,
    /// Most time of a search.
    pub time: Duration,
    /// Who is asked for costs.
    pub planner: Planner,
    /// How far it is.
    pub stage: Stage,
    /// It is to stop.
    pub is_stopping: bool,
    /// The next search reads facts anew.
    pub is_anew: bool,
    /// The best so far, while it runs.
    pub best: Option<Best>,
    /// What the last one found.
    pub found: Option<Arc<Found>>,
    /// The choice that was weighed last.
    pub weighing: Option<Arc<Weighing>>,
    /// What indexes are worth beside it.
    pub worth: Option<Arc<Worth>>,
    /// Where the user wants it otherwise than advised: whether an index is chosen, by the key of its row.
    pub wanted: BTreeMap<String, bool>,
    /// The choice that was asked for last, and its number.
    pub(super) asked: Option<(u64, Choice)>,
}

impl Default for Advising {
    fn default() -> Self {
        Self {
            budget: None,
            time: TIME,
            planner: Planner::default(),
            stage: Stage::Idle,
            is_stopping: false,
            is_anew: false,
            best: None,
            found: None,
            weighing: None,
            worth: None,
            wanted: BTreeMap::new(),
            asked: None,
        }
    }
}

impl Advising {
    /// Something is being done that Esc stops.
    pub fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Preparing(_) | Stage::Searching(_))
    }

    /// The choice that is asked for has not been weighed yet.
    pub fn is_weighing(&self) -> bool {
        let asked = self.asked.as_ref().map(|(number, _)| *number);
        let known = self.weighing.as_ref().map(|weighing| weighing.number);
        self.stage == Stage::Ready && asked != known
    }

    /// What a proposal is worth beside the choice, as a share of what the workload costs now; until that is known,
    /// what the search found.
    pub fn worth_of_proposal(&self, place: usize) -> Option<f64> {
        let found = self.found.as_ref()?;
        let known = self.worth.as_ref();
        let known = known.and_then(|worth| worth.created.get(place).copied().flatten());
        let gain = known.or_else(|| {
            let proposal = found.proposals.get(place)?;
            proposal.is_advised.then_some(proposal.chosen.gain)
        })?;
        Some(gain / found.advice.before.max(f64::MIN_POSITIVE))
    }

    /// What an index that is there is worth, as a share of what the workload costs now.
    pub fn worth_of_existing(&self, name: &str) -> Option<f64> {
        let found = self.found.as_ref()?;
        let worth = self.worth.as_ref()?.existing.get(name)?;
        Some(worth / found.advice.before.max(f64::MIN_POSITIVE))
    }
}
