//! Clients for live tests.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use futures_util::FutureExt;
use pgtriage::cluster::{Cluster, Options, SUPPORTED_MAJORS, ServerBinaries};
use tokio_postgres::{Client, NoTls};

use super::servers::{ends, servers};

/// The cluster of a server that all tests of this process share: `pg_stat_statements` is loaded and
/// created in `postgres` and `template1`, TCP is on. Make a database of your own to write to
/// ([`Clients::fresh_database`]); whoever changes roles or settings takes a [`private`] one.
///
/// It ends with the process: its keeper sees to that.
pub fn shared(server: &ServerBinaries) -> &'static Cluster {
    static SHARED: OnceMap<PathBuf, Cluster> = OnceMap::new();
    SHARED.get_or_init(server.bin.clone(), || {
        let options = Options {
            preload: vec!["pg_stat_statements".to_owned()],
            tcp: true,
            ..Options::default()
        };
        private(server, options)
    })
}

/// A cluster of the caller's own, gone when dropped. It is copied from [`template`], so two of them
/// have the same system identifier unless the options ask for `initdb` arguments.
pub fn private(server: &ServerBinaries, mut options: Options) -> Cluster {
    if options.initdb.is_empty() && options.copy_of.is_none() {
        options.copy_of = Some(template(server));
    }
    Cluster::start(server, &options).unwrap_or_else(|e| panic!("{e}"))
}

/// The data directory of a cluster that `initdb` made for this process and that never runs: a copy
/// takes a fifth of the time.
pub fn template(server: &ServerBinaries) -> PathBuf {
    static TEMPLATES: OnceMap<PathBuf, Cluster> = OnceMap::new();
    let template = TEMPLATES.get_or_init(server.bin.clone(), || {
        Cluster::create(server, &Options::default()).unwrap_or_else(|e| panic!("{e}"))
    });
    template.data_dir()
}

/// Runs `test` on the shared cluster of each supported major, oldest first, and fails at the end with the
/// majors it failed on.
pub async fn on_each_major(test: impl AsyncFn(&'static Cluster)) {
    on_each_server(async |server| test(shared(server)).await).await;
}

/// Runs `test` with the server of each supported major, like [`on_each_major`].
pub async fn on_each_server(test: impl AsyncFn(&'static ServerBinaries)) {
    let supported = (servers().iter()).filter(|s| SUPPORTED_MAJORS.contains(&s.major));
    on_all(supported, test).await;
}

/// Runs `test` with the servers of [`ends`] only.
pub async fn on_the_ends(test: impl AsyncFn(&'static ServerBinaries)) {
    on_all(ends(), test).await;
}

async fn on_all(
    servers: impl IntoIterator<Item = &'static ServerBinaries>,
    test: impl AsyncFn(&'static ServerBinaries),
) {
    let mut failed = Vec::new();
    for server in servers {
        let outcome = AssertUnwindSafe(test(server)).catch_unwind().await;
        if outcome.is_err() {
            eprintln!("^^^ on {server}");
            failed.push(server.version());
        }
    }
    assert!(failed.is_empty(), "failed on PostgreSQL {failed:?}");
}

/// Connections to a cluster as its superuser.
pub trait Clients {
    /// A connection to `database`; it is driven by the current runtime.
    async fn client(&self, database: &str) -> Client;

    /// Makes a new database and gives its name.
    async fn fresh_database(&self) -> String;
}

impl Clients for Cluster {
    async fn client(&self, database: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.conninfo(database), NoTls)
            .await
            .unwrap_or_else(|e| panic!("cannot connect to {}: {e}", self.conninfo(database)));
        tokio::spawn(async {
            // It ends in an error where a test stops the server under its client.
            let _ = connection.await;
        });
        client
    }

    async fn fresh_database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        // Not from template1: a connection to that one would be in the way.
        let client = self.client("postgres").await;
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        client.batch_execute(&create).await.unwrap();
        name
    }
}

/// Values made once per key and kept until the process ends; different keys do not wait for each
/// other.
pub(super) struct OnceMap<K, V: 'static>(Mutex<BTreeMap<K, &'static OnceLock<V>>>);

impl<K: Ord, V> OnceMap<K, V> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    pub(super) fn get_or_init(&self, key: K, make: impl FnOnce() -> V) -> &'static V {
        let cell = *self
            .0
            .lock()
            .unwrap()
            .entry(key)
            .or_insert_with(|| Box::leak(Box::default()));
        cell.get_or_init(make)
    }
}
