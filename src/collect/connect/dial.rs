//! One attempt at one address.

use std::future::{Future, pending};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use tokio::io::empty;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{CancelToken, Client, Config, Error};

use super::conninfo::ConnInfo;
use super::host::{Host, Place};
use super::line::Wire;
use super::startup::Startup;
use super::transport::{Encryption, Transport};

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

    fn transport(&self, info: &ConnInfo, startup: &Arc<Startup>, until_closed: bool) -> Transport {
        Transport {
            endpoint: self.clone(),
            tls: info.tls.clone(),
            require_auth: info.require_auth.clone(),
            startup: Arc::clone(startup),
            until_closed,
        }
    }
}

/// The work of a connection; without it nothing moves.
pub(super) type Driver = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Connects and logs in. No limit of time.
pub(super) async fn dial(
    info: &ConnInfo,
    endpoint: &Endpoint,
    startup: &Arc<Startup>,
) -> Result<(Client, Driver), Error> {
    let config = config(info, endpoint);
    let transport = endpoint.transport(info, startup, false);
    match &endpoint.host.place {
        Place::Tcp { .. } => {
            let (client, connection) = config.connect(transport).await?;
            Ok((client, Box::pin(connection)))
        }
        Place::Socket { .. } => {
            let (client, connection) = config.connect_raw(empty(), transport).await?;
            Ok((client, Box::pin(connection)))
        }
    }
}

/// Opens a socket to an endpoint, with the system's own settings.
pub(super) async fn open(endpoint: &Endpoint) -> io::Result<Wire> {
    match (&endpoint.host.place, endpoint.address) {
        #[cfg(unix)]
        (Place::Socket { folder, .. }, _) => {
            let name = format!(".s.PGSQL.{}", endpoint.host.port);
            let path = Host::socket_folder(folder).join(name);
            Ok(Box::new(tokio::net::UnixStream::connect(path).await?))
        }
        (Place::Tcp { .. }, Some(address)) => {
            let stream = TcpStream::connect((address, endpoint.host.port)).await?;
            Ok(Box::new(stream))
        }
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Asks the server to give up the statement that runs on a connection, and waits until it has
/// passed the request on.
pub(super) async fn cancel(
    info: &ConnInfo,
    endpoint: &Endpoint,
    token: &CancelToken,
) -> Result<(), Error> {
    let transport = endpoint.transport(info, &Arc::default(), true);
    token.cancel_query_raw(empty(), transport).await
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
    // So that it leaves the line to our transport.
    config.ssl_mode(SslMode::Require);
    config.ssl_negotiation(SslNegotiation::Direct);
    // The address has been looked up; the host is there for form's sake.
    config.host(endpoint.host.key());
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
pub(super) fn run(mut driver: Driver, slot: OwnedSemaphorePermit) -> JoinHandle<()> {
    let (alive, dropped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let _slot = slot;
        // How a connection ends is seen by whoever waits for an answer on it.
        tokio::select! {
            _ = &mut driver => {}
            _ = dropped => {
                let _ = timeout(FAREWELL, driver).await;
            }
        }
    });
    tokio::spawn(async move {
        let _alive = alive;
        pending::<()>().await;
    })
}
