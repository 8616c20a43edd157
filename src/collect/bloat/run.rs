//! All tables of the databases that are looked into, the largest first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::book::Estimate;
use super::catalog::IndexEntry;
use super::fallback::{Extension, Rough};
use super::limits::BloatLimits;
use super::one::{self, Failure, Reading};
use super::tables::{Standing, TABLES, TableEntry};
use crate::collect::connect::{ReadError, Server};
use crate::collect::copy::Place;
use crate::collect::error::CollectError;
use crate::collect::ids::Ids;
use crate::collect::progress::Steps;
use crate::collect::reader::Reader;
use crate::facts::quote;

const FACTS: &str = "bloat_estimates";
const LOCKED: &str = "another session holds a lock on it";
const AGAIN: &str = "run again when that lock is gone";

/// Where tables are looked for and what is known of them.
pub(in crate::collect) struct Ground<'a> {
    pub facts: &'a Connection,
    pub ids: &'a mut Ids,
    /// Databases that are looked into, and what their rows belong to.
    pub databases: Vec<(Server, Place)>,
    pub timeout: Duration,
}

impl Ground<'_> {
    fn reader(&mut self, at: usize) -> Reader<'_> {
        let (server, place) = &self.databases[at];
        Reader {
            server,
            timeout: self.timeout,
            facts: self.facts,
            ids: self.ids,
            place: *place,
        }
    }
}

/// Estimates all tables; what stood in the way of one is a missing fact. Where it is told to `stop`, the rest
/// stays unknown: a table that is begun is finished, so that no transaction stays open.
///
/// # Errors
/// When the connection is lost.
pub(in crate::collect) async fn sample(
    mut ground: Ground<'_>,
    limits: BloatLimits,
    stop: &AtomicBool,
    steps: &mut Steps<'_>,
) -> Result<(), CollectError> {
    let started = Instant::now();
    let mut tables = Vec::new();
    for at in 0..ground.databases.len() {
        let reader = ground.reader(at);
        forget(&reader)?;
        tables.extend(list(&reader).await?.into_iter().map(|table| (at, table)));
    }
    tables.sort_by_key(|(_, table)| std::cmp::Reverse(table.size_bytes));
    steps.plan(tables.len());
    let mut left = limits.bytes;
    for (at, table) in tables {
        steps.next(&format!("bloat of {}.{}", table.schema, table.name));
        let reader = ground.reader(at);
        let database = reader.place.database.unwrap_or_default();
        let id = reader
            .ids
            .get("relations", Some(database), table.oid.into());
        let Some(relation) = id else { continue };
        let mut one = One {
            estimate: Estimate::of(database, relation, table.size_bytes.unwrap_or(0)),
            reader,
            table: &table,
            left: &mut left,
        };
        if stop.load(Ordering::Relaxed) {
            one.missing("the estimating of bloat was stopped", "run it again")?;
        } else if started.elapsed() >= limits.time {
            let seconds = limits.time.as_secs();
            one.missing(
                &format!("the time for estimating bloat was over ({seconds} s)"),
                "look into one database at a time, or read fewer blocks with --bloat-blocks",
            )?;
        } else {
            one.run(&limits).await?;
        }
    }
    for at in 0..ground.databases.len() {
        let reader = ground.reader(at);
        let count = "SELECT count(*) FROM bloat_estimates WHERE database_id = ?1";
        let rows: i64 = reader
            .facts
            .query_row(count, [reader.place.database], |row| row.get(0))?;
        reader.note(FACTS, rows as usize, started)?;
    }
    Ok(())
}

/// Takes away what was estimated before.
fn forget(reader: &Reader<'_>) -> Result<(), CollectError> {
    let (facts, database) = (reader.facts, reader.place.database);
    facts.execute(
        "DELETE FROM bloat_estimates WHERE database_id = ?1",
        [database],
    )?;
    for table in ["missing_facts", "collections"] {
        let delete = format!("DELETE FROM {table} WHERE table_name = ?1 AND database_id = ?2");
        facts.execute(&delete, rusqlite::params![FACTS, database])?;
    }
    Ok(())
}

async fn list(reader: &Reader<'_>) -> Result<Vec<TableEntry>, CollectError> {
    let found = match reader.rows(TABLES, &[]).await {
        Ok(found) => found,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(error) => {
            reader.missing(FACTS, None, None, &error.to_string(), Some("run again"))?;
            return Ok(Vec::new());
        }
    };
    let entries = found.iter().map(TableEntry::read);
    entries
        .collect::<Result<_, _>>()
        .map_err(CollectError::value(FACTS))
}

/// One table, and what is done about it.
struct One<'o> {
    reader: Reader<'o>,
    table: &'o TableEntry,
    estimate: Estimate,
    /// Bytes that may still be read.
    left: &'o mut u64,
}

