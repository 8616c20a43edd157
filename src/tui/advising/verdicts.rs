//! What the facts alone say of indexes that are there.

use std::collections::BTreeMap;

use crate::advise::index::{Drop, Limits, drops};
use crate::facts::{FactsError, Store};

/// What is to become of an index.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It may go.
    Goes(Drop),
    /// It stays, though it seems to be of no use; because of this.
    Stays(String),
}

/// What the facts alone say of indexes that are there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdicts {
    /// By ids of indexes.
    by_index: BTreeMap<i64, Verdict>,
    /// What indexes do beside look-ups.
    duties: BTreeMap<i64, String>,
    /// Time that their scans are counted for, ms.
    counted: BTreeMap<i64, f64>,
    /// Pages that could not judge, and why.
    pub not_judged: Vec<(String, String)>,
}

impl Verdicts {
    /// Reads them. The pages must have run over the same facts.
    pub fn read(store: &Store, limits: &Limits) -> Result<Self, FactsError> {
        let facts = store.connection();
        let databases: Vec<i64> = facts
            .prepare("SELECT id FROM databases WHERE is_collected ORDER BY id")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut verdicts = Self::default();
        for database in databases {
            let found = drops(facts, database, &[], limits)?;
            let stay = found.stay.into_iter();
            let stay = stay.map(|kept| (kept.index_id, Verdict::Stays(kept.because)));
            let go = found.go.into_iter();
            let go = go.map(|drop| (drop.index_id, Verdict::Goes(drop)));
            verdicts.by_index.extend(stay.chain(go));
            let bound = found.bound.into_iter();
            verdicts
                .duties
                .extend(bound.map(|kept| (kept.index_id, kept.because)));
            verdicts.not_judged = found.not_judged;
        }
        verdicts.counted = facts
            .prepare(
                "SELECT index_id, counted_us / 1000.0 FROM index_usage WHERE counted_us IS NOT NULL",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(verdicts)
    }

    /// That of an index (`indexes.id`); `None`: it is in use, or nothing is known of it.
    pub fn of(&self, index: i64) -> Option<&Verdict> {
        self.by_index.get(&index)
    }

    /// Time that its scans are counted for, ms; `None`: not known.
    pub fn counted(&self, index: i64) -> Option<f64> {
        self.counted.get(&index).copied()
    }

    /// Why no other index can take its place.
    pub fn duty(&self, index: i64) -> Option<&str> {
        self.duties.get(&index).map(String::as_str)
    }
}
