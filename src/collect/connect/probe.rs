//! The first question to a server: who are you?

use tokio_postgres::{Client, Error};

use super::mark::MARK;
use super::startup::Startup;

/// What a server says of itself when we come in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct ServerInfo {
    /// `server_version_num`, as in 170010.
    pub version: i32,
    /// Whether the server is a standby.
    pub in_recovery: bool,
    /// Whether `default_transaction_read_only` is on.
    pub read_only_by_default: bool,
    /// The user we are.
    pub user: String,
    /// Whether a pooler such as `PgBouncer` stands in between. Pgpool-II passes the server's
    /// process ids on and is not noticed.
    pub pooled: bool,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
}

/// Asks. One statement outside a transaction, since a transaction of ours is read-only by itself.
/// None if there is no answer: a pooler's console, perhaps.
pub(super) async fn probe(client: &Client, startup: &Startup) -> Result<Option<ServerInfo>, Error> {
    let question = format!(
        "SELECT {MARK} pg_catalog.current_setting('server_version_num')::pg_catalog.int4, \
         pg_catalog.pg_is_in_recovery(), \
         pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool, \
         current_user::pg_catalog.text, \
         pg_catalog.pg_backend_pid()"
    );
    let rows = client.query_typed(&question, &[]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let process: i32 = row.try_get(4)?;
    Ok(Some(ServerInfo {
        version: row.try_get(0)?,
        in_recovery: row.try_get(1)?,
        read_only_by_default: row.try_get(2)?,
        user: row.try_get(3)?,
        // A pooler makes up the process id that it gives out.
        pooled: startup
            .process()
            .is_some_and(|given_out| given_out != process),
        encrypted: startup.encrypted(),
    }))
}
