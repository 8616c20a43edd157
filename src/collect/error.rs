//! What can end a collection.

use super::connect::{ConnectError, ReadError};
use crate::facts::FactsError;

/// No facts could be had. What fails for one query alone is a missing fact, not an error.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The connection was lost while facts were read.
    #[error("{0}; what was read so far is not used")]
    Lost(ReadError),
    /// A database that was asked for is not there.
    #[error("there is no database {name} that can be connected to on {target}; there are: {known}")]
    NoDatabase {
        /// Name that was asked for.
        name: String,
        /// Server.
        target: String,
        /// Names that could be asked for.
        known: String,
    },
    /// A standby that belongs to another cluster.
    #[error(
        "{target} has system identifier {found}, the main server has {expected}: it is no node of this cluster"
    )]
    OtherCluster {
        /// Server.
        target: String,
        /// Its system identifier.
        found: String,
        /// That of the main server.
        expected: String,
    },
    /// A server that is too old.
    #[error("{target} runs PostgreSQL {found}; pgtriage reads 12 and newer")]
    TooOld {
        /// Server.
        target: String,
        /// Its version.
        found: i32,
    },
    /// A row could not be kept: a fault of pgtriage.
    #[error("facts table {table} cannot take a row: {reason}; please report this")]
    Row {
        /// Facts table.
        table: String,
        /// What is wrong.
        reason: String,
    },
    /// The facts database failed.
    #[error(transparent)]
    Facts(#[from] FactsError),
}

impl CollectError {
    pub(super) fn row(table: &str, reason: &dyn std::error::Error) -> Self {
        Self::Row {
            table: table.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(super) fn value(table: &str) -> impl Fn(tokio_postgres::Error) -> Self + '_ {
        move |error| Self::row(table, &error)
    }
}

impl From<rusqlite::Error> for CollectError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Facts(error.into())
    }
}
