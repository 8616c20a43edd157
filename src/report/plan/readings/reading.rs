//! The list of what a plan tells.

use serde_json::{Map, Value, json};

use super::super::known::Known;
use super::super::limits::Limits;
use super::super::own::Own;
use super::{beside, dearest, estimates, memory, runs, scans};
use crate::parse::plan::{Node, Plan};

/// One thing that a plan tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is, for programs: `spill`, `misestimate`.
    pub kind: &'static str,
    /// Place of the node that it is about; `None`: the whole plan.
    pub node: Option<usize>,
    /// One sentence with its numbers.
    pub text: String,
    /// The numbers, by name.
    pub figures: Map<String, Value>,
}

/// A plan, and what it is read by.
pub(super) struct Case<'a> {
    pub plan: &'a Plan,
    pub own: &'a [Own],
    pub known: &'a Known,
    pub limits: &'a Limits,
}

/// What a plan tells: the dearest node first, then by what the nodes cost.
pub fn readings(plan: &Plan, own: &[Own], known: &Known, limits: &Limits) -> Vec<Reading> {
    let case = Case {
        plan,
        own,
        known,
        limits,
    };
    let mut rest = Vec::new();
    for read in [
        estimates::read,
        memory::read,
        scans::read,
        runs::read,
        beside::read,
    ] {
        read(&case, &mut rest);
    }
    let weight = |reading: &Reading| reading.node.map_or(0.0, |node| case.weight(node));
    rest.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    dearest::read(&case).into_iter().chain(rest).collect()
}

impl Reading {
    pub(super) fn new(kind: &'static str, node: impl Into<Option<usize>>, text: String) -> Self {
        Self {
            kind,
            node: node.into(),
            text,
            figures: Map::new(),
        }
    }

    /// The same with a number.
    pub(super) fn with(mut self, name: &str, value: f64) -> Self {
        // Rows and loops are whole numbers mostly, and read so.
        let value = if value.fract() == 0.0 && value.abs() < 9e15 {
            json!(value as i64)
        } else {
            json!(value)
        };
        self.figures.insert(name.to_owned(), value);
        self
    }
}

impl Case<'_> {
    /// The nodes with their places.
    pub fn nodes(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.plan.nodes.iter().enumerate()
    }

    /// A node that ran.
    pub fn ran(&self, at: usize) -> bool {
        self.plan.nodes[at]
            .actual
            .is_some_and(|actual| actual.loops > 0.0)
    }

    /// What a node takes by itself, or else costs.
    fn weight(&self, at: usize) -> f64 {
        let own = self.own[at];
        own.ms.or(own.cost).unwrap_or_default()
    }

    /// How a sentence calls a node.
    pub fn name(&self, at: usize) -> String {
        self.plan.nodes[at].words()
    }
}
