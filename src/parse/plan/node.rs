//! A node of a plan.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A node of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// Place of the node above; `None`: the root.
    pub parent: Option<usize>,
    /// Nodes above it.
    pub depth: usize,
    /// `Node Type`.
    pub kind: String,
    /// `Subplan Name`: `CTE big`, `InitPlan 2`, `SubPlan 1`.
    pub subplan: Option<String>,
    /// Schema of the relation, where the plan tells it (`VERBOSE`).
    pub schema: Option<String>,
    /// Table that is read or written.
    pub relation: Option<String>,
    /// What the statement calls it.
    pub alias: Option<String>,
    /// Index that is read.
    pub index: Option<String>,
    /// Estimated cost before the first row.
    pub startup_cost: Option<f64>,
    /// Estimated cost of all rows, with what is below.
    pub total_cost: Option<f64>,
    /// Estimated rows of one run.
    pub rows: Option<f64>,
    /// Estimated bytes of a row.
    pub width: Option<f64>,
    /// What happened; `None`: it was not executed, only planned.
    pub actual: Option<Actual>,
    /// All else, by the names of the JSON format.
    pub details: Map<String, Value>,
}

/// What happened. Figures are means over the runs, and over processes where several took part.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Actual {
    /// Time of a run with what is below, ms; `None`: not measured.
    pub ms: Option<f64>,
    /// Rows of a run.
    pub rows: f64,
    /// Runs; 0: never executed.
    pub loops: f64,
}

impl Node {
    /// A node from what the JSON format tells of it.
    pub(super) fn new(parent: Option<usize>, depth: usize, mut told: Map<String, Value>) -> Self {
        let mut text = |name: &str| match told.shift_remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let mut node = Self {
            parent,
            depth,
            kind: text("Node Type").unwrap_or_default(),
            subplan: text("Subplan Name"),
            schema: text("Schema"),
            relation: text("Relation Name"),
            alias: text("Alias"),
            index: text("Index Name"),
            ..Self::default()
        };
        let mut number = |name: &str| told.shift_remove(name).as_ref().and_then(Value::as_f64);
        node.startup_cost = number("Startup Cost");
        node.total_cost = number("Total Cost");
        node.rows = number("Plan Rows");
        node.width = number("Plan Width");
        let (rows, loops) = (number("Actual Rows"), number("Actual Loops"));
        number("Actual Startup Time");
        let ms = number("Actual Total Time");
        node.actual = loops.map(|loops| Actual {
            ms,
            rows: rows.unwrap_or_default(),
            loops,
        });
        node.details = told;
        node
    }

    /// A detail that is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.details.get(name)?.as_f64()
    }

    /// A detail as the text format shows it: lists with commas.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.details.get(name)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Array(items) => {
                let items = items.iter().filter_map(Value::as_str);
                Some(Cow::Owned(items.collect::<Vec<_>>().join(", ")))
            }
            Value::Null | Value::Object(_) => None,
            other => Some(Cow::Owned(other.to_string())),
        }
    }

    /// A detail that is true.
    pub fn has(&self, name: &str) -> bool {
        self.details.get(name) == Some(&Value::Bool(true))
    }

    /// Is it run by others when they need it, rather than for the rows of the node above?
    pub fn is_subplan(&self) -> bool {
        self.subplan.is_some()
    }

    /// Rows of all runs; `None`: not executed.
    pub fn all_rows(&self) -> Option<f64> {
        self.actual.map(|actual| actual.rows * actual.loops)
    }

    /// What it did in each worker, by the names of the JSON format.
    pub fn workers(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let workers = self.details.get("Workers").and_then(Value::as_array);
        workers.into_iter().flatten().filter_map(Value::as_object)
    }
}
