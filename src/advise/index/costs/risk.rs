//! What a plan costs where the planner's row counts fall short.

use serde::Deserialize;

use crate::advise::index::what_if::Planned;

/// A node of `EXPLAIN (FORMAT JSON)`, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    #[serde(rename = "Node Type")]
    kind: String,
    #[serde(rename = "Total Cost")]
    cost: f64,
    #[serde(rename = "Plan Rows")]
    rows: f64,
    #[serde(rename = "Index Name")]
    index: Option<String>,
    #[serde(rename = "Plans")]
    plans: Vec<Node>,
}

/// Cost of a plan.
pub fn guarded(plan: &Planned) -> f64 {
    plan.cost
}
