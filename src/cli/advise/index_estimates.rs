//! Sizes and write costs of indexes, from facts.

use std::collections::BTreeMap;

use crate::advise::index::{Activity, Estimates, IndexSpec, Sized, Tables, WriteCost, sized};
use crate::derive::sizes;
use crate::facts::Store;

/// What the facts say of indexes that are not there.
pub struct FromFacts {
    sizes: sizes::Tables,
    activity: BTreeMap<i64, Activity>,
    hours: Option<f64>,
}

impl FromFacts {
    /// Reads it. Counters of writes younger than `write_age` ms do not count.
    pub fn read(
        store: &Store,
        database: i64,
        tables: &Tables,
        write_age: f64,
    ) -> anyhow::Result<Self> {
        let facts = store.connection();
        let mut activity = BTreeMap::new();
        for table in tables.iter() {
            if let Some(known) = Activity::read(facts, table.id, write_age)? {
                activity.insert(table.id, known);
            }
        }
        // Weights of files are of no time.
        let sql = "SELECT max(window_us) / 3.6e9 FROM statement_rate_by_node
                   WHERE NOT EXISTS (SELECT 1 FROM workload_texts)";
        let hours: Option<f64> = facts.query_row(sql, [], |row| row.get(0))?;
        Ok(Self {
            sizes: sizes::Tables::read(facts, database)?,
            activity,
            hours,
        })
    }
}

impl Estimates for FromFacts {
    fn size(&self, spec: &IndexSpec, share: f64) -> Option<Sized> {
        let (sized, _) = sized(&self.sizes, spec.clone(), share)?;
        Some(sized)
    }

    fn bounds(&self, index: &Sized, share: f64) -> Option<(u64, u64)> {
        let (_, size) = sized(&self.sizes, index.spec.clone(), share)?;
        Some((size.low, size.high))
    }

    fn writes(&self, index: &Sized, share: f64) -> Option<WriteCost> {
        let activity = self.activity.get(&index.spec.relation)?;
        Some(activity.cost(index, share))
    }

    fn hours(&self) -> Option<f64> {
        self.hours
    }
}
