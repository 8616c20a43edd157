//! What was worked out, as rows.

use rusqlite::{Row, params};

use super::recipes::Settings;
use crate::facts::{FactsError, Store};

/// A pooler takes so many clients at least.
const LEAST_CLIENTS: i64 = 100;

/// All that is known of the sizes of pools.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sizes {
    /// Rows of all databases together, then by database; of each the load as it is, then its peaks.
    pub rows: Vec<Size>,
    /// What is in the way of transaction pooling.
    pub blockers: Vec<Blocker>,
    /// Statements that were looked through for that.
    pub statements: i64,
    /// Address of the server.
    pub address: Option<String>,
    /// The managed service.
    pub provider: Option<String>,
    /// Major version.
    pub major: i64,
    /// Most client sessions that were seen at once.
    pub sessions: Option<i64>,
    /// Memory of the server, bytes.
    pub memory: Option<i64>,
    /// What could not be read of the load: because, remedy.
    pub missing: Vec<(String, Option<String>)>,
}

/// A row of `pool_advice`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Size {
    /// Database; `None`: all of the server.
    pub database: Option<String>,
    /// Multiple of the load.
    pub peak: f64,
    /// How it was measured.
    pub method: String,
    /// Time that was measured, ms.
    pub window_ms: Option<f64>,
    /// Transactions a second.
    pub per_s: Option<f64>,
    /// Time that a transaction holds a connection, ms.
    pub hold_ms: Option<f64>,
    /// Time of it on a core, ms.
    pub cpu_ms: Option<f64>,
    /// Busy connections.
    pub busy: Option<f64>,
    /// Share of the cores.
    pub utilization: Option<f64>,
    /// Connections needed.
    pub needed: Option<i64>,
    /// Connections beyond which throughput falls.
    pub capacity: Option<i64>,
    /// Advice, lower end.
    pub low: Option<i64>,
    /// Advice, upper end.
    pub high: Option<i64>,
    /// Connections that the server leaves.
    pub usable: Option<i64>,
    /// What decides.
    pub reason: Option<String>,
    /// Means since the counters began.
    pub is_lifetime: bool,
    /// Transactions that were counted.
    pub transactions: Option<i64>,
    /// Sightings of busy sessions.
    pub busy_samples: Option<i64>,
    /// Cores.
    pub cores: Option<f64>,
    /// The capacity is a least one.
    pub capacity_is_least: bool,
    /// `max_connections`.
    pub max_connections: Option<i64>,
    /// Of them, reserved.
    pub reserved: Option<i64>,
    /// Of them, others'.
    pub others: Option<i64>,
    /// Application instances.
    pub instances: Option<i64>,
    /// Connections for each.
    pub per_instance: Option<i64>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// A row of `pooling_blockers`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blocker {
    /// Database.
    pub database: Option<String>,
    /// What.
    pub kind: String,
    /// Fingerprint of the statement; `None`: a session shows it.
    pub fingerprint: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Executions.
    pub calls: Option<i64>,
    /// Statement or session.
    pub evidence: String,
    /// What to write instead.
    pub remedy: String,
}

