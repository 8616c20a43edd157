//! Whole scans by a statement that cannot be watched from its transaction.
//!
//! A session counts by itself and hands its counters over between transactions, but not always at
//! once. From 15 on it can be asked to. Before, what it has not handed over is read from itself:
//! it does so every half second at most, and a counter of a catalog tells whether it did.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::error::TraceError;
use super::gates::number;
use super::observed::Scans;
use crate::collect::connect::Session;

/// Least time between two times of handing over, before 15.
const INTERVAL: Duration = Duration::from_millis(500);
/// Time that the statement is given at least.
const ROOM: Duration = Duration::from_millis(250);
/// Between two looks whether it was handed over.
const PAUSE: Duration = Duration::from_millis(20);
/// First version that hands over on request.
const ON_REQUEST: i32 = 150_000;

const TABLES: &str = "FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384";
/// The counter of scans of a catalog.
const CANARY: &str = "SELECT /* pgtriage */ \
     pg_catalog.pg_stat_get_xact_numscans('pg_catalog.pg_am'::pg_catalog.regclass)";

/// Counters at one moment.
pub(super) struct Counters {
    scans: BTreeMap<u32, Scans>,
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
        loop {
            let mut last = sing(session).await?;
            while clock.0.elapsed() + ROOM > INTERVAL {
                let now = sing(session).await?;
                if now <= last {
                    clock.0 = Instant::now();
                } else {
                    tokio::time::sleep(PAUSE).await;
                }
                last = now;
            }
            // Without a scan of the catalog that is kept, handing over would go unseen.
            let counters = Self::kept(session).await?;
            if counters.canary > Some(0) {
                return Ok(counters);
            }
            clock.0 = Instant::now();
        }
    }

    /// Reads them after it.
    pub async fn after(&self, session: &Session, watcher: &Session) -> Result<Self, TraceError> {
        match self.canary {
            None => Self::handed_over(session, watcher).await,
            Some(_) => Self::kept(session).await,
        }
    }

    /// What came between two moments for a table; none: not known.
    pub fn between(before: &Self, after: &Self, oid: u32) -> Option<Scans> {
        let canaries = before.canary.zip(after.canary);
        if canaries.is_some_and(|(before, after)| after < before) {
            return None;
        }
        let now = *after.scans.get(&oid)?;
        Some(now - before.scans.get(&oid).copied().unwrap_or_default())
    }

    async fn handed_over(session: &Session, watcher: &Session) -> Result<Self, TraceError> {
        session
            .run("SELECT /* pgtriage */ pg_catalog.pg_stat_force_next_flush()")
            .await?;
        let scans = scans(watcher, "pg_stat_get").await?;
        Ok(Self {
            scans,
            canary: None,
        })
    }

    /// What the session has not handed over, read anew where it does so in the middle.
    async fn kept(session: &Session) -> Result<Self, TraceError> {
        loop {
            let first = canary(session).await?;
            let scans = scans(session, "pg_stat_get_xact").await?;
            let last = canary(session).await?;
            if last >= first {
                let canary = Some(last);
                return Ok(Self { scans, canary });
            }
        }
    }
}

/// Has the session scan the catalog, which it counts.
async fn sing(session: &Session) -> Result<i64, TraceError> {
    session
        .run("SELECT /* pgtriage */ pg_catalog.count(*) FROM pg_catalog.pg_am")
        .await?;
    canary(session).await
}

async fn canary(session: &Session) -> Result<i64, TraceError> {
    Ok(number(session, CANARY).await?)
}

/// Counters by functions of this prefix.
async fn scans(session: &Session, prefix: &str) -> Result<BTreeMap<u32, Scans>, TraceError> {
    let sql = format!(
        "SELECT /* pgtriage */ c.oid, pg_catalog.{prefix}_numscans(c.oid), \
         pg_catalog.{prefix}_tuples_returned(c.oid) {TABLES}"
    );
    let rows = session.run(&sql).await?;
    let scans = rows.iter().filter_map(|row| {
        let text = |at: usize| row.get(at)?.as_deref();
        let count = text(1)?.parse().ok()?;
        let rows = text(2)?.parse().ok()?;
        Some((text(0)?.parse().ok()?, Scans { count, rows }))
    });
    Ok(scans.collect())
}
