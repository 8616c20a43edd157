//! What ends a trace.

use crate::collect::connect::{ConnectError, ReadError};

/// Why migrations could not be run. What a statement fails with is an observation, not an error.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A question of ours failed, or the connection was lost.
    #[error(transparent)]
    Server(#[from] ReadError),
    /// The database is not one to run migrations in.
    #[error("{target} is not used as a scratch database: {because}")]
    Refused {
        /// Database and server.
        target: String,
        /// What speaks against it, and what to do.
        because: String,
    },
    /// The database can't be copied, so that it would be changed itself.
    #[error(
        "no copy of database {target} can be made to run migrations in: {because}; --in-place runs them in the database itself"
    )]
    NoCopy {
        /// The database.
        target: String,
        /// What the server says.
        because: String,
    },
    /// The facts database failed.
    #[error(transparent)]
    Facts(#[from] rusqlite::Error),
}
