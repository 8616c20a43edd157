//! What counters of statements grew by between samples.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

/// Calls and rows of one statement over one interval.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    pub calls: i64,
    pub rows: i64,
}

/// Growth of all statements.
#[derive(Debug, Default)]
pub(super) struct Growth {
    /// By statement, then interval.
    steps: HashMap<i64, HashMap<i64, Step>>,
    /// Sums over all that was looked at.
    totals: HashMap<i64, Step>,
    /// Intervals with growth of any statement.
    intervals: HashSet<i64>,
}

/// How well calls of a child match rows of a parent.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub child_calls: i64,
    pub parent: Step,
    pub intervals: usize,
    pub deviation: Option<f64>,
    pub ratio: Option<f64>,
    pub correlation: Option<f64>,
}

impl Growth {
    /// Reads what statements grew by; where there is one sample only, their counters.
    pub fn load(facts: &Connection) -> Result<Self> {
        let mut growth = Self::default();
        let mut deltas = facts.prepare(
            "SELECT statement_id, sample_id, sum(calls), sum(rows) FROM statement_delta
             WHERE NOT is_reset GROUP BY statement_id, sample_id HAVING sum(calls) > 0",
        )?;
        let mut rows = deltas.query([])?;
        while let Some(row) = rows.next()? {
            let step = Step {
                calls: row.get(2)?,
                rows: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
            };
            growth.intervals.insert(row.get(1)?);
            growth
                .steps
                .entry(row.get(0)?)
                .or_default()
                .insert(row.get(1)?, step);
        }
        if !growth.intervals.is_empty() {
            for (statement, steps) in &growth.steps {
                let total = growth.totals.entry(*statement).or_default();
                for step in steps.values() {
                    total.calls += step.calls;
                    total.rows += step.rows;
                }
            }
            return Ok(growth);
        }
        let mut totals = facts
            .prepare("SELECT statement_id, calls, rows FROM statement_totals WHERE calls > 0")?;
        let mut rows = totals.query([])?;
        while let Some(row) = rows.next()? {
            let step = Step {
                calls: row.get(1)?,
                rows: row.get::<_, Option<i64>>(2)?.unwrap_or(0),
            };
            growth.totals.insert(row.get(0)?, step);
        }
        Ok(growth)
    }

    /// Number of intervals between samples in which anything ran.
    pub fn intervals(&self) -> usize {
        self.intervals.len()
    }

    /// What a statement did over all that was looked at.
    pub fn total(&self, statement: i64) -> Step {
        self.totals.get(&statement).copied().unwrap_or_default()
    }

    /// Compares calls of a child with rows of a parent.
    pub fn compare(&self, child: i64, parent: i64) -> Match {
        let (calls, rows) = (self.total(child), self.total(parent));
        let ratio = (rows.rows > 0).then(|| calls.calls as f64 / rows.rows as f64);
        let mut found = Match {
            child_calls: calls.calls,
            parent: rows,
            intervals: 0,
            deviation: None,
            ratio,
            correlation: None,
        };
        let none = HashMap::new();
        let child = self.steps.get(&child).unwrap_or(&none);
        let parent = self.steps.get(&parent).unwrap_or(&none);
        let mut samples: Vec<i64> = child.keys().chain(parent.keys()).copied().collect();
        samples.sort_unstable();
        samples.dedup();
        let pairs: Vec<(f64, f64)> = samples
            .iter()
            .map(|sample| {
                let calls = child.get(sample).map_or(0, |step| step.calls);
                let rows = parent.get(sample).map_or(0, |step| step.rows);
                (calls as f64, rows as f64)
            })
            .collect();
        found.intervals = pairs.len();
        if calls.calls > 0 && !pairs.is_empty() {
            let apart: f64 = pairs.iter().map(|(calls, rows)| (calls - rows).abs()).sum();
            found.deviation = Some(apart / calls.calls as f64);
            found.correlation = correlation(&pairs);
        }
        found
    }
}

/// Pearson's coefficient; none where one side does not change.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (x, y) = pairs
        .iter()
        .fold((0.0, 0.0), |(x, y), pair| (x + pair.0 / n, y + pair.1 / n));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (dx, dy) = (pair.0 - x, pair.1 - y);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}
