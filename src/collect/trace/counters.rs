//! Rows that whole scans gave while a statement ran that cannot be watched from its transaction.
//!
//! A session counts by itself and hands its counters over between transactions, but not always at
//! once. From 15 on it can be asked to. Before, what it has not handed over is read from itself:
//! it does so every half second at most, and a counter of a catalog tells whether it did.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::error::TraceError;
use crate::collect::connect::Session;

/// Least time between two times of handing over, before 15.
const INTERVAL: Duration = Duration::from_millis(500);
/// Time that statement is given at least.
const ROOM: Duration = Duration::from_millis(250);
/// First version that hands over on request.
const ON_REQUEST: i32 = 150_000;

const TABLES: &str = "FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384";
/// A scan that is counted, and the counter.
const CANARY: &str = "SELECT /* pgtriage */ 'pg_catalog.pg_am'::pg_catalog.regclass::pg_catalog.oid, \
     pg_catalog.pg_stat_get_xact_numscans('pg_catalog.pg_am'::pg_catalog.regclass)";

/// Counters at one moment.
pub(super) struct Counters {
    rows: BTreeMap<u32, i64>,
    /// Before 15: scans of the catalog that were not handed over.
    canary: Option<i64>,
}

/// When the session handed over for the last time at the earliest.
pub(super) struct Clock(Instant);

impl Clock {
    /// A session that is made now hands over with its first statement.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Counters {
    /// Reads them before a statement, such that what it adds can be told after it.
    pub async fn before(
        session: &Session,
        watcher: &Session,
        clock: &mut Clock,
    ) -> Result<Self, TraceError> {
        if session.server().version >= ON_REQUEST {
            return Self::handed_over(session, watcher).await;
        }
        session
            .run("SELECT /* pgtriage */ pg_catalog.count(*) FROM pg_catalog.pg_am")
            .await?;
        let mut canary = canary(session).await?;
        while clock.0.elapsed() + ROOM > INTERVAL {
            session
                .run("SELECT /* pgtriage */ pg_catalog.count(*) FROM pg_catalog.pg_am")
                .await?;
            let now = self::canary(session).await?;
            if now <= canary {
                clock.0 = Instant::now();
            }
            canary = now;
            if clock.0.elapsed() + ROOM > INTERVAL {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Self::kept(session).await
    }

    /// Reads them after it.
    pub async fn after(&self, session: &Session, watcher: &Session) -> Result<Self, TraceError> {
        match self.canary {
            None => Self::handed_over(session, watcher).await,
            Some(_) => Self::kept(session).await,
        }
    }

    /// What came between two moments for a table; none: not known.
    pub fn between(before: &Self, after: &Self, oid: u32) -> Option<i64> {
        if before
            .canary
            .zip(after.canary)
            .is_some_and(|(before, after)| after < before)
        {
            return None;
        }
        let now = after.rows.get(&oid)?;
        Some(now - before.rows.get(&oid).copied().unwrap_or(0))
    }

    async fn handed_over(session: &Session, watcher: &Session) -> Result<Self, TraceError> {
        session
            .run("SELECT /* pgtriage */ pg_catalog.pg_stat_force_next_flush()")
            .await?;
        let sql = format!(
            "SELECT /* pgtriage */ c.oid, pg_catalog.pg_stat_get_tuples_returned(c.oid) {TABLES}"
        );
        Ok(Self {
            rows: numbers(watcher, &sql).await?,
            canary: None,
        })
    }

    async fn kept(session: &Session) -> Result<Self, TraceError> {
        let sql = format!(
            "SELECT /* pgtriage */ c.oid, pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) {TABLES}"
        );
        let rows = numbers(session, &sql).await?;
        Ok(Self {
            rows,
            canary: Some(canary(session).await?),
        })
    }
}

async fn canary(session: &Session) -> Result<i64, TraceError> {
    Ok(numbers(session, CANARY)
        .await?
        .into_values()
        .next()
        .unwrap_or(0))
}

async fn numbers(session: &Session, sql: &str) -> Result<BTreeMap<u32, i64>, TraceError> {
    let rows = session.run(sql).await?;
    let number = |row: &Vec<Option<String>>| {
        let text = |at: usize| row.get(at)?.as_deref();
        Some((text(0)?.parse().ok()?, text(1)?.parse().ok()?))
    };
    Ok(rows.iter().filter_map(number).collect())
}
