//! A session that may write, for servers that are there to be written to.

use std::error::Error;
use std::io::Cursor;
use std::sync::Arc;

use futures_util::SinkExt;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{CancelToken, Client, SimpleQueryMessage};

use super::cause::Cause;
use super::classify::cause;
use super::conninfo::ConnInfo;
use super::dial::{Driver, Endpoint, cancel, dial};
use super::error::{ConnectError, Failures};
use super::locate::{Found, locate};
use super::probe::ServerInfo;
use super::read_error::ReadError;
use super::startup::Startup;

/// One connection, on which statements are run as they are. Ends when it is dropped.
pub struct Session {
    client: Client,
    token: CancelToken,
    endpoint: Endpoint,
    info: ConnInfo,
    server: ServerInfo,
}

/// A row of an answer, as text; none is NULL.
pub type TextRow = Vec<Option<String>>;

impl Session {
    /// Finds a server and logs in.
    pub async fn open(info: &ConnInfo) -> Result<Self, ConnectError> {
        let Found {
            endpoint,
            server,
            client,
            driver,
            ..
        } = locate(info).await?;
        Ok(Self::new(info.clone(), endpoint, server, (client, driver)))
    }

    /// Another session at the same address, in the same database.
    pub async fn another(&self) -> Result<Self, ConnectError> {
        self.at(self.info.database()).await
    }

    /// A session at the same address in another database.
    pub async fn at(&self, database: &str) -> Result<Self, ConnectError> {
        let info = self.info.with_database(database);
        let endpoint = self.endpoint.for_info(&info);
        let startup = Arc::<Startup>::default();
        let dialled = dial(&info, &endpoint, &startup);
        let dialled = match info.connect_timeout {
            None => dialled
                .await
                .map_err(|error| fault(&error, &info, &endpoint)),
            Some(limit) => match tokio::time::timeout(limit, dialled).await {
                Ok(dialled) => dialled.map_err(|error| fault(&error, &info, &endpoint)),
                Err(_) => Err(Cause::Timeout(limit)),
            },
        };
        match dialled {
            Ok(dialled) => Ok(Self::new(info, endpoint, self.server.clone(), dialled)),
            Err(cause) => {
                let mut failures = Failures::default();
                failures.push(endpoint.to_string(), cause);
                Err(failures.into())
            }
        }
    }

    fn new(
        info: ConnInfo,
        endpoint: Endpoint,
        server: ServerInfo,
        (client, driver): (Client, Driver),
    ) -> Self {
        // How it ends is seen by whoever waits for an answer on it.
        tokio::spawn(async {
            let _ = driver.await;
        });
        Self {
            token: client.cancel_token(),
            client,
            endpoint,
            info,
            server,
        }
    }

    /// Runs what `sql` says, which may be several statements, and gives the rows of all of them.
    pub async fn run(&self, sql: &str) -> Result<Vec<TextRow>, ReadError> {
        let answer = self.client.simple_query(sql).await;
        let messages =
            answer.map_err(|error| ReadError::from_client(&error, &self.display_target()))?;
        Ok(text_rows(&messages))
    }

    /// Runs one statement and gives the first value of its first row; the server refuses several statements.
    /// For values that are sent as their text, such as `text` and `json`.
    pub async fn value(&self, sql: &str) -> Result<Option<String>, ReadError> {
        let target = || self.display_target();
        let rows = self.client.query_typed(sql, &[]).await;
        let rows = rows.map_err(|error| ReadError::from_client(&error, &target()))?;
        let Some(row) = rows.first().filter(|row| !row.is_empty()) else {
            return Ok(None);
        };
        let value: Option<AsText> = row
            .try_get(0)
            .map_err(|error| ReadError::from_client(&error, &target()))?;
        Ok(value.map(|value| value.0))
    }

    /// Runs a COPY … FROM STDIN with these rows.
    pub async fn copy_in(&self, sql: &str, rows: Vec<u8>) -> Result<(), ReadError> {
        let copy = async {
            let sink = self.client.copy_in(sql).await?;
            tokio::pin!(sink);
            sink.send(Cursor::new(rows)).await?;
            sink.finish().await
        };
        let outcome = copy.await;
        outcome.map_err(|error| ReadError::from_client(&error, &self.display_target()))?;
        Ok(())
    }

    /// Asks the server to give up what runs here.
    pub async fn cancel(&self) {
        // Where the request does not come through, the statement goes on; nothing else is lost.
        let _ = cancel(&self.info, &self.endpoint, &self.token).await;
    }

    /// What the server said of itself.
    pub fn server(&self) -> &ServerInfo {
        &self.server
    }

    /// Name of this database.
    pub fn database(&self) -> &str {
        self.info.database()
    }

    /// Database and server, as in `shop@10.0.0.5:5432`.
    pub fn display_target(&self) -> String {
        format!("{}@{}", self.info.database(), self.endpoint)
    }
}

/// A value whose binary form is its text.
struct AsText(String);

impl<'a> FromSql<'a> for AsText {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(str::from_utf8(raw)?.to_owned()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The rows of an answer.
pub(super) fn text_rows(messages: &[SimpleQueryMessage]) -> Vec<TextRow> {
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    rows.map(|row| {
        let cells = (0..row.len()).map(|index| row.get(index).map(str::to_owned));
        cells.collect()
    })
    .collect()
}

fn fault(error: &tokio_postgres::Error, info: &ConnInfo, endpoint: &Endpoint) -> Cause {
    cause(error, &info.user, endpoint.host.password.as_ref())
}
