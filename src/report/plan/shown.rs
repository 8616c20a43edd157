//! A plan with all that is said about it.

use super::known::Known;
use super::limits::Limits;
use super::own::{Own, own};
use super::readings::{Reading, readings};
use crate::parse::plan::Plan;

/// A plan with all that is said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What it is the plan of: a fingerprint, a file with its line, a beginning of the text.
    pub title: String,
    /// Fingerprint of the statement; `None`: its text is not known.
    pub fingerprint: Option<String>,
    /// The statement; `None`: not known.
    pub statement: Option<String>,
    /// The plan.
    pub plan: Plan,
    /// What the nodes cost and take by themselves.
    pub own: Vec<Own>,
    /// What it tells.
    pub readings: Vec<Reading>,
    /// What could be tried.
    pub hints: Vec<Hint>,
    /// What it is to be taken with: where values come from, what the shadow lacks.
    pub notes: Vec<String>,
}

/// An index that could help, and how to see whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Why, a sentence.
    pub because: String,
    /// CREATE INDEX.
    pub sql: String,
    /// The command that tries it.
    pub command: String,
}

impl Shown {
    /// Reads a plan.
    pub fn new(title: String, plan: Plan, known: &Known, limits: &Limits) -> Self {
        let own = own(&plan);
        let readings = readings(&plan, &own, known, limits);
        let statement = plan.query_text.clone();
        let fingerprint = statement
            .as_deref()
            .map(crate::parse::fingerprint)
            .map(|print| print.to_string());
        Self {
            title,
            fingerprint,
            statement,
            plan,
            own,
            readings,
            hints: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Cost, rows and times of the whole, in words.
    pub fn summary(&self) -> String {
        use crate::facts::human;
        let mut parts = Vec::new();
        if let Some(cost) = self.plan.cost() {
            parts.push(format!("cost {}", human::count(cost)));
        }
        let rows = |rows: f64| match human::count(rows).as_str() {
            "1" => "1 row".to_owned(),
            count => format!("{count} rows"),
        };
        if let Some(root) = self.plan.nodes.first() {
            match (root.all_rows(), root.rows) {
                (Some(all), _) => parts.push(rows(all)),
                (None, Some(expected)) => parts.push(format!("{} expected", rows(expected))),
                (None, None) => {}
            }
        }
        parts.extend(
            self.plan
                .execution_ms
                .map(|ms| format!("execution {}", human::ms(ms))),
        );
        parts.extend(
            self.plan
                .planning_ms
                .map(|ms| format!("planning {}", human::ms(ms))),
        );
        parts.join(", ")
    }
}
