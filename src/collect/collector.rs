//! A whole collection: which queries, where, in which order.

use std::collections::HashMap;
use std::time::Duration;

use rusqlite::OptionalExtension;

use super::connect::{ConnInfo, Server};
use super::copy::Place;
use super::error::CollectError;
use super::ids::Ids;
use super::queries::QUERIES;
use super::reader::Reader;
use super::sequences;
use super::spec::{Conditions, Scope, Spec};
use super::statements::{self, Known};
use crate::derive;
use crate::facts::{FORMAT, Store};
use crate::parse;

/// Databases whose catalog and statements are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Databases {
    /// The one that was connected to.
    #[default]
    Current,
    /// All that accept connections, templates left out.
    All,
    /// Those named.
    Named(Vec<String>),
}

/// What to collect.
#[derive(Debug, Clone)]
pub struct CollectOptions {
    /// Databases to look into.
    pub databases: Databases,
    /// Keep literals of statements and values of statistics: user data.
    pub keep_literals: bool,
    /// Limit for one query on the server.
    pub statement_timeout: Duration,
}

impl Default for CollectOptions {
    fn default() -> Self {
        Self {
            databases: Databases::Current,
            keep_literals: false,
            statement_timeout: Duration::from_secs(30),
        }
    }
}

/// How far a collection is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Queries done.
    pub done: usize,
    /// Queries to run.
    pub total: usize,
    /// What is read now.
    pub what: &'a str,
}

/// Reads facts from the servers of one cluster, once whole and then sample by sample.
pub struct Collector {
    servers: Vec<Server>,
    options: CollectOptions,
    ids: Ids,
    known: Vec<Known>,
    /// Databases that are looked into: name, oid, our id.
    databases: Vec<(String, u32, i64)>,
}

impl Collector {
    /// Connects to the main server and to further nodes of its cluster.
    ///
    /// # Errors
    /// When one of them cannot be reached or is too old.
    pub async fn connect(
        targets: &[ConnInfo],
        options: CollectOptions,
    ) -> Result<Self, CollectError> {
        let mut servers = Vec::with_capacity(targets.len());
        for target in targets {
            let server = Server::connect(target).await?;
            if server.info().version < 120_000 {
                return Err(CollectError::TooOld {
                    target: server.display_target(),
                    found: server.info().version / 10_000,
                });
            }
            servers.push(server);
        }
        Ok(Self {
            known: servers.iter().map(|_| Known::default()).collect(),
            servers,
            options,
            ids: Ids::default(),
            databases: Vec::new(),
        })
    }

    /// Database and server that was connected to first, without secrets.
    pub fn target(&self) -> String {
        self.servers[0].display_target()
    }

    /// What was set aside while connecting, and why.
    pub fn warnings(&self) -> Vec<String> {
        let all = self.servers.iter().flat_map(Server::warnings);
        all.cloned().collect()
    }

    /// Reads everything into an empty facts database.
    ///
    /// # Errors
    /// When a connection is lost or a database that was named is not there; what is refused is a
    /// missing fact.
    pub async fn collect(
        &mut self,
        store: &mut Store,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), CollectError> {
        self.ids = Ids::default();
        self.known = self.servers.iter().map(|_| Known::default()).collect();
        let mut steps = Steps::new(progress);
        for node in 0..self.servers.len() {
            self.node(store, node, false, &mut steps).await?;
        }
        derive::all(store.connection())?;
        steps.end();
        Ok(())
    }

    /// Reads counters and sessions once more, as a further sample.
    ///
    /// # Errors
    /// When a connection is lost.
    pub async fn sample(&mut self, store: &mut Store) -> Result<(), CollectError> {
        let mut silent = |_: Progress<'_>| {};
        let mut steps = Steps::new(&mut silent);
        for node in 0..self.servers.len() {
            self.node(store, node, true, &mut steps).await?;
        }
        Ok(derive::all(store.connection())?)
    }

