//! What whoever searches tells the UI.

use std::collections::BTreeMap;

use crate::advise::index::{Advice, Chosen, Weighed};
use crate::advise::workload::Tail;

/// What whoever searches tells the UI.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What is being done before the search, a short phrase.
    Doing(String),
    /// The search began.
    Searching,
    /// The best so far.
    Better(Best),
    /// The search ended.
    Found(Box<Found>),
    /// It was stopped before there was anything to weigh.
    Stopped,
    /// A choice was weighed.
    Weighed(Weighing),
    /// What single indexes are worth beside the choice of that number.
    Worth(u64, Box<Worth>),
    /// Why there is no answer and what to do, a sentence. The planner is gone.
    Failed(String),
}

/// The best choice so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Best {
    /// Indexes, as what follows `ON`, with their bytes.
    pub indexes: Vec<(String, f64)>,
    /// What is to be made small, as a share of what it is now.
    pub relative: f64,
    /// Questions to the planner by then.
    pub asked: u64,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Who was asked for costs, for a sentence.
    pub planner: String,
    /// Name of the database.
    pub database: String,
    /// Bytes that were asked for.
    pub budget: Option<u64>,
    /// All indexes that this search and those before it advised.
    pub proposals: Vec<Proposal>,
    /// The latest advice; those that it advises stand among the proposals.
    pub advice: Advice,
    /// Indexes that advised ones take over from.
    pub takeovers: Vec<Takeover>,
    /// Statements, by their ids in the advice.
    pub subjects: BTreeMap<i64, Subject>,
    /// Statements that were left out, since there is little time in them.
    pub tail: Tail,
    /// What the planner lacks of the original: what and why.
    pub lacks: Vec<(String, String)>,
}

/// An index that could be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The index and what it does, as the search that advised it found.
    pub chosen: Chosen,
    /// The latest search advises it.
    pub is_advised: bool,
    /// Statements that make it.
    pub sql: String,
    /// The statement that takes it away again.
    pub undo: String,
}

/// An index that an advised one takes over from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// Its name, as SQL writes it, with its schema.
    pub name: String,
    /// The proposal that takes over.
    pub by: usize,
    /// Why, a sentence fragment.
    pub because: String,
    /// Statement that drops it.
    pub sql: String,
    /// Statements that make it again; `None`: its definition is not known.
    pub undo: Option<String>,
}

/// A statement of the workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its text.
    pub text: String,
}

/// A choice that was weighed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weighing {
    /// Number of the wish.
    pub number: u64,
    /// What it costs.
    pub weighed: Weighed,
}

/// What the workload would cost more without an index, in its unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worth {
    /// Proposals; `None`: not known.
    pub created: Vec<Option<f64>>,
    /// Indexes that are there, by their names as SQL writes them, with their schemas.
    pub existing: BTreeMap<String, f64>,
}

impl Found {
    /// A statement by its id.
    pub fn subject(&self, statement: i64) -> Subject {
        self.subjects.get(&statement).cloned().unwrap_or_default()
    }
}
