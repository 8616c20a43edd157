//! One table: read in one short transaction, and estimated.

use std::time::{Duration, Instant};

use super::catalog::{self, Column, IndexEntry, TABLE};
use super::fetch::Fetch;
use super::judged::Judged;
use super::limits::BloatLimits;
use super::rows::CameRows;
use super::strata::Strata;
use super::tables::TableEntry;
use crate::collect::connect::{ReadError, ReadTransaction, Server};
use crate::collect::error::CollectError;
use tokio_postgres::types::Type;

/// Limit for one statement.
const STATEMENT: Duration = Duration::from_secs(5);
/// Limit for waiting for a lock.
const LOCK: Duration = Duration::from_millis(100);
/// Strata at first.
const FIRST: u64 = 100;
/// Strata are divided by this.
const DIVISION: u64 = 3;
/// A smaller table is read whole: that costs hardly more than a sample, and leaves nothing to chance.
const SMALL: i64 = 8 << 20;
/// Once chance puts no estimate off by more than this share of its size, no more is read: with what
/// the model may be off, two points are not passed.
const ENOUGH: f64 = 0.01;

/// What was read of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub size_bytes: i64,
    pub indexes: Vec<IndexEntry>,
    pub judged: Judged,
    pub blocks_read: u64,
    pub blocks: u64,
    pub rows: usize,
    pub elapsed: Duration,
    /// Why indexes with something computed were left out, if they were.
    pub without_computed: Option<String>,
}

/// Why a table could not be read.
pub(super) enum Failure {
    Read(ReadError),
    Collect(CollectError),
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// Reads a table, and once more without what has to be computed where that fails.
pub(super) async fn read(
    server: &Server,
    table: &TableEntry,
    major: u32,
    limits: &BloatLimits,
) -> Result<Reading, Failure> {
    let started = Instant::now();
    let mut reading = match attempt(server, table, major, limits, true).await {
        Err(Failure::Read(error)) if is_of_value(&error) => {
            let mut reading = attempt(server, table, major, limits, false).await?;
            reading.without_computed = Some(error.to_string());
            reading
        }
        other => other?,
    };
    reading.elapsed = started.elapsed();
    Ok(reading)
}

/// An error that computing a value may have raised, rather than the table or the connection.
fn is_of_value(error: &ReadError) -> bool {
    !error.is_connection_lost() && !error.is_timeout() && !error.is_lock_not_available()
}

async fn attempt(
    server: &Server,
    table: &TableEntry,
    major: u32,
    limits: &BloatLimits,
    computes: bool,
) -> Result<Reading, Failure> {
    let mut transaction = server.read(STATEMENT, LOCK).await?;
    let (size_bytes, columns, indexes) = describe(&mut transaction, table).await?;
    let fetch = Fetch::new(table, &columns, &indexes, major, computes);
    let blocks = (size_bytes / table.page.block()).cast_unsigned();
    let mut strata = Strata::new(blocks, limits.seed ^ (u64::from(table.oid) << 32 | blocks));
    let mut rows = CameRows::default();
    let mut count = FIRST.min(limits.blocks).max(1);
    if size_bytes <= SMALL || blocks <= count {
        strata.take_all();
        take(&mut transaction, &fetch, &fetch.whole(), &mut rows).await?;
        count = blocks;
    } else {
        let fresh = strata.divide(count);
        for statement in fetch.blocks(&fresh, major, table.page) {
            take(&mut transaction, &fetch, &statement, &mut rows).await?;
        }
    }
    let judged = loop {
        let sample = rows.sample(&fetch, strata.chosen(), blocks);
        let judged = Judged::new(&fetch, &sample);
        let times = (limits.blocks / count.max(1)).min(DIVISION);
        let is_enough = judged.chance(table, size_bytes, &indexes) <= ENOUGH;
        if is_enough || times < 2 || count >= blocks {
            break judged;
        }
        count *= times;
        for statement in fetch.blocks(&strata.divide(count), major, table.page) {
            take(&mut transaction, &fetch, &statement, &mut rows).await?;
        }
    };
    transaction.commit().await?;
    Ok(Reading {
        size_bytes,
        indexes,
        judged,
        blocks_read: strata.chosen().len() as u64,
        blocks,
        rows: rows.len(),
        elapsed: Duration::ZERO,
        without_computed: None,
    })
}

/// Size, columns and indexes of the table as they are now.
async fn describe(
    transaction: &mut ReadTransaction,
    table: &TableEntry,
) -> Result<(i64, Vec<Column>, Vec<IndexEntry>), Failure> {
    let found = transaction
        .query_all(TABLE, &[(&table.oid, Type::OID)])
        .await?;
    let value = CollectError::value("bloat_estimates");
    let read = || -> Result<_, tokio_postgres::Error> {
        let row = found.first().expect("a query without FROM gives one row");
        let size: Option<i64> = row.try_get("size_bytes")?;
        let (columns, indexes): (String, String) =
            (row.try_get("columns")?, row.try_get("indexes")?);
        Ok((size.unwrap_or(0), columns, indexes))
    };
    let (size, columns, indexes) = read().map_err(|error| Failure::Collect(value(error)))?;
    let (columns, indexes) = catalog::parse(&columns, &indexes)
        .map_err(|error| Failure::Collect(CollectError::row("bloat_estimates", &error)))?;
    Ok((size, columns, indexes))
}

async fn take(
    transaction: &mut ReadTransaction,
    fetch: &Fetch,
    statement: &str,
    rows: &mut CameRows,
) -> Result<(), Failure> {
    let mut came = transaction.query(statement, &[]).await?;
    while let Some(row) = came.next().await? {
        rows.push(fetch, &row)
            .map_err(|error| Failure::Collect(CollectError::row("bloat_estimates", &error)))?;
    }
    Ok(())
}