impl One<'_> {
    async fn run(&mut self, limits: &BloatLimits) -> Result<(), CollectError> {
        let table = self.table;
        let role = quote::ident(&self.reader.server.info().user);
        if table.standing == Standing::Locked {
            return self.missing(LOCKED, AGAIN);
        }
        if table.standing == Standing::Absent {
            let reason = "it is unlogged, and a standby has no rows of it";
            return self.missing(reason, "look at the primary");
        }
        if table.method.as_deref() != Some("heap") {
            let method = table.method.as_deref().unwrap_or("unknown");
            let reason = format!("its access method is {method}, whose pages are not known here");
            return self.missing(&reason, "");
        }
        if table.standing == Standing::Closed {
            let reason = format!("role {role} may not read the table");
            let remedy = self.grant(&role);
            return self.fall_back(&reason, &remedy).await;
        }
        if table.standing == Standing::Filtered {
            let reason = format!("row security hides rows of it from role {role}");
            let remedy = format!("ALTER ROLE {role} BYPASSRLS;");
            return self.fall_back(&reason, &remedy).await;
        }
        let block = table.page.block().cast_unsigned();
        let limits = BloatLimits {
            blocks: limits.blocks.min(*self.left / block),
            ..*limits
        };
        if limits.blocks < table.blocks().min(1) {
            let reason = "as much was read as may be read to estimate bloat";
            return self.missing(reason, "give more with --bloat-limit");
        }
        match one::read(self.reader.server, table, self.major(), &limits).await {
            Ok(reading) => self.book(&reading).await,
            Err(Failure::Collect(error)) => Err(error),
            Err(Failure::Read(error)) if error.is_connection_lost() => {
                Err(CollectError::Lost(error))
            }
            Err(Failure::Read(error)) => self.refused(&error),
        }
    }

    /// What would let the role read the table.
    fn grant(&self, role: &str) -> String {
        if self.major() >= 14 {
            return format!("GRANT pg_read_all_data TO {role};");
        }
        let schema = quote::ident(&self.table.schema);
        format!(
            "GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};"
        )
    }

    fn major(&self) -> u32 {
        self.reader.server.info().version.unsigned_abs() / 10_000
    }

    fn refused(&self, error: &ReadError) -> Result<(), CollectError> {
        if error.is_lock_not_available() {
            self.missing(LOCKED, AGAIN)
        } else if error.is_timeout() {
            self.missing(
                "no answer within 5 s",
                "run again when the server has less to do",
            )
        } else {
            self.missing(&error.to_string(), "run again")
        }
    }

    /// Books a sample.
    async fn book(&mut self, reading: &Reading) -> Result<(), CollectError> {
        let block = self.table.page.block().cast_unsigned();
        *self.left = self.left.saturating_sub(reading.blocks_read * block);
        let method = if reading.blocks_read >= reading.blocks {
            "all blocks"
        } else {
            "sample"
        };
        let facts = self.reader.facts;
        let mut estimate = self.estimate.clone();
        estimate.size_bytes = reading.size_bytes;
        estimate.read = Some((
            reading.blocks_read as i64,
            reading.blocks as i64,
            reading.rows as i64,
        ));
        estimate.elapsed_ms = Some(reading.elapsed.as_secs_f64() * 1e3);
        if let Some(toast) = self.table.toast_bytes.filter(|bytes| *bytes > 0) {
            let toast = estimate.toast(toast);
            toast.with(&reading.judged.toast, method).book(facts)?;
        }
        for (at, index) in reading.indexes.iter().enumerate() {
            let Some(id) = self.index_id(index) else {
                continue;
            };
            let mut need = reading.judged.indexes.iter();
            let of = estimate.index(id, index.size_bytes);
            match need.find(|(of, _)| *of == at) {
                Some((_, need)) => of.with(need, method).book(facts)?,
                None => self.index_by_itself(&of, index, reading).await?,
            }
        }
        estimate.padding_bytes = Some(reading.judged.padding_bytes as i64);
        estimate.with(&reading.judged.table, method).book(facts)
    }

    /// An index that needs what was not computed.
    async fn index_by_itself(
        &mut self,
        estimate: &Estimate,
        index: &IndexEntry,
        reading: &Reading,
    ) -> Result<(), CollectError> {
        let extension = Extension::find(self.reader.server).await?;
        let rough = extension.index(self.table, index, *self.left).await?;
        self.spend(&rough);
        if rough.bloat_bytes.is_none() {
            let name = quote::name(&index.schema, &index.name);
            let reason = match &reading.without_computed {
                Some(error) if !index.calls_foreign_code => {
                    format!("its expressions cannot be computed: {error}")
                }
                _ => "its expressions call functions of users, which are not run here".to_owned(),
            };
            let remedy = "CREATE EXTENSION pgstattuple;";
            self.reader
                .missing(FACTS, None, Some(&name), &reason, Some(remedy))?;
        }
        estimate.clone().with_rough(&rough).book(self.reader.facts)
    }

    /// Estimates what can be estimated without rows.
    async fn fall_back(&mut self, reason: &str, remedy: &str) -> Result<(), CollectError> {
        let extension = Extension::find(self.reader.server).await?;
        let rough = extension.table(self.table, *self.left).await?;
        self.spend(&rough);
        let estimate = self.estimate.clone();
        if let Some(toast) = self.table.toast_bytes.filter(|bytes| *bytes > 0) {
            estimate.toast(toast).book(self.reader.facts)?;
        }
        for index in extension.indexes(self.table.oid).await? {
            let Some(id) = self.index_id(&index) else {
                continue;
            };
            let rough = extension.index(self.table, &index, *self.left).await?;
            self.spend(&rough);
            let of = estimate.index(id, index.size_bytes);
            of.with_rough(&rough).book(self.reader.facts)?;
        }
        estimate.with_rough(&rough).book(self.reader.facts)?;
        self.missing(reason, remedy)
    }

    /// Functions of the extension may read all of what they look at.
    fn spend(&mut self, rough: &Rough) {
        if rough.method.starts_with("pgstat") {
            *self.left = self.left.saturating_sub(rough.size_bytes.cast_unsigned());
        }
    }

    fn index_id(&self, index: &IndexEntry) -> Option<i64> {
        let ids = &self.reader.ids;
        ids.get("indexes", Some(self.estimate.database), index.oid)
    }

    fn missing(&self, reason: &str, remedy: &str) -> Result<(), CollectError> {
        let remedy = (!remedy.is_empty()).then_some(remedy);
        let object = self.table.quoted();
        self.reader
            .missing(FACTS, None, Some(&object), reason, remedy)
    }
}
