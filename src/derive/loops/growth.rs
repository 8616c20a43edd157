//! What counters of statements grew by between samples.

use std::collections::HashMap;

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
    /// By statement, a step for each interval.
    steps: HashMap<i64, Vec<Step>>,
    /// Sums over all that was looked at.
    totals: HashMap<i64, Step>,
    /// Number of intervals with growth of any statement.
    intervals: usize,
}

/// How well calls of a child match rows of a parent.
#[derive(Debug, Clone)]
pub(super) struct Match {
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
        let mut places: HashMap<i64, usize> = HashMap::new();
        let mut rows = deltas.query([])?;
        while let Some(row) = rows.next()? {
            let step = Step {
                calls: row.get(2)?,
                rows: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
            };
            let next = places.len();
            let place = *places.entry(row.get(1)?).or_insert(next);
            let steps = growth.steps.entry(row.get(0)?).or_default();
            if steps.len() <= place {
                steps.resize(place + 1, Step::default());
            }
            steps[place] = step;
        }
        growth.intervals = places.len();
        if growth.intervals > 0 {
            for (statement, steps) in &growth.steps {
                let total = growth.totals.entry(*statement).or_default();
                for step in steps {
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
        self.intervals
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
            parent: rows,
            intervals: 0,
            deviation: None,
            ratio,
            correlation: None,
        };
        let steps = |statement: i64| self.steps.get(&statement).map_or(&[][..], Vec::as_slice);
        let (child, parent) = (steps(child), steps(parent));
        let step = |steps: &[Step], place: usize| steps.get(place).copied().unwrap_or_default();
        let pairs: Vec<(f64, f64)> = (0..child.len().max(parent.len()))
            .map(|place| (step(child, place).calls, step(parent, place)))
            .filter(|(calls, parent)| *calls > 0 || parent.calls > 0)
            .map(|(calls, parent)| (calls as f64, parent.rows as f64))
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
