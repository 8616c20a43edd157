//! What a statement did between samples.

use serde_json::{Value, json};

use crate::facts::{FactsError, Store, figure, human};

/// What a statement did between two samples, over all servers and roles.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// When it ended, microseconds.
    pub ended_at: i64,
    /// How long it was, ms.
    pub elapsed_ms: f64,
    /// Calls, rows and time; `None`: its counters were reset meanwhile.
    pub figures: Option<(i64, i64, f64)>,
}

/// The intervals of a statement, the earliest first.
pub fn history(store: &Store, id: i64) -> Result<Vec<Interval>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT captured_at, max(interval_us) / 1000.0, max(is_reset), sum(calls), sum(rows),
                sum(total_exec_ms)
         FROM statement_delta WHERE statement_id = ?1 GROUP BY sample_id ORDER BY sample_id",
    )?;
    let intervals = statement.query_map([id], |row| {
        let figures = match (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?) {
            (Some(0), Some(calls), Some(rows), Some(ms)) => Some((calls, rows, ms)),
            _ => None,
        };
        Ok(Interval {
            ended_at: row.get(0)?,
            elapsed_ms: row.get(1)?,
            figures,
        })
    })?;
    Ok(intervals.collect::<Result<_, _>>()?)
}

impl Interval {
    /// When it ended, and what was done in it.
    pub fn words(&self) -> (String, String) {
        let over = human::ms(self.elapsed_ms);
        let did = match self.figures {
            None => format!("{over}: not known, the counters were reset"),
            Some((0, ..)) => format!("{over}: no calls"),
            Some((calls, rows, ms)) => format!(
                "{over}: {} calls of {}, {} rows",
                human::count(calls as f64),
                human::ms(ms / calls as f64),
                human::count(rows as f64)
            ),
        };
        (figure("ended_at", &json!(self.ended_at)), did)
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "ended_at": self.ended_at,
            "elapsed_ms": self.elapsed_ms,
            "calls": self.figures.map(|figures| figures.0),
            "rows": self.figures.map(|figures| figures.1),
            "exec_ms": self.figures.map(|figures| figures.2),
        })
    }
}
