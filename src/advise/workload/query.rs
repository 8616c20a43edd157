//! A statement of the workload.

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
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// `statements.id`.
    pub statement: i64,
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

/// Statements that advice is weighed by, all of one database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workload {
    /// `databases.id`.
    pub database: i64,
    /// Those that are planned.
    pub queries: Vec<Query>,
    /// Those that are not, and why.
    pub unplanned: Vec<Unplanned>,
}
