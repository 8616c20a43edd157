//! The port to a planner that takes indexes for there that are not.

use std::collections::BTreeMap;

use super::spec::IndexSpec;
use crate::advise::workload::PlanError;

/// A hypothetical index, as its planner knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(pub u64);

/// An index with the size that it would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Sized {
    /// The index.
    pub spec: IndexSpec,
    /// Pages of the whole index.
    pub pages: u64,
    /// Entries.
    pub rows: f64,
    /// B-tree: level of the root; 0: the root is a leaf.
    pub height: u32,
}

/// A statement that is to be planned.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// One statement.
    pub text: &'a str,
    /// It has parameters (`$1`) and is to be planned without their values.
    pub is_generic: bool,
    /// Settings of its session, such as `search_path` and planner settings that differ from the server's.
    pub settings: &'a [(String, String)],
    /// Hypothetical indexes that are there; all others are not.
    pub with: &'a [Handle],
    /// Indexes that are taken for gone (`indexes.id`).
    pub without: &'a [i64],
}

/// The plan of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Total cost, in the planner's units.
    pub cost: f64,
    /// Hypothetical indexes in it, with the names that it gives them; what is no planner gives none.
    pub used: BTreeMap<Handle, String>,
    /// Names of other indexes in it, sorted.
    pub used_existing: Vec<String>,
    /// The plan as `EXPLAIN (FORMAT JSON)` prints it.
    pub json: String,
}

/// A plan, or why the planner makes none.
pub type Plan = Result<Planned, String>;

/// The planner is gone: nothing more can be asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Lost(pub String);

/// A planner that takes indexes for there that are not.
pub trait WhatIf {
    /// Makes hypothetical indexes. No plan sees one before a question names it. An index that cannot be
    /// made is refused with a reason, in its place.
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost>;

    /// Takes hypothetical indexes away again.
    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost>;

    /// Whether a text would be planned under settings; if not, what the server says of it. Parameters are no
    /// hindrance.
    fn check(
        &mut self,
        settings: &[(String, String)],
        text: &str,
    ) -> Result<Result<(), PlanError>, Lost>;

    /// Plans statements, in the order of the questions.
    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost>;

    /// It is no planner but reckons with statistics: what it says is an estimate.
    fn is_estimate(&self) -> bool {
        false
    }
}