    /// Ends all connections.
    pub async fn close(&self) {
        for server in &self.servers {
            server.close().await;
        }
    }

    async fn node(
        &mut self,
        store: &mut Store,
        index: usize,
        again: bool,
        steps: &mut Steps<'_>,
    ) -> Result<(), CollectError> {
        let server = self.servers[index].clone();
        let facts = store.connection();
        let node = index as i64 + 1;
        let conditions = Conditions {
            major: server.info().version.unsigned_abs() / 10_000,
            literals: self.options.keep_literals,
            ..Conditions::default()
        };
        let (at, started_at) = clock(&server, self.options.statement_timeout).await?;
        if index == 0 && !again {
            facts.execute(
                "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at, literals_kept)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                rusqlite::params![
                    FORMAT,
                    env!("CARGO_PKG_VERSION"),
                    parse::FINGERPRINT_VERSION,
                    at,
                    self.options.keep_literals
                ],
            )?;
        }
        let place = |sample, database| Place {
            node,
            database,
            sample,
            literals: self.options.keep_literals,
        };
        let wanted = |spec: &Spec, scope: Scope| {
            spec.scope == scope
                && spec.from <= conditions.major
                && (spec.sampled || !again)
                // The catalog is the same on all nodes; settings and the like are each node's own.
                && (index == 0 || spec.sampled || PER_NODE.contains(&spec.name))
        };
        let timeout = self.options.statement_timeout;
        let sample = new_sample(facts, node, None, at, started_at)?;
        for spec in QUERIES
            .iter()
            .filter(|spec| spec.from > conditions.major && !again)
        {
            let reason = format!(
                "PostgreSQL {} does not count this; {} and newer do",
                conditions.major, spec.from
            );
            let reader = Reader {
                server: &server,
                timeout,
                facts,
                ids: &mut self.ids,
                place: place(sample, None),
            };
            reader.missing(spec.table, None, None, &reason, None)?;
        }
        let server_queries: Vec<&Spec> = QUERIES
            .iter()
            .filter(|spec| wanted(spec, Scope::Server))
            .collect();
        let database_queries: Vec<&Spec> = QUERIES
            .iter()
            .filter(|spec| wanted(spec, Scope::Database))
            .collect();
        steps.plan(server_queries.len());
        for spec in server_queries {
            steps.next(spec.name);
            if again && REPLACED.contains(&spec.table) {
                facts.execute(
                    &format!("DELETE FROM {} WHERE node_id = ?1", spec.table),
                    [node],
                )?;
            }
            let mut reader = Reader {
                server: &server,
                timeout,
                facts,
                ids: &mut self.ids,
                place: place(sample, None),
            };
            reader.fill(spec, &spec.sql(&conditions)).await?;
            if spec.name == "node_identity" && !again {
                label(facts, &server, node)?;
            }
            if spec.name == "databases" {
                self.databases = self.choose(facts, &server)?;
            }
        }
        let databases = self.databases.clone();
        steps.plan(databases.len() * (database_queries.len() + 1));
        for (name, _, id) in &databases {
            let there = server.database(name);
            let (at, started_at) = match clock(&there, timeout).await {
                Ok(clock) => clock,
                Err(CollectError::Lost(error)) if databases.len() > 1 => {
                    let reader = Reader {
                        server: &there,
                        timeout,
                        facts,
                        ids: &mut self.ids,
                        place: place(sample, Some(*id)),
                    };
                    let role = crate::facts::quote::ident(&server.info().user);
                    let remedy = format!(
                        "GRANT CONNECT ON DATABASE {} TO {role};",
                        crate::facts::quote::ident(name)
                    );
                    for spec in &database_queries {
                        steps.next(spec.name);
                        reader.missing(
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
            let inner = new_sample(facts, node, Some(*id), at, started_at)?;
            for spec in &database_queries {
                steps.next(spec.name);
                let mut reader = Reader {
                    server: &there,
                    timeout,
                    facts,
                    ids: &mut self.ids,
                    place: place(inner, Some(*id)),
                };
                reader.fill(spec, &spec.sql(&conditions)).await?;
                if spec.name == "sequences" {
                    sequences::last_values(&mut reader, &conditions).await?;
                }
            }
        }
        self.statements(store, index, place(sample, None), &conditions, again, steps)
            .await
    }

    async fn statements(
        &mut self,
        store: &mut Store,
        index: usize,
        place: Place,
        conditions: &Conditions,
        again: bool,
        steps: &mut Steps<'_>,
    ) -> Result<(), CollectError> {
        let server = self.servers[index].clone();
        let oids: HashMap<u32, i64> = self
            .databases
            .iter()
            .map(|(_, oid, id)| (*oid, *id))
            .collect();
        steps.plan(1);
        steps.next("statements");
        for (name, _, _) in self.databases.clone() {
            let there = server.database(&name);
            let mut reader = Reader {
                server: &there,
                timeout: self.options.statement_timeout,
                facts: store.connection(),
                ids: &mut self.ids,
                place,
            };
            if self.known[index]
                .read(&mut reader, conditions, &oids)
                .await?
            {
                return Ok(());
            }
        }
        if again {
            return Ok(());
        }
        let reader = Reader {
            server: &server,
            timeout: self.options.statement_timeout,
            facts: store.connection(),
            ids: &mut self.ids,
            place,
        };
        statements::book_absence(&reader).await
    }

    /// Marks and lists the databases that are looked into.
    fn choose(
        &self,
        facts: &rusqlite::Connection,
        server: &Server,
    ) -> Result<Vec<(String, u32, i64)>, CollectError> {
        let mut statement = facts.prepare(
            "SELECT name, oid, id, is_template FROM databases WHERE allows_connections ORDER BY name",
        )?;
        let all: Vec<(String, u32, i64, bool)> = statement
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        let names: Vec<String> = match &self.options.databases {
            Databases::Current => vec![server.database_name().to_owned()],
            Databases::Named(names) => names.clone(),
            Databases::All => all
                .iter()
                .filter(|(_, _, _, is_template)| !is_template)
                .map(|(name, ..)| name.clone())
                .collect(),
        };
        let mut chosen = Vec::new();
        for name in names {
            let Some((name, oid, id, _)) = all.iter().find(|(known, ..)| *known == name) else {
                let known: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
                return Err(CollectError::NoDatabase {
                    name,
                    target: server.display_target(),
                    known: known.join(", "),
                });
            };
            facts.execute("UPDATE databases SET is_collected = 1 WHERE id = ?1", [id])?;
            chosen.push((name.clone(), *oid, *id));
        }
        Ok(chosen)
    }
}

/// Server queries that are run on standbys too, beside what is sampled.
const PER_NODE: [&str; 4] = ["nodes", "node_identity", "settings", "missing_privileges"];

/// Sampled tables without history: a new reading replaces the old one.
const REPLACED: [&str; 2] = ["prepared_transactions", "replication_slots"];

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

fn new_sample(
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

/// Counts queries for the one who waits.
struct Steps<'a> {
    done: usize,
    total: usize,
    tell: &'a mut dyn FnMut(Progress<'_>),
}

impl<'a> Steps<'a> {
    fn new(tell: &'a mut dyn FnMut(Progress<'_>)) -> Self {
        Self {
            done: 0,
            total: 0,
            tell,
        }
    }

    fn plan(&mut self, more: usize) {
        self.total += more;
    }

    fn next(&mut self, what: &str) {
        (self.tell)(Progress {
            done: self.done,
            total: self.total,
            what,
        });
        self.done += 1;
    }

    fn end(&mut self) {
        (self.tell)(Progress {
            done: self.total,
            total: self.total,
            what: "done",
        });
    }
}
