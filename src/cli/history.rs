//! Facts that are read again and again, without growing for ever.

use std::collections::VecDeque;

use crate::collect::Collector;
use crate::facts::{FactsError, Store};

/// Rounds that are kept beside the first, which is the start of all rates.
const KEPT: usize = 30;

/// A facts database and the rounds of samples in it.
#[derive(Debug)]
pub struct History {
    store: Store,
    /// Last sample of the first round.
    first: i64,
    /// Last sample of each later round that is kept.
    rounds: VecDeque<i64>,
    /// Tables with rows of samples.
    tables: Vec<String>,
}

impl History {
    /// Facts that were read once.
    pub fn new(store: Store) -> Result<Self, FactsError> {
        let tables = store
            .connection()
            .prepare(
                "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name = 'sample_id'",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            first: last_sample(&store)?,
            store,
            rounds: VecDeque::new(),
            tables,
        })
    }

    /// The facts.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// One round more; the oldest but the first goes when there are too many.
    pub async fn sample(&mut self, collector: &mut Collector) -> anyhow::Result<()> {
        collector.sample(&mut self.store).await?;
        self.rounds.push_back(last_sample(&self.store)?);
        if self.rounds.len() > KEPT
            && let Some(oldest) = self.rounds.pop_front()
        {
            self.forget(oldest)?;
        }
        Ok(())
    }

    /// Takes away the samples behind the first round, up to this one.
    fn forget(&self, last: i64) -> Result<(), FactsError> {
        let facts = self.store.connection().unchecked_transaction()?;
        for table in &self.tables {
            let delete = format!("DELETE FROM {table} WHERE sample_id > ?1 AND sample_id <= ?2");
            facts.execute(&delete, [self.first, last])?;
        }
        let delete = "DELETE FROM samples WHERE id > ?1 AND id <= ?2";
        facts.execute(delete, [self.first, last])?;
        facts.commit()?;
        Ok(())
    }
}

fn last_sample(store: &Store) -> rusqlite::Result<i64> {
    let last = "SELECT coalesce(max(id), 0) FROM samples";
    store.connection().query_row(last, [], |row| row.get(0))
}
