//! One attempt at one address.

use std::fmt;
use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{Client, Config, Connection, Socket};

use super::conninfo::ConnInfo;
use super::host::{Host, Place};
use super::startup::Startup;
use super::transport::{Encryption, Line, Transport};

/// How long a connection that nobody wants any more may take to end its work.
const FAREWELL: Duration = Duration::from_secs(5);

/// One address of one host, and whether to use TLS with it.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub(super) host: Host,
    /// None for a socket.
    pub(super) address: Option<IpAddr>,
    pub(super) encryption: Encryption,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)
    }
}

impl Endpoint {
    /// The same endpoint with the password of another database.
    pub(super) fn for_info(&self, info: &ConnInfo) -> Self {
        let mut endpoint = self.clone();
        let same = |host: &&Host| host.place == self.host.place && host.port == self.host.port;
        if let Some(host) = info.hosts.iter().find(same) {
            endpoint.host.password.clone_from(&host.password);
        }
        endpoint
    }

    /// What makes lines to this endpoint, for connections and for cancel requests.
    pub(super) fn transport(&self, info: &ConnInfo, startup: Arc<Startup>) -> Transport {
        Transport {
            encryption: self.encryption,
            tls: info.tls.clone(),
            require_auth: info.require_auth.clone(),
            startup,
        }
    }
}

/// Connects and logs in. No limit of time.
pub(super) async fn dial(
    info: &ConnInfo,
    endpoint: &Endpoint,
    startup: &Arc<Startup>,
) -> Result<(Client, Connection<Socket, Line>), tokio_postgres::Error> {
    let transport = endpoint.transport(info, Arc::clone(startup));
    config(info, endpoint).connect(transport).await
}

fn config(info: &ConnInfo, endpoint: &Endpoint) -> Config {
    let mut config = Config::new();
    config
        .user(&info.user)
        .dbname(&info.database)
        .application_name(&info.application_name)
        .channel_binding(info.channel_binding)
        .keepalives(info.socket.keepalives)
        .port(endpoint.host.port);
    if let Some(options) = &info.options {
        config.options(options);
    }
    if let Some(password) = &endpoint.host.password {
        config.password(password.secret.bytes());
    }
    if let Some(idle) = info.socket.idle {
        config.keepalives_idle(idle);
    }
    if let Some(interval) = info.socket.interval {
        config.keepalives_interval(interval);
    }
    if let Some(count) = info.socket.count {
        config.keepalives_retries(count);
    }
    if let Some(limit) = info.socket.user_timeout {
        config.tcp_user_timeout(limit);
    }
    match &endpoint.host.place {
        #[cfg(unix)]
        Place::Socket { folder, .. } => {
            config.host_path(Host::socket_folder(folder));
            config.ssl_mode(SslMode::Disable);
        }
        // The name is only for TLS: the address has been looked up.
        _ => {
            config.host(endpoint.host.key());
            config.ssl_mode(SslMode::Require);
            config.ssl_negotiation(SslNegotiation::Direct);
        }
    }
    if let Some(address) = endpoint.address {
        config.hostaddr(address);
    }
    config
}

/// Runs a connection until its client is dropped, then lets it say goodbye: a connection that is
/// just cut off leaves a line in the server's log. `slot` is given back when the connection is
/// closed.
///
/// Returns the task that the pool aborts when it drops the client.
pub(super) fn run(
    connection: Connection<Socket, Line>,
    slot: OwnedSemaphorePermit,
) -> JoinHandle<()> {
    let (alive, dropped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let _slot = slot;
        tokio::pin!(connection);
        // How a connection ends is seen by whoever waits for an answer on it.
        tokio::select! {
            _ = &mut connection => {}
            _ = dropped => {
                let _ = timeout(FAREWELL, connection).await;
            }
        }
    });
    tokio::spawn(async move {
        let _alive = alive;
        pending::<()>().await;
    })
}
