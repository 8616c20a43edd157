//! Looks and counters over a while, into the facts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};
use tokio::time::sleep;

use super::super::connect::Server;
use super::super::copy::Place;
use super::super::error::CollectError;
use super::super::ids::Ids;
use super::super::pass::new_sample;
use super::super::queries::QUERIES;
use super::super::reader::Reader;
use super::super::spec::Conditions;
use super::look::{Group, Look, look};
use super::spells::Spells;

/// Time between two looks, on average.
const EVERY: Duration = Duration::from_millis(50);
/// Time between two readings of counters: sessions send theirs once a second at most.
const COUNTERS: Duration = Duration::from_secs(2);
/// The server looked at: the main one.
const NODE: i64 = 1;

/// Waits for WAL of sessions; from 18 on `pg_stat_wal` does not have them.
const WAL: &str = "SELECT coalesce(sum(writes), 0)::bigint, coalesce(sum(fsyncs), 0)::bigint,
  coalesce(sum(write_time), 0), coalesce(sum(fsync_time), 0)
  FROM pg_stat_io WHERE object = 'wal' AND backend_type = 'client backend'";

/// Time before a look, spread evenly between half of the mean and one and a half: what comes at the
/// same distance as the looks would be seen always or never.
fn pause(looks: usize) -> Duration {
    /// Multiples of the golden ratio lie evenly between whole numbers.
    const GOLDEN: f64 = 0.618_033_988_749_895;
    EVERY.mul_f64(0.5 + (looks as f64 * GOLDEN).fract())
}

/// Looks at the sessions of a server.
pub(crate) struct Sampler<'a> {
    pub facts: &'a Connection,
    pub server: &'a Server,
    pub ids: &'a mut Ids,
    pub timeout: Duration,
}

/// What our own reading took since the last counters.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    transactions: i64,
    ms: f64,
}

