//! What a plan costs where its nested loops cost more than the planner thinks.

use serde::Deserialize;

use crate::advise::index::what_if::Planned;

/// How many times dearer a nested loop into an index is than the planner's costs say, beside scans and hash
/// joins: its outer rows are often more than was reckoned, it takes no part in what workers share, and pages in
/// memory are no cheaper one by one. Measured on TPC-H in memory: seven queries whose plans took up such loops ran
/// 1.6 to 7 times longer than the costs said beside others, three times in the middle.
const DEARER: f64 = 3.0;

/// A node of `EXPLAIN (FORMAT JSON)`, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    #[serde(rename = "Node Type")]
    kind: String,
    #[serde(rename = "Total Cost")]
    cost: f64,
    #[serde(rename = "Index Name")]
    index: Option<String>,
    #[serde(rename = "Plans")]
    plans: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Outer {
    #[serde(rename = "Plan")]
    plan: Node,
}

/// Cost of what a plan looks up in indexes by nested loops.
pub fn loops(plan: &Planned) -> f64 {
    let outer: Vec<Outer> = serde_json::from_str(&plan.json).unwrap_or_default();
    outer.iter().map(|outer| within(&outer.plan)).sum()
}

/// Cost of a plan that looks up so much by nested loops, in place of one that looks up `before`: further loops
/// count as much as they may well cost.
pub fn guarded(cost: f64, loops: f64, before: f64) -> f64 {
    cost + (DEARER - 1.0) * (loops - before).max(0.0)
}

fn within(node: &Node) -> f64 {
    if let ("Nested Loop", [outer, inner, rest @ ..]) = (node.kind.as_str(), node.plans.as_slice()) {
        let rest: f64 = rest.iter().map(within).sum();
        let own = if reads_index(inner) {
            (node.cost - outer.cost).max(0.0)
        } else {
            within(inner)
        };
        return own + within(outer) + rest;
    }
    node.plans.iter().map(within).sum()
}

fn reads_index(node: &Node) -> bool {
    node.index.is_some() || node.plans.iter().any(reads_index)
}

#[cfg(test)]
mod tests {
    use super::{guarded, loops};
    use crate::advise::index::what_if::Planned;

    #[test]
    fn nested_loops_into_indexes_count() {
        let json = r#"[{"Plan": {"Node Type": "Aggregate", "Total Cost": 120.0, "Plans": [
            {"Node Type": "Nested Loop", "Total Cost": 110.0, "Plans": [
              {"Node Type": "Nested Loop", "Total Cost": 40.0, "Plans": [
                {"Node Type": "Seq Scan", "Total Cost": 10.0},
                {"Node Type": "Seq Scan", "Total Cost": 5.0}]},
              {"Node Type": "Index Scan", "Index Name": "i", "Total Cost": 0.4}]}]}}]"#;
        let plan = Planned {
            cost: 120.0,
            used: Vec::new(),
            used_existing: Vec::new(),
            json: json.to_owned(),
        };
        assert!((loops(&plan) - 70.0).abs() < 1e-9);
        assert!((guarded(120.0, 70.0, 0.0) - 260.0).abs() < 1e-9);
        assert!((guarded(120.0, 70.0, 90.0) - 120.0).abs() < 1e-9);
    }
}
