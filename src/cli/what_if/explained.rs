//! What is read of a plan.

use serde::Deserialize;

/// Cost and indexes of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Total cost.
    pub cost: f64,
    /// Names of the indexes in it, sorted, each once.
    pub indexes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Outer {
    #[serde(rename = "Plan")]
    plan: Node,
}

#[derive(Debug, Deserialize)]
struct Node {
    #[serde(rename = "Total Cost", default)]
    cost: f64,
    #[serde(rename = "Index Name")]
    index: Option<String>,
    #[serde(rename = "Plans", default)]
    plans: Vec<Node>,
}

/// Reads what `EXPLAIN (FORMAT JSON)` printed; `None`: it is no such thing.
pub fn explained(json: &str) -> Option<Explained> {
    let outer: Vec<Outer> = serde_json::from_str(json).ok()?;
    let plan = outer.into_iter().next()?.plan;
    let mut indexes = Vec::new();
    let cost = plan.cost;
    collect(plan, &mut indexes);
    indexes.sort();
    indexes.dedup();
    Some(Explained { cost, indexes })
}

fn collect(node: Node, indexes: &mut Vec<String>) {
    indexes.extend(node.index);
    for plan in node.plans {
        collect(plan, indexes);
    }
}
