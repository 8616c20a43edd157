//! Which moment rows belong to.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::rows::Sample;

/// Rows of two files that are read within this time belong together, microseconds.
const TOGETHER: i64 = 60_000_000;

/// The samples of each facts table so far.
pub struct Series {
    now: i64,
    known: HashMap<String, Vec<(i64, Option<i64>)>>,
}

impl Series {
    /// None yet.
    pub fn new(now: i64) -> Self {
        Self {
            now,
            known: HashMap::new(),
        }
    }

    /// Our ids of a file's samples, for a table. A further file for the same table holds the same
    /// moments: those of the same time where it is known, else counted from the last one back.
    pub fn ids(
        &mut self,
        facts: &Connection,
        table: &str,
        database: Option<i64>,
        samples: &[Sample],
    ) -> Result<Vec<i64>> {
        let known = self.known.entry(table.to_owned()).or_default();
        let before = known.clone();
        let mut ids = Vec::with_capacity(samples.len());
        for (index, sample) in samples.iter().enumerate() {
            let from_end = samples.len() - index;
            let same = match sample.captured_at {
                Some(at) => before.iter().find(|(_, other)| {
                    other.is_some_and(|other| other.abs_diff(at) <= TOGETHER as u64)
                }),
                None => None,
            };
            let opposite = before
                .len()
                .checked_sub(from_end)
                .map(|place| &before[place]);
            let fits =
                |(_, other): &&(i64, Option<i64>)| other.is_none() || sample.captured_at.is_none();
            if let Some((id, _)) = same.or(opposite.filter(fits)) {
                ids.push(*id);
                continue;
            }
            // The order is all that is known, so the steps mean nothing.
            let at = sample
                .captured_at
                .unwrap_or(self.now - (from_end as i64 - 1) * 1_000_000);
            facts.execute(
                "INSERT INTO samples (node_id, database_id, captured_at, is_timed) VALUES (1, ?1, ?2, ?3)",
                rusqlite::params![database, at, sample.captured_at.is_some()],
            )?;
            let id = facts.last_insert_rowid();
            known.push((id, sample.captured_at));
            ids.push(id);
        }
        Ok(ids)
    }

    /// The last sample of a table.
    pub fn last(&self, table: &str) -> Option<(i64, Option<i64>)> {
        self.known.get(table)?.last().copied()
    }
}
