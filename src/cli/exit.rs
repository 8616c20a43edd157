//! Exit codes, and which error leads to which.

use std::process::ExitCode;

use super::screen::Lost;
use crate::collect::CollectError;
use crate::collect::connect::{ConnectError, ReadError};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Usage, configuration, or a file that can't be read or understood.
    Usage,
    /// No connection, or the server was lost.
    Connection,
    /// A signal of this number ended it.
    Signal(u8),
}

/// The user or the system asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted {
    /// Number of the signal.
    pub signal: u8,
}

/// Facts were missing and `--strict` was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("facts are missing and --strict is set; the report says which")]
pub struct Partial;

/// Whoever read our output has gone: no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reader of the output has gone")]
pub struct ReaderGone;

impl Exit {
    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Connection => 3,
            Self::Signal(number) => 128 + number,
        }
    }

    /// The code of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.is::<ReaderGone>() {
            return Self::Done;
        }
        if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
            return Self::Signal(interrupted.signal);
        }
        let lost = |error: &ReadError| match error {
            ReadError::Connect(error) => !error.is_configuration(),
            _ => true,
        };
        let connection = match error.downcast_ref::<CollectError>() {
            Some(CollectError::Connect(error)) => !error.is_configuration(),
            Some(CollectError::Lost(error)) => lost(error),
            Some(CollectError::TooOld { .. } | CollectError::OtherCluster { .. }) => true,
            Some(_) => false,
            None => {
                let connect = error.downcast_ref::<ConnectError>();
                connect.is_some_and(|error| !error.is_configuration())
                    || error.is::<Partial>()
                    || error.is::<Lost>()
            }
        };
        if connection {
            Self::Connection
        } else {
            Self::Usage
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
