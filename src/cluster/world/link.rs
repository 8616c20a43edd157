//! Connections to the world's server.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls};

use super::error::WorldError;

/// One session. Dropping it cuts the connection, whatever the session does.
pub(super) struct Link {
    pub client: Client,
    driver: Driver,
}

struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    /// Logs in as `role`.
    pub async fn open(config: &Config, role: &str, application: &str) -> Result<Self, WorldError> {
        let mut config = config.clone();
        config.user(role).application_name(application);
        Self::connect(&config).await
    }

    /// Logs in as the superuser of the configuration. What sets the stage is no traffic of the
    /// shop, so it does not go into `pg_stat_statements`.
    pub async fn backstage(config: &Config) -> Result<Self, WorldError> {
        let mut config = config.clone();
        config
            .application_name(BACKSTAGE)
            .options("-c pg_stat_statements.track=none -c client_min_messages=warning");
        Self::connect(&config).await
    }

    async fn connect(config: &Config) -> Result<Self, WorldError> {
        let connected = config.connect(NoTls).await;
        let (client, connection) = connected.map_err(|source| WorldError::Connect {
            role: config.get_user().unwrap_or_default().to_owned(),
            source,
        })?;
        let driver = Driver(tokio::spawn(async {
            // An error of the connection is also the error of the query that waits for it.
            let _ = connection.await;
        }));
        Ok(Self { client, driver })
    }

    /// Logs out; returns when the connection is closed on our side.
    pub async fn close(self) {
        let Self { client, mut driver } = self;
        drop(client);
        let _ = (&mut driver.0).await;
    }
}

/// The application name of sessions that set the stage.
pub(super) const BACKSTAGE: &str = "shop-backstage";

/// The longest wait for a session to come into a state or to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The processes of the sessions with one of these application names.
pub(super) async fn processes(link: &Link, names: &[&str]) -> Result<Vec<i32>, WorldError> {
    let query = "SELECT pid FROM pg_stat_activity
        WHERE application_name = ANY ($1) AND pid <> pg_backend_pid()";
    let rows = link.client.query(query, &[&names]).await;
    let rows = rows.map_err(WorldError::at("looking for sessions"))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Waits until these processes have ended, so that their counters have been handed over, and until
/// a reader sees the counters: up to version 14 a file holds them that may be half a second old.
pub(super) async fn ended(link: &Link, processes: &[i32]) -> Result<(), WorldError> {
    let query = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ANY ($1))";
    if !holds(link, query, &processes).await? {
        return Err(WorldError::Session(
            "a session of the workload does not end",
        ));
    }
    if !holds_now(
        link,
        "SELECT current_setting('server_version_num')::integer >= $1",
        &150_000,
    )
    .await?
    {
        sleep(Duration::from_millis(600)).await;
    }
    Ok(())
}

/// Asks again and again until the answer is yes; no if the patience is at an end.
pub(super) async fn holds(
    link: &Link,
    query: &str,
    parameter: &(dyn ToSql + Sync),
) -> Result<bool, WorldError> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if holds_now(link, query, parameter).await? {
            return Ok(true);
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(false)
}

async fn holds_now(
    link: &Link,
    query: &str,
    parameter: &(dyn ToSql + Sync),
) -> Result<bool, WorldError> {
    let row = link.client.query_one(query, &[parameter]).await;
    Ok(row.map_err(WorldError::at("looking at sessions"))?.get(0))
}
