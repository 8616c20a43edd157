//! A whole collection: which queries, where, in which order.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::activity::Sampler;
use super::bloat::{self, BloatLimits};
use super::connect::{ConnInfo, Server};
use super::copy::Place;
use super::error::CollectError;
use super::ids::Ids;
use super::logs::remote::{RemoteLimits, RemoteLogs};
use super::machine;
use super::pass::Pass;
use super::progress::{Progress, Steps};
use super::reader::Reader;
use super::server_log;
use super::spec::Conditions;
use super::statements::{self, Known};
use crate::derive;
use crate::facts::Store;

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
    /// Read all of the planner's statistics, and the ends of columns: user data. Queries of views are kept as they are.
    pub with_values: bool,
    /// Keep texts and parameters of single executions in the log, with their literals: user data.
    pub keep_samples: bool,
    /// Limit for one query on the server.
    pub statement_timeout: Duration,
    /// How much of the main server's log is read over SQL; `None`: nothing.
    pub remote_logs: Option<RemoteLimits>,
    /// How much of the main server's tables is read to estimate bloat; `None`: nothing.
    pub bloat: Option<BloatLimits>,
}

impl Default for CollectOptions {
    fn default() -> Self {
        Self {
            databases: Databases::Current,
            keep_literals: false,
            with_values: false,
            keep_samples: false,
            statement_timeout: Duration::from_secs(30),
            remote_logs: None,
            bloat: None,
        }
    }
}

/// Reads facts from the servers of one cluster, once whole and then sample by sample.
pub struct Collector {
    servers: Vec<Server>,
    options: CollectOptions,
    ids: Ids,
    known: Vec<Known>,
    /// Databases that are looked into: name, oid, our id.
    databases: Vec<(String, u32, i64)>,
    /// The log of the main server, as far as it was read.
    logs: Option<RemoteLogs>,
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
            logs: None,
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
        steps.plan(1);
        steps.next("log");
        self.server_log(store).await?;
        if let Some(limits) = self.options.bloat {
            let goes_on = AtomicBool::new(false);
            self.estimate_bloat(store, limits, &goes_on, &mut steps)
                .await?;
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
        self.server_log(store).await?;
        Ok(derive::all(store.connection())?)
    }

    /// Looks at the sessions of the main server 20 times a second, and at the counters of its
    /// databases every other second, for so long or until `stop`. Gives how long it was; `tell`
    /// gets the share that is over.
    ///
    /// # Errors
    /// When a connection is lost. What was seen before stays in the store.
    pub async fn watch(
        &mut self,
        store: &Store,
        time: Duration,
        stop: impl Future<Output = ()>,
        tell: &mut dyn FnMut(f64),
    ) -> Result<Duration, CollectError> {
        let server = self.servers[0].clone();
        let sampler = Sampler {
            facts: store.connection(),
            server: &server,
            ids: &mut self.ids,
            timeout: self.options.statement_timeout,
        };
        sampler.run(time, stop, tell).await
    }

    /// Estimates bloat anew in facts that this collector has read, until it is told to `stop`: then with the
    /// table at hand.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn bloat(
        &mut self,
        store: &mut Store,
        limits: BloatLimits,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), CollectError> {
        let mut steps = Steps::new(progress);
        self.estimate_bloat(store, limits, stop, &mut steps).await?;
        steps.end();
        Ok(derive::all(store.connection())?)
    }

    async fn estimate_bloat(
        &mut self,
        store: &Store,
        limits: BloatLimits,
        stop: &AtomicBool,
        steps: &mut Steps<'_>,
    ) -> Result<(), CollectError> {
        let server = &self.servers[0];
        let databases = self.databases.iter().map(|(name, _, id)| {
            let place = Place {
                node: 1,
                database: Some(*id),
                sample: 0,
                literals: self.options.keep_literals,
            };
            (server.database(name), place)
        });
        let ground = bloat::Ground {
            facts: store.connection(),
            databases: databases.collect(),
            ids: &mut self.ids,
            timeout: self.options.statement_timeout,
        };
        bloat::sample(ground, limits, stop, steps).await
    }

    /// Reads the log of the main server, where it may be read.
    async fn server_log(&mut self, store: &Store) -> Result<(), CollectError> {
        let (logs, server) = (&mut self.logs, &self.servers[0]);
        // What a log is read into is large.
        Box::pin(server_log::read(logs, server, store, &self.options)).await
    }

    /// Ends all connections.
    pub async fn close(&self) {
        for server in &self.servers {
            server.close().await;
        }
    }

    async fn node(
        &mut self,
        store: &Store,
        index: usize,
        again: bool,
        steps: &mut Steps<'_>,
    ) -> Result<(), CollectError> {
        let server = self.servers[index].clone();
        let facts = store.connection();
        let mut pass = Pass {
            facts,
            server: &server,
            conditions: Conditions {
                major: server.info().version.unsigned_abs() / 10_000,
                literals: self.options.keep_literals,
                values: self.options.with_values,
                ..Conditions::default()
            },
            node: index as i64 + 1,
            again,
            timeout: self.options.statement_timeout,
            ids: &mut self.ids,
            steps: &mut *steps,
        };
        let sample = pass.server_facts().await?;
        if !again {
            machine::look(&server, facts, pass.node, pass.timeout).await?;
        }
        if pass.is_first() {
            self.databases = choose(facts, &server, &self.options.databases)?;
        }
        pass.database_facts(&self.databases).await?;
        let (place, conditions) = (pass.place(sample, None), pass.conditions.clone());
        self.statements(store, index, place, &conditions, again, steps)
            .await
    }

    async fn statements(
        &mut self,
        store: &Store,
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
}

/// Marks and lists the databases that are looked into.
fn choose(
    facts: &rusqlite::Connection,
    server: &Server,
    wanted: &Databases,
) -> Result<Vec<(String, u32, i64)>, CollectError> {
    let mut statement = facts.prepare(
        "SELECT name, oid, id, is_template FROM databases WHERE allows_connections ORDER BY name",
    )?;
    let all: Vec<(String, u32, i64, bool)> = statement
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    let names: Vec<String> = match wanted {
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
