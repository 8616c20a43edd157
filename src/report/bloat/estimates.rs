//! The rows of the view `bloat_figures`.

use crate::facts::{FactsError, Store};
use crate::report::listing::Missing;

/// What estimates are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum BloatOrder {
    /// Bytes that would be given back
    #[default]
    Bloat,
    /// Their share of the size
    Share,
    /// Size
    Size,
    /// Name
    Name,
}

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Database.
    pub database: String,
    /// Table, index, or the table that owns the TOAST table, with its schema.
    pub relation: String,
    /// Table, index or toast.
    pub kind: String,
    /// Table, of an index.
    pub table: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Bytes that a rewrite would give back; `None`: unknown.
    pub bloat_bytes: Option<i64>,
    /// Half the width of the 95 % interval, bytes.
    pub plus_minus_bytes: Option<i64>,
    /// How it was estimated.
    pub method: String,
    /// Blocks read, and blocks that the table has.
    pub blocks: Option<(i64, i64)>,
}

/// Estimates of tables or of indexes.
#[derive(Debug, Clone)]
pub struct Estimates {
    /// Those that are known.
    pub known: Vec<Estimate>,
    /// Those of which nothing is known.
    pub unknown: Vec<Estimate>,
    /// Why.
    pub missing: Vec<Missing>,
    /// Whether any were made.
    pub were_made: bool,
    /// Whether they are of several databases.
    pub is_of_several: bool,
}

impl Estimate {
    /// Share of its size that a rewrite would give back.
    pub fn share(&self) -> Option<f64> {
        let size = self.size_bytes.max(1) as f64;
        self.bloat_bytes.map(|bytes| bytes as f64 / size)
    }

    /// The same of the interval.
    pub fn plus_minus_share(&self) -> Option<f64> {
        let size = self.size_bytes.max(1) as f64;
        self.plus_minus_bytes.map(|bytes| bytes as f64 / size)
    }
}

impl Estimates {
    /// Reads those of indexes, or those of tables and their TOAST tables.
    pub fn read(store: &Store, of_indexes: bool, order: BloatOrder) -> Result<Self, FactsError> {
        let connection = store.connection();
        let mut statement = connection.prepare(
            "SELECT database_name, schema || '.' || name, kind, table_name, size_bytes, bloat_bytes,
                    plus_minus_bytes, method, blocks_read, blocks
             FROM bloat_figures WHERE (kind = 'index') = ?1
             ORDER BY database_name, schema, name, kind",
        )?;
        let all = statement
            .query_map([of_indexes], |row| {
                let read: Option<i64> = row.get(8)?;
                Ok(Estimate {
                    database: row.get(0)?,
                    relation: row.get(1)?,
                    kind: row.get(2)?,
                    table: row.get(3)?,
                    size_bytes: row.get(4)?,
                    bloat_bytes: row.get(5)?,
                    plus_minus_bytes: row.get(6)?,
                    method: row.get(7)?,
                    blocks: read.zip(row.get(9)?),
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let is_of_several = all
            .iter()
            .any(|estimate| estimate.database != all[0].database);
        let were_made = "SELECT count(*) > 0 FROM collections WHERE table_name = 'bloat_estimates'";
        let (mut known, unknown): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|estimate| estimate.bloat_bytes.is_some());
        let share = |estimate: &Estimate| estimate.share().unwrap_or_default();
        match order {
            BloatOrder::Bloat => known.sort_by_key(|one| std::cmp::Reverse(one.bloat_bytes)),
            BloatOrder::Size => known.sort_by_key(|one| std::cmp::Reverse(one.size_bytes)),
            BloatOrder::Share => known.sort_by(|a, b| share(b).total_cmp(&share(a))),
            BloatOrder::Name => {}
        }
        Ok(Self {
            were_made: !known.is_empty()
                || !unknown.is_empty()
                || connection.query_row(were_made, [], |row| row.get(0))?,
            known,
            unknown,
            missing: Missing::of(store, "'bloat_estimates'")?,
            is_of_several,
        })
    }
}