impl Sizes {
    /// Reads them.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let facts = store.connection();
        let server = facts.query_row(
            "SELECT max(address), max(provider), coalesce(max(major), 0) FROM server",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let rows = facts
            .prepare(
                "SELECT p.*, d.name AS database_name FROM pool_advice p LEFT JOIN databases d ON d.id = p.database_id
                 ORDER BY p.node_id, d.name IS NOT NULL,
                   max(p.busy_connections) OVER (PARTITION BY p.node_id, p.database_id) DESC, d.name, p.peak",
            )?
            .query_map([], size)?
            .collect::<Result<_, _>>()?;
        let blockers = facts
            .prepare(
                "SELECT d.name, b.kind, st.fingerprint, r.name, b.calls, b.evidence, b.remedy
                 FROM pooling_blockers b
                 LEFT JOIN databases d ON d.id = b.database_id
                 LEFT JOIN statements st ON st.id = b.statement_id
                 LEFT JOIN roles r ON r.id = b.role_id
                 ORDER BY b.kind, b.calls DESC, b.evidence",
            )?
            .query_map([], |row| {
                Ok(Blocker {
                    database: row.get(0)?,
                    kind: row.get(1)?,
                    fingerprint: row.get(2)?,
                    role: row.get(3)?,
                    calls: row.get(4)?,
                    evidence: row.get(5)?,
                    remedy: row.get(6)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        let missing = facts
            .prepare(
                "SELECT DISTINCT reason, remedy FROM missing_facts
                 WHERE table_name IN ('database_stats', 'activity_samples') ORDER BY reason",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let one = |sql: &str| facts.query_row(sql, params![], |row| row.get::<_, Option<i64>>(0));
        Ok(Self {
            rows,
            blockers,
            missing,
            address: server.0,
            provider: server.1,
            major: server.2,
            statements: one("SELECT count(*) FROM statements WHERE text IS NOT NULL")?.unwrap_or(0),
            sessions: one(
                "SELECT coalesce((SELECT max(n) FROM (SELECT sum(sessions) AS n FROM activity_samples GROUP BY node_id, at)),
                                 (SELECT max(n) FROM (SELECT count(*) AS n FROM sessions WHERE backend_type = 'client backend' GROUP BY sample_id)))",
            )?,
            memory: one("SELECT m.memory_bytes FROM machines m JOIN server s ON s.id = m.node_id LIMIT 1").unwrap_or(None),
        })
    }

    /// Rows of all databases together: the load as it is first.
    pub fn whole(&self) -> &[Size] {
        let end = self
            .rows
            .iter()
            .position(|size| size.database.is_some())
            .unwrap_or(self.rows.len());
        &self.rows[..end]
    }

    /// The row that pools are sized by: the first peak of all databases together.
    pub fn sized(&self) -> Option<&Size> {
        let whole = self.whole();
        whole.get(1).or(whole.first())
    }

    /// Numbers for the settings of pools; `None` where there is no advice. Clients of a pooler are
    /// those of the instances with the most that is usual, else those that were seen, and a fifth
    /// more.
    pub fn settings(&self, usual: (i64, i64)) -> Option<Settings> {
        self.settings_of(self.sized()?, usual)
    }

    /// The same for another of the rows: databases have their connections at that peak.
    pub fn settings_of(&self, sized: &Size, usual: (i64, i64)) -> Option<Settings> {
        let total = sized.high?;
        let clients = sized
            .instances
            .map(|instances| instances * usual.1)
            .or(self.sessions)
            .unwrap_or(0);
        let own = self.databases().filter_map(|rows| {
            let same = |row: &&Size| (row.peak - sized.peak).abs() < f64::EPSILON;
            let own = rows.iter().find(same)?;
            let is_meant = sized.database.is_none() || sized.database == own.database;
            is_meant.then_some((own.database.clone()?, own.high?))
        });
        Some(Settings {
            size: sized.per_instance.unwrap_or(total),
            total,
            instances: sized.instances,
            clients: (clients * 6 / 5).max(LEAST_CLIENTS),
            databases: own.collect(),
            server: self.address.as_deref().and_then(place),
        })
    }

    /// Databases, each with its rows.
    pub fn databases(&self) -> impl Iterator<Item = &[Size]> {
        let rest = &self.rows[self.whole().len()..];
        rest.chunk_by(|a, b| a.database == b.database)
    }
}

/// Host or folder and port of an address as connections show it.
fn place(address: &str) -> Option<(String, String)> {
    if let Some((folder, port)) = address.split_once("/.s.PGSQL.") {
        return Some((folder.to_owned(), port.to_owned()));
    }
    let (host, port) = address.rsplit_once(':')?;
    let host = host.split_once(" (").map_or(host, |(name, _)| name);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host.to_owned(), port.to_owned()))
}

fn size(row: &Row<'_>) -> rusqlite::Result<Size> {
    let notes: String = row.get("notes")?;
    Ok(Size {
        database: row.get("database_name")?,
        peak: row.get("peak")?,
        method: row.get("method")?,
        window_ms: row.get("window_ms")?,
        per_s: row.get("transactions_per_s")?,
        hold_ms: row.get("hold_ms")?,
        cpu_ms: row.get("cpu_ms")?,
        busy: row.get("busy_connections")?,
        utilization: row.get("utilization")?,
        needed: row.get("needed")?,
        capacity: row.get("capacity")?,
        low: row.get("advised_low")?,
        high: row.get("advised_high")?,
        usable: row.get("usable")?,
        reason: row.get("reason")?,
        is_lifetime: row.get("is_lifetime")?,
        transactions: row.get("transactions")?,
        busy_samples: row.get("busy_samples")?,
        cores: row.get("cores")?,
        capacity_is_least: row.get("capacity_is_least")?,
        max_connections: row.get("max_connections")?,
        reserved: row.get("reserved")?,
        others: row.get("others")?,
        instances: row.get("instances")?,
        per_instance: row.get("per_instance")?,
        notes: serde_json::from_str(&notes).unwrap_or_default(),
    })
}
