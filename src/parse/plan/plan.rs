//! A plan.

use serde_json::{Map, Value};

use super::node::Node;

/// A plan with what the server told about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The statement, where its plan tells it (`auto_explain`).
    pub query_text: Option<String>,
    /// The nodes, each behind its parent; the first is the root.
    pub nodes: Vec<Node>,
    /// Planner settings that differ from the defaults (`SETTINGS`).
    pub settings: Vec<(String, String)>,
    /// Time of planning, ms.
    pub planning_ms: Option<f64>,
    /// Time of the execution, ms.
    pub execution_ms: Option<f64>,
    /// Triggers that ran.
    pub triggers: Vec<Trigger>,
    /// What else stands beside the nodes (`Planning`, `JIT`, `Query Identifier`), by the names of
    /// the JSON format.
    pub details: Map<String, Value>,
    /// Lines that were not understood.
    pub unread: Vec<String>,
}

/// A trigger that ran.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Its name, or `for constraint NAME`.
    pub name: String,
    /// Time of all its calls, ms; `None`: not measured.
    pub ms: Option<f64>,
    /// Calls.
    pub calls: f64,
}

impl Plan {
    /// Estimated cost of the whole, in the planner's units.
    pub fn cost(&self) -> Option<f64> {
        self.nodes.first()?.total_cost
    }

    /// The statement was executed, so what happened is known.
    pub fn is_analyzed(&self) -> bool {
        self.nodes.iter().any(|node| node.actual.is_some())
    }

    /// The nodes right below one, in order.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let below = self.nodes.iter().enumerate().skip(of + 1);
        below
            .take_while(move |(_, node)| node.parent.is_some_and(|parent| parent >= of))
            .filter(move |(_, node)| node.parent == Some(of))
            .map(|(index, _)| index)
    }

    /// The nodes above one, the nearest first.
    pub fn ancestors(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let parent = |index: usize| self.nodes.get(index).and_then(|node| node.parent);
        std::iter::successors(parent(of), move |above| parent(*above))
    }

    /// A setting that the plan was made under, where it tells so.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let mut settings = self.settings.iter();
        settings
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}