impl Sampler<'_> {
    /// Looks for so long, or until `stop`. Gives how long it was.
    pub async fn run(
        mut self,
        time: Duration,
        stop: impl Future<Output = ()>,
        tell: &mut dyn FnMut(f64),
    ) -> Result<Duration, CollectError> {
        let started = Instant::now();
        let mut spells = Spells::default();
        let done = Box::pin(self.looks(time, stop, &mut spells, tell)).await;
        // What was seen counts, whatever ended it.
        self.write_spells(spells)?;
        done.map(|()| started.elapsed())
    }

    async fn looks(
        &mut self,
        time: Duration,
        stop: impl Future<Output = ()>,
        spells: &mut Spells,
        tell: &mut dyn FnMut(f64),
    ) -> Result<(), CollectError> {
        let started = Instant::now();
        let end = sleep(time);
        tokio::pin!(end, stop);
        let mut own = Own::default();
        let mut counted: Option<Instant> = None;
        let mut looks = 0;
        loop {
            let is_over = tokio::select! {
                biased;
                () = &mut stop => true,
                () = &mut end => true,
                () = sleep(pause(looks)) => false,
            };
            let seen = look(self.server).await.map_err(CollectError::Lost)?;
            looks += 1;
            own.transactions += 1;
            own.ms += seen.own_us as f64 / 1e3;
            spells.look(seen.at, &self.named(&seen));
            self.write_look(&seen)?;
            if is_over || counted.is_none_or(|at| at.elapsed() >= COUNTERS) {
                // The first sample holds the counters of the time before the looks.
                let before = counted.map(|_| own);
                own = self.counters(seen.at, before).await?;
                counted = Some(Instant::now());
            }
            if is_over {
                break;
            }
            tell(started.elapsed().div_duration_f64(time).min(1.0));
        }
        self.reader(0)
            .note("activity_samples", looks, started)
            .and_then(|()| self.reader(0).note("activity_spells", looks, started))
    }

    fn reader(&mut self, sample: i64) -> Reader<'_> {
        Reader {
            server: self.server,
            timeout: self.timeout,
            facts: self.facts,
            ids: self.ids,
            place: Place {
                node: NODE,
                database: None,
                sample,
                literals: false,
            },
        }
    }

    /// Reads the counters as a sample. `before` is what our own reading took since the last one;
    /// gives what it takes until the next one.
    async fn counters(&mut self, at: i64, before: Option<Own>) -> Result<Own, CollectError> {
        let postmaster: Option<i64> = self
            .facts
            .query_row(
                "SELECT postmaster_started_at FROM samples WHERE node_id = ?1 ORDER BY id DESC LIMIT 1",
                [NODE],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        let sample = new_sample(self.facts, NODE, None, at, postmaster.unwrap_or_default())?;
        let database = self.server.database_name();
        self.facts.execute(
            "UPDATE samples SET own_transactions = ?2, own_busy_ms = ?3,
               own_database_id = CASE WHEN ?2 IS NULL THEN NULL ELSE (SELECT id FROM databases WHERE name = ?4) END
             WHERE id = ?1",
            params![
                sample,
                before.map(|own| own.transactions),
                before.map(|own| own.ms),
                database
            ],
        )?;
        let conditions = Conditions {
            major: self.server.info().version.unsigned_abs() / 10_000,
            ..Conditions::default()
        };
        let mut own = Own::default();
        let wanted = ["database_stats", "wal_stats"];
        for spec in QUERIES
            .iter()
            .filter(|spec| wanted.contains(&spec.name) && spec.from <= conditions.major)
        {
            let start = Instant::now();
            let sql = spec.sql(&conditions);
            self.reader(sample).fill(spec, &sql).await?;
            own.transactions += 1;
            own.ms += start.elapsed().as_secs_f64() * 1e3;
        }
        if conditions.major >= 18 {
            let start = Instant::now();
            self.wal(sample).await?;
            own.transactions += 1;
            own.ms += start.elapsed().as_secs_f64() * 1e3;
        }
        Ok(own)
    }

    async fn wal(&mut self, sample: i64) -> Result<(), CollectError> {
        let limit = self.timeout;
        let rows = match self.server.read_at_once(WAL, limit, limit).await {
            Ok(rows) => rows,
            Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
            // The first sample has booked why.
            Err(_) => return Ok(()),
        };
        if let Some([writes, fsyncs, write_ms, fsync_ms]) = rows.first().map(Vec::as_slice) {
            self.facts.execute(
                "INSERT INTO io_stats (sample_id, backend_type, object, context, writes, fsyncs, write_ms, fsync_ms)
                 VALUES (?1, 'client backend', 'wal', 'normal', ?2, ?3, ?4, ?5)",
                params![sample, writes, fsyncs, write_ms, fsync_ms],
            )?;
        }
        Ok(())
    }

    /// Sessions with our ids of databases and roles.
    fn named(&self, look: &Look) -> Vec<Group> {
        let groups = look.groups.iter().cloned().map(|group| Group {
            database: self.id("databases", group.database),
            role: self.id("roles", group.role),
            ..group
        });
        groups.collect()
    }

    fn id(&self, table: &'static str, oid: Option<i64>) -> Option<i64> {
        self.ids.get(table, None, oid?)
    }

    fn write_look(&self, look: &Look) -> Result<(), CollectError> {
        let mut sums: BTreeMap<_, i64> = BTreeMap::new();
        for group in &look.groups {
            let key = (
                self.id("databases", group.database),
                self.id("roles", group.role),
                group.state.as_deref(),
                group.wait_event_type.as_deref(),
                group.wait_event.as_deref(),
            );
            *sums.entry(key).or_default() += group.sessions;
        }
        if sums.is_empty() {
            // A look at a server that nobody uses is a look too.
            sums.insert((None, None, Some("idle"), None, None), 0);
        }
        let mut insert = self.facts.prepare_cached(
            "INSERT INTO activity_samples (node_id, at, database_id, role_id, state, wait_event_type, wait_event, sessions)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for ((database, role, state, class, event), sessions) in sums {
            insert.execute(params![
                NODE, look.at, database, role, state, class, event, sessions
            ])?;
        }
        Ok(())
    }

    fn write_spells(&self, spells: Spells) -> Result<(), CollectError> {
        let mut insert = self.facts.prepare_cached(
            "INSERT INTO activity_spells (node_id, database_id, role_id, kind, started_at, duration_ms, is_open, spells)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for spell in spells.end() {
            insert.execute(params![
                NODE,
                spell.whose.database,
                spell.whose.role,
                spell.whose.kind.as_str(),
                spell.started_at,
                spell.duration_us as f64 / 1e3,
                spell.is_open,
                spell.spells as i64
            ])?;
        }
        Ok(())
    }
}
