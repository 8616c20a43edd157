//! Why a read failed, and what kind of failure it is.

use std::time::Duration;

use deadpool_postgres::PoolError;
use thiserror::Error;
use tokio_postgres::error::{DbError, Error as PgError, ErrorPosition, SqlState};

use super::cause::Cause;
use super::classify::{cause, printable};
use super::conninfo::ConnInfo;
use super::dial::Endpoint;
use super::error::{ConnectError, Failures};

/// Why a read failed. `Display` is one sentence.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server reported an error.
    #[error("{} (SQLSTATE {})", printable(.0.message()), .0.code().code())]
    Server(Box<DbError>),
    /// The connection broke.
    #[error("the connection to {target} was lost: {reason}")]
    Lost {
        /// Database and server.
        target: String,
        /// What is known of it.
        reason: String,
    },
    /// The server did not answer, though its own limit of time had passed.
    #[error("{target} did not answer within {} ms, past its own limit; is the network up?", limit.as_millis())]
    Silent {
        /// Database and server.
        target: String,
        /// How long we waited.
        limit: Duration,
    },
    /// An answer that we cannot read.
    #[error("an answer of {target} cannot be read: {reason}")]
    Unreadable {
        /// Database and server.
        target: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl ReadError {
    /// SQLSTATE, if the server reported one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Server(error) => Some(error.code().code()),
            _ => None,
        }
    }

    /// What the server reported: SQLSTATE, its words, and where in the statement, in characters from 1.
    pub fn reported(&self) -> Option<(&str, &str, Option<u32>)> {
        let Self::Server(error) = self else {
            return None;
        };
        let place = match error.position() {
            Some(ErrorPosition::Original(place)) => Some(*place),
            _ => None,
        };
        Some((error.code().code(), error.message(), place))
    }

    /// Whether a privilege is missing (42501).
    pub fn is_permission_denied(&self) -> bool {
        self.has(&SqlState::INSUFFICIENT_PRIVILEGE)
    }

    /// Whether the statement took too long: `statement_timeout` or a cancel request (57014), or no
    /// answer at all.
    pub fn is_timeout(&self) -> bool {
        self.has(&SqlState::QUERY_CANCELED) || matches!(self, Self::Silent { .. })
    }

    /// Whether another session held a lock for longer than `lock_timeout` (55P03).
    pub fn is_lock_not_available(&self) -> bool {
        self.has(&SqlState::LOCK_NOT_AVAILABLE)
    }

    /// Whether the connection is gone: it broke, could not be made, or the server ended it (class
    /// 08, 57P01 to 57P03, and 25P03 for a transaction that was idle too long).
    pub fn is_connection_lost(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Lost { .. } | Self::Silent { .. } => true,
            Self::Server(error) => {
                let code = error.code().code();
                code.starts_with("08") || ["57P01", "57P02", "57P03", "25P03"].contains(&code)
            }
            Self::Unreadable { .. } => false,
        }
    }

    fn has(&self, state: &SqlState) -> bool {
        self.code() == Some(state.code())
    }

    /// From an error on a connection that has been made.
    pub(super) fn from_client(error: &PgError, target: &str) -> Self {
        if let Some(reported) = error.as_db_error() {
            return Self::Server(Box::new(reported.clone()));
        }
        let source = std::error::Error::source(error);
        let reason = printable(&source.map_or_else(|| error.to_string(), ToString::to_string));
        let target = target.to_owned();
        let broken =
            error.is_closed() || source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        if broken {
            Self::Lost { target, reason }
        } else {
            Self::Unreadable { target, reason }
        }
    }

    /// From a failure to get a connection.
    pub(super) fn from_pool(error: PoolError, info: &ConnInfo, endpoint: &Endpoint) -> Self {
        let cause = match error {
            PoolError::Backend(error) => cause(&error, &info.user, endpoint.host.password.as_ref()),
            PoolError::Timeout(_) => Cause::Timeout(info.connect_timeout.unwrap_or_default()),
            other => Cause::Network(other.to_string().to_lowercase()),
        };
        let mut failures = Failures::default();
        failures.push(endpoint.to_string(), cause);
        Self::Connect(failures.into())
    }
}
