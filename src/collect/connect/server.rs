//! A server that has been found, seen from one of its databases.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;

use super::conninfo::ConnInfo;
use super::error::ConnectError;
use super::host::Place;
use super::locate::{Found, locate};
use super::pool::Pools;
use super::probe::ServerInfo;
use super::read::ReadTransaction;
use super::read_error::ReadError;
use super::session::TextRow;

/// A database of one server. Clones, and other databases of the same server, share its few
/// connections.
///
/// The server is the one that was found at first: later connections go to the same address, so
/// facts of two nodes are never mixed.
#[derive(Clone)]
pub struct Server {
    pools: Arc<Pools>,
    pool: Pool,
    database: String,
    info: ServerInfo,
    warnings: Vec<String>,
}

impl Server {
    /// Finds a server and logs in.
    pub async fn connect(info: &ConnInfo) -> Result<Self, ConnectError> {
        let Found {
            endpoint,
            server,
            client,
            driver,
            warnings,
        } = locate(info).await?;
        let pools = Pools::new(info.clone(), endpoint, (client, driver));
        Ok(Self {
            pool: pools.database(info.database()),
            pools,
            database: info.database().to_owned(),
            info: server,
            warnings: info.warnings().iter().cloned().chain(warnings).collect(),
        })
    }

    /// Another database of the same server. Connects only when something is read.
    #[must_use]
    pub fn database(&self, name: &str) -> Self {
        Self {
            pool: self.pools.database(name),
            database: name.to_owned(),
            ..self.clone()
        }
    }

    /// Begins a short read-only transaction.
    ///
    /// Statements in it end after `statement_timeout`, and wait at most `lock_timeout` for a lock.
    pub async fn read(
        &self,
        statement_timeout: Duration,
        lock_timeout: Duration,
    ) -> Result<ReadTransaction, ReadError> {
        ReadTransaction::begin(self, statement_timeout, lock_timeout).await
    }

    /// Runs one query in a short read-only transaction that is one message. Values come as text.
    pub async fn read_at_once(
        &self,
        sql: &str,
        statement_timeout: Duration,
        lock_timeout: Duration,
    ) -> Result<Vec<TextRow>, ReadError> {
        ReadTransaction::at_once(self, sql, statement_timeout, lock_timeout).await
    }

    /// What the server said of itself.
    pub fn info(&self) -> &ServerInfo {
        &self.info
    }

    /// Name of this database.
    pub fn database_name(&self) -> &str {
        &self.database
    }

    /// Database and server, as in `shop@10.0.0.5:5432`.
    pub fn display_target(&self) -> String {
        format!("{}@{}", self.database, self.pools.endpoint)
    }

    /// Whether it is reached by a socket in the file system.
    pub fn is_by_socket(&self) -> bool {
        matches!(self.pools.endpoint.host.place, Place::Socket { .. })
    }

    /// What was set aside on the way here and why, such as a password file that others can read.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Closes all connections to the server, of all its databases, and waits until they are gone.
    /// Running reads are cancelled when their transactions are dropped; do that first.
    pub async fn close(&self) {
        self.pools.close().await;
    }

    pub(super) fn pools(&self) -> &Arc<Pools> {
        &self.pools
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("target", &self.display_target())
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}
