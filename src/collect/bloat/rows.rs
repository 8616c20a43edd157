//! Rows that came, and the sample that they make.

use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Error, Row};

use super::fetch::Fetch;
use crate::derive::bloat::{Sample, Values};

/// Where a row stands: block and line pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u32, u16);

impl<'a> FromSql<'a> for Place {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let (block, pointer) = raw.split_at_checked(4).ok_or("a tid is too short")?;
        Ok(Self(
            u32::from_be_bytes(block.try_into()?),
            u16::from_be_bytes(pointer.try_into()?),
        ))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TID
    }
}

/// What came of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Came {
    place: Place,
    sizes: Box<[Option<i32>]>,
    conditions: Box<[bool]>,
    hashes: Box<[i64]>,
}

/// All rows that came so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CameRows(Vec<Came>);

impl CameRows {
    /// Adds a row of one of the statements.
    pub fn push(&mut self, fetch: &Fetch, row: &Row) -> Result<(), Error> {
        let sizes = fetch.sizes.iter().flatten().count();
        let conditions = fetch.conditions.len();
        let hashes = fetch.hashes.len();
        let hash = |at: usize| row.try_get::<_, Option<i64>>(1 + sizes + conditions + at);
        self.0.push(Came {
            place: row.try_get(0)?,
            sizes: (0..sizes)
                .map(|at| row.try_get(1 + at))
                .collect::<Result<_, _>>()?,
            conditions: (0..conditions)
                .map(|at| row.try_get(1 + sizes + at))
                .collect::<Result<_, _>>()?,
            hashes: (0..hashes)
                .map(|at| Ok(hash(at)?.unwrap_or_default()))
                .collect::<Result<_, Error>>()?,
        });
        Ok(())
    }

    /// Rows that came.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The sample that they make, of these blocks of a table.
    pub fn sample(&mut self, fetch: &Fetch, chosen: &[u64], blocks: u64) -> Sample {
        self.0.sort_unstable_by_key(|came| came.place);
        let mut starts = Vec::with_capacity(chosen.len());
        let mut at = 0;
        for block in chosen {
            while self
                .0
                .get(at)
                .is_some_and(|came| u64::from(came.place.0) < *block)
            {
                at += 1;
            }
            starts.push(at);
        }
        let mut asked = 0;
        let values = fetch.sizes.iter().map(|size| {
            if size.is_none() {
                return Values::Present;
            }
            asked += 1;
            Values::Sizes(self.0.iter().map(|came| came.sizes[asked - 1]).collect())
        });
        Sample {
            blocks,
            starts,
            rows: self.0.len(),
            values: values.collect(),
            conditions: (0..fetch.conditions.len())
                .map(|at| self.0.iter().map(|came| came.conditions[at]).collect())
                .collect(),
            hashes: (0..fetch.hashes.len())
                .map(|at| self.0.iter().map(|came| came.hashes[at]).collect())
                .collect(),
        }
    }
}
