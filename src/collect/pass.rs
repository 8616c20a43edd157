//! One pass over one server: which queries, in which database, for which sample.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::connect::Server;
use super::copy::Place;
use super::error::CollectError;
use super::ids::Ids;
use super::progress::Steps;
use super::queries::QUERIES;
use super::reader::Reader;
use super::sequences;
use super::spec::{Conditions, Scope, Spec};
use super::{ends, metapages, samples};
use crate::facts::{FORMAT, quote};
use crate::parse;

/// Server queries that are run on standbys too, beside what is sampled.
const PER_NODE: [&str; 6] = [
    "nodes",
    "node_identity",
    "settings",
    "hba_rules",
    "file_settings",
    "missing_privileges",
];

/// Sampled tables without history: a new reading replaces the old one.
const REPLACED: [&str; 2] = ["prepared_transactions", "replication_slots"];

/// A pass over one server: everything at first, counters and sessions again later.
pub(super) struct Pass<'a, 's> {
    pub facts: &'a Connection,
    pub server: &'a Server,
    pub conditions: Conditions,
    /// Our id of the server; 1 is the main one.
    pub node: i64,
    /// Only what is sampled.
    pub again: bool,
    pub timeout: Duration,
    pub ids: &'a mut Ids,
    pub steps: &'a mut Steps<'s>,
}

impl Pass<'_, '_> {
    /// Whether this is the pass that reads the cluster's catalog.
    pub fn is_first(&self) -> bool {
        self.node == 1 && !self.again
    }

    /// Where rows of a sample belong.
    pub fn place(&self, sample: i64, database: Option<i64>) -> Place {
        Place {
            node: self.node,
            database,
            sample,
            literals: self.conditions.literals,
        }
    }

    /// Reads what belongs to the server as a whole. Gives the sample that it belongs to.
    pub async fn server_facts(&mut self) -> Result<i64, CollectError> {
        let (at, started_at) = clock(self.server, self.timeout).await?;
        if self.is_first() {
            self.describe(at)?;
        }
        let sample = new_sample(self.facts, self.node, None, at, started_at)?;
        if !self.again {
            self.book_too_old(sample)?;
        }
        let queries = self.wanted(Scope::Server);
        self.steps.plan(queries.len());
        for spec in queries {
            if self.again && REPLACED.contains(&spec.table) {
                let sql = format!("DELETE FROM {} WHERE node_id = ?1", spec.table);
                self.facts.execute(&sql, [self.node])?;
            }
            self.fill(self.server, spec, self.place(sample, None))
                .await?;
            if spec.name == "nodes" {
                self.conditions.superuser = is_superuser(self.facts, self.node)?;
            }
            if spec.name == "node_identity" {
                label(self.facts, self.server, self.node)?;
            }
        }
        Ok(sample)
    }

