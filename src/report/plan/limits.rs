//! Numbers that judge.

/// Numbers that judge: those of `rules/query/params.toml`. Shares are fractions of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Factor from which on an estimate of rows counts as wrong.
    pub misestimate_factor: f64,
    /// Rows, expected or seen, from which on it matters.
    pub misestimate_rows: f64,
    /// Share of the rows read that a filter may discard.
    pub discarded_share: f64,
    /// Rows read from which on it matters.
    pub discarded_rows: f64,
    /// Runs of what is run for each row of another.
    pub runs: f64,
    /// Share of the rows of an index-only scan that are looked up in the table.
    pub heap_fetches_share: f64,
    /// Partitions from which on it matters that all are read.
    pub partitions: f64,
    /// Share of the time that compiling may take.
    pub jit_share: f64,
    /// Share of the time that triggers may take.
    pub trigger_share: f64,
    /// Share of planning in planning and execution.
    pub planning_share: f64,
    /// Time of planning from which on it matters, ms.
    pub planning_ms: f64,
    /// Change of a cost, up or down, up to which it counts as the same.
    pub change_share: f64,
}
