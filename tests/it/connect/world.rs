//! A home folder and an environment of a test's own.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use pgtriage::cluster::{Cluster, ServerBinaries};
use pgtriage::collect::connect::{ConnInfo, ConnectError, Environment, ReadTransaction, Server};
use tempfile::TempDir;

use crate::support::servers;

/// A folder that is the home of the user `alice`; it also holds the default sockets.
pub struct World {
    pub folder: TempDir,
    pub environment: Environment,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::empty()
            .with_home(folder.path())
            .with_user("alice")
            .with_socket_folders(&[&folder.path().join("run"), folder.path()])
            .with_variable("PGSYSCONFDIR", folder.path().join("system"));
        Self {
            folder,
            environment,
        }
    }

    /// One more variable; `~` in it stands for the home folder.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let value = self.text(value);
        self.environment = self.environment.with_variable(name, value);
        self
    }

    /// A file in the home folder.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>, mode: u32) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Text with `~` for the home folder.
    fn text(&self, text: &str) -> String {
        text.replace('~', self.folder.path().to_str().unwrap())
    }

    pub fn resolve(&self, argument: &str) -> Result<ConnInfo, ConnectError> {
        ConnInfo::resolve(Some(&self.text(argument)), &self.environment)
    }

    /// Connects and closes nothing: for servers of the test's own.
    pub async fn connect(&self, argument: &str) -> Result<Server, ConnectError> {
        Server::connect(&self.resolve(argument)?).await
    }

    /// The sentence of a failure, with `~` for the home folder.
    pub fn told(&self, error: &ConnectError) -> String {
        let home = self.folder.path().to_str().unwrap();
        error.to_string().replace(home, "~")
    }

    /// Fails to connect, and tells why.
    pub async fn refused(&self, argument: &str) -> String {
        match self.connect(argument).await {
            Ok(server) => panic!("{argument}: connected to {server:?}"),
            Err(error) => self.told(&error),
        }
    }
}

/// The oldest and the newest server, for what does not change from major to major.
pub fn oldest_and_newest() -> impl Iterator<Item = &'static ServerBinaries> {
    let all = servers();
    let newest = all.last().filter(|_| all.len() > 1);
    all.first().into_iter().chain(newest)
}

/// A key/value string for TCP.
pub fn tcp(cluster: &Cluster) -> String {
    format!(
        "host=127.0.0.1 port={} user=postgres dbname=postgres",
        cluster.port()
    )
}

/// A transaction with limits that no test reaches by accident.
pub async fn read(server: &Server) -> ReadTransaction {
    let limit = Duration::from_mins(1);
    server.read(limit, limit).await.unwrap()
}

/// One text from a query in a transaction of its own.
pub async fn ask(server: &Server, sql: &str) -> String {
    let mut transaction = read(server).await;
    let rows = transaction.query_all(sql, &[]).await.unwrap();
    transaction.commit().await.unwrap();
    rows[0].get(0)
}
