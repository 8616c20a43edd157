//! A statement of the workload.

use crate::parse::{TokenKind, tokenize};

/// Where the values of a text come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The statement has no parameters, or its file gives the values.
    Written,
    /// A log, by an execution of this statement.
    Log,
    /// None: parameters stay, and the planner goes by means.
    Generic,
    /// Statistics: the most common value.
    Common,
    /// Statistics: a value from the middle.
    Median,
    /// Statistics: a rare value.
    Rare,
}

/// A text of a statement that a planner takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// One statement.
    pub text: String,
    /// Where its values come from.
    pub origin: Origin,
    /// Share of the executions that it stands for; those of a query sum up to 1.
    pub share: f64,
}

/// A statement of the workload.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// `statements.id`.
    pub statement: i64,
    /// What its file calls it; `None`: it is of no file.
    pub name: Option<String>,
    /// Executions that were counted, or 1 in a file.
    pub weight: f64,
    /// Time of these executions, ms; `None`: not known.
    pub total_ms: Option<f64>,
    /// Texts that a planner takes.
    pub variants: Vec<Variant>,
    /// Settings of the sessions that run it: `search_path`, settings of their role and database.
    pub settings: Vec<(String, String)>,
}

/// A statement that no planner takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Unplanned {
    /// `statements.id`.
    pub statement: i64,
    /// Why.
    pub because: String,
}

/// What was left out of a workload because there is so little time in each of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tail {
    /// Statements.
    pub statements: usize,
    /// Their executions.
    pub weight: f64,
    /// Their time, as far as it is known, ms.
    pub total_ms: f64,
}

/// Statements that advice is weighed by, all of one database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workload {
    /// `databases.id`.
    pub database: i64,
    /// Those that are planned.
    pub queries: Vec<Query>,
    /// Those that are not, and why.
    pub unplanned: Vec<Unplanned>,
    /// Those that were left out.
    pub tail: Tail,
    /// Time of all statements of applications, those that are left out or not planned too, ms; `None`: not
    /// known.
    pub total_ms: Option<f64>,
}

impl Variant {
    /// Whether it has parameters, so that it is planned without their values.
    pub fn is_generic(&self) -> bool {
        tokenize(&self.text)
            .iter()
            .any(|token| token.kind == TokenKind::Param)
    }
}
