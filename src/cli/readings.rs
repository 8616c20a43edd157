//! Facts of a server that is watched.

use std::time::Duration;

use tokio::time::Instant;

use crate::collect::{Collector, Progress};
use crate::facts::{FactsError, Store};

/// Reading everything takes at most this part of the time.
const SHARE: u32 = 50;

/// The latest reading of a server, and no earlier one: what is found while watching is what `check`
/// would find now, not what the seconds between two readings show.
#[derive(Debug)]
pub struct Readings {
    store: Store,
    /// When everything was read last.
    whole_at: Instant,
    /// How long that took.
    took: Duration,
    /// Tables with rows of samples.
    tables: Vec<String>,
}

impl Readings {
    /// Reads everything.
    pub async fn whole(
        collector: &mut Collector,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> anyhow::Result<Self> {
        let start = Instant::now();
        let mut store = Store::in_memory()?;
        collector.collect(&mut store, progress).await?;
        let tables = store
            .connection()
            .prepare(
                "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name = 'sample_id'",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let whole_at = Instant::now();
        Ok(Self {
            store,
            whole_at,
            took: whole_at - start,
            tables,
        })
    }

    /// The facts.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Whether the catalog is due: where everything is read in a moment, each time.
    pub fn is_whole_due(&self) -> bool {
        self.whole_at.elapsed() >= self.took * SHARE
    }

    /// Reads counters and sessions once more, in place of those before.
    pub async fn sample(&mut self, collector: &mut Collector) -> anyhow::Result<()> {
        let last = "SELECT coalesce(max(id), 0) FROM samples";
        let last: i64 = self
            .store
            .connection()
            .query_row(last, [], |row| row.get(0))?;
        collector.sample(&mut self.store).await?;
        Ok(self.forget(last)?)
    }

    /// Takes away the samples up to this one, and what was told twice.
    fn forget(&self, last: i64) -> Result<(), FactsError> {
        let facts = self.store.connection().unchecked_transaction()?;
        facts.execute(
            "DELETE FROM collections AS old WHERE sample_id <= ?1 AND EXISTS (
               SELECT 1 FROM collections new WHERE new.sample_id > ?1 AND new.table_name = old.table_name
               AND new.node_id = old.node_id AND new.database_id IS old.database_id)",
            [last],
        )?;
        for table in self.tables.iter().filter(|table| *table != "collections") {
            let delete = format!("DELETE FROM {table} WHERE sample_id <= ?1");
            facts.execute(&delete, [last])?;
        }
        facts.execute("DELETE FROM samples WHERE id <= ?1", [last])?;
        facts.execute(
            "DELETE FROM missing_facts WHERE rowid NOT IN (
               SELECT min(rowid) FROM missing_facts
               GROUP BY node_id, database_id, table_name, column_name, object)",
            [],
        )?;
        facts.commit()?;
        Ok(())
    }
}