    /// Reads what belongs to each of the databases (name, oid, our id). One that cannot be reached
    /// is missing facts where there are others.
    pub async fn database_facts(
        &mut self,
        databases: &[(String, u32, i64)],
    ) -> Result<(), CollectError> {
        let queries = self.wanted(Scope::Database);
        self.steps.plan(databases.len() * queries.len());
        for (name, _, id) in databases {
            let server = self.server.database(name);
            let (at, started_at) = match clock(&server, self.timeout).await {
                Ok(clock) => clock,
                Err(CollectError::Lost(error)) if databases.len() > 1 => {
                    let role = quote::ident(&self.server.info().user);
                    let remedy = format!(
                        "GRANT CONNECT ON DATABASE {} TO {role};",
                        quote::ident(name)
                    );
                    for spec in &queries {
                        self.steps.next(spec.name);
                        self.reader(&server, self.place(0, Some(*id))).missing(
                            spec.table,
                            None,
                            None,
                            &error.to_string(),
                            Some(&remedy),
                        )?;
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            let sample = new_sample(self.facts, self.node, Some(*id), at, started_at)?;
            let place = self.place(sample, Some(*id));
            if self.is_first() {
                self.privileges(&server, place).await?;
            }
            for spec in &queries {
                self.fill(&server, spec, place).await?;
                let conditions = self.conditions.clone();
                let mut reader = self.reader(&server, place);
                match spec.name {
                    "sequences" => sequences::last_values(&mut reader, &conditions).await?,
                    "index_columns" => metapages::read(&mut reader, &conditions).await?,
                    "planner_statistics" => ends::read(&mut reader, &conditions).await?,
                    _ => {}
                }
            }
            if self.conditions.values && self.is_first() {
                let conditions = self.conditions.clone();
                samples::read(&mut self.reader(&server, place), &conditions).await?;
            }
        }
        Ok(())
    }

    /// Notes which of the planner's statistics our role may read as they are. Without leave to keep values only
    /// the transactions of their rows are read.
    async fn privileges(&mut self, server: &Server, place: Place) -> Result<(), CollectError> {
        const MAY_READ: &str = "SELECT has_table_privilege('pg_catalog.pg_statistic', 'SELECT'),
            has_table_privilege('pg_catalog.pg_statistic_ext_data', 'SELECT')";
        let rows = self.reader(server, place).try_rows(MAY_READ).await?;
        let value = CollectError::value("planner_statistics");
        let row = rows.as_deref().and_then(<[_]>::first);
        let may = |index| row.map_or(Ok(false), |row| row.try_get(index).map_err(&value));
        (self.conditions.statistic, self.conditions.extended) = (may(0)?, may(1)?);
        Ok(())
    }

    async fn fill(
        &mut self,
        server: &Server,
        spec: &Spec,
        place: Place,
    ) -> Result<(), CollectError> {
        self.steps.next(spec.name);
        let sql = spec.sql(&self.conditions);
        self.reader(server, place).fill(spec, &sql).await
    }

    fn reader<'b>(&'b mut self, server: &'b Server, place: Place) -> Reader<'b> {
        Reader {
            server,
            timeout: self.timeout,
            facts: self.facts,
            ids: self.ids,
            place,
        }
    }

    /// Queries of this pass. The catalog is the same on all nodes; settings and the like are each
    /// node's own.
    fn wanted(&self, scope: Scope) -> Vec<&'static Spec> {
        let wanted = |spec: &&Spec| {
            spec.scope == scope
                && spec.from <= self.conditions.major
                && (spec.sampled || !self.again)
                && (self.conditions.values || !spec.values)
                && (self.node == 1 || spec.sampled || PER_NODE.contains(&spec.name))
        };
        QUERIES.iter().filter(wanted).collect()
    }

    /// Books what this version of the server does not count.
    fn book_too_old(&mut self, sample: i64) -> Result<(), CollectError> {
        let major = self.conditions.major;
        let place = self.place(sample, None);
        for spec in QUERIES.iter().filter(|spec| spec.from > major) {
            let reason = format!(
                "PostgreSQL {major} does not count this; {} and newer do",
                spec.from
            );
            self.reader(self.server, place)
                .missing(spec.table, None, None, &reason, None)?;
        }
        Ok(())
    }

    fn describe(&self, at: i64) -> Result<(), CollectError> {
        self.facts.execute(
            "INSERT INTO snapshot
               (format, tool_version, fingerprint_version, created_at, literals_kept, values_kept)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![
                FORMAT,
                env!("CARGO_PKG_VERSION"),
                parse::FINGERPRINT_VERSION,
                at,
                self.conditions.literals,
                self.conditions.values
            ],
        )?;
        Ok(())
    }
}

/// Clock of the server and its start, in microseconds.
async fn clock(server: &Server, timeout: Duration) -> Result<(i64, i64), CollectError> {
    const CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";
    let read = async {
        let mut transaction = server.read(timeout, timeout).await?;
        let rows = transaction.query_all(CLOCK, &[]).await?;
        transaction.commit().await?;
        Ok(rows)
    };
    let rows = read.await.map_err(CollectError::Lost)?;
    let value = CollectError::value("samples");
    let row = rows.first().expect("a query without FROM gives one row");
    Ok((
        row.try_get(0).map_err(&value)?,
        row.try_get(1).map_err(&value)?,
    ))
}

pub(super) fn new_sample(
    facts: &rusqlite::Connection,
    node: i64,
    database: Option<i64>,
    at: i64,
    started_at: i64,
) -> Result<i64, CollectError> {
    facts.execute(
        "INSERT INTO samples (node_id, database_id, captured_at, postmaster_started_at) VALUES (?1, ?2, ?3, ?4)",
        rusqlite::params![node, database, at, started_at],
    )?;
    Ok(facts.last_insert_rowid())
}

fn is_superuser(facts: &Connection, node: i64) -> Result<bool, CollectError> {
    let sql = "SELECT is_superuser FROM nodes WHERE id = ?1";
    let known = facts.query_row(sql, [node], |row| row.get(0)).optional()?;
    Ok(known.unwrap_or(false))
}

/// Names a node, and refuses one of another cluster.
fn label(facts: &rusqlite::Connection, server: &Server, node: i64) -> Result<(), CollectError> {
    let address = server.display_target();
    let address = address
        .rsplit_once('@')
        .map_or(address.as_str(), |(_, host)| host);
    facts.execute(
        "UPDATE nodes SET address = ?2, label = CASE role WHEN 'primary' THEN 'primary' ELSE 'standby ' || ?2 END
         WHERE id = ?1",
        rusqlite::params![node, address],
    )?;
    let other: Option<(String, String)> = facts
        .query_row(
            "SELECT mine.system_identifier, main.system_identifier FROM nodes mine, nodes main
             WHERE mine.id = ?1 AND main.id = 1 AND mine.system_identifier <> main.system_identifier",
            [node],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match other {
        Some((found, expected)) => Err(CollectError::OtherCluster {
            target: server.display_target(),
            found,
            expected,
        }),
        None => Ok(()),
    }
}
