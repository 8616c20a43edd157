//! Why there is no connection, in one sentence that says what, where and what to try.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use super::cause::Cause;
use super::source::Source;

/// Why no connection could be made. `Display` is one sentence and never holds a password.
#[derive(Debug, Clone, Error)]
pub enum ConnectError {
    /// The connection string cannot be read.
    #[error("the connection string has {problem} (character {position})")]
    Syntax {
        /// Position in characters, from 1.
        position: usize,
        /// What stands there.
        problem: &'static str,
    },
    /// A parameter that libpq does not have.
    #[error("{origin} sets {name}, which is not a connection parameter; {hint}")]
    UnknownParameter {
        /// The name as given.
        name: String,
        /// Where it was given.
        origin: Source,
        /// The nearest parameter.
        hint: String,
    },
    /// A parameter whose value cannot be used.
    #[error("the value of {parameter} in {origin} cannot be used: {problem}")]
    Value {
        /// The parameter.
        parameter: &'static str,
        /// Where it was given.
        origin: Source,
        /// What a right value looks like.
        problem: String,
    },
    /// A parameter that libpq honours and pgtriage cannot, where ignoring it would be unsafe.
    #[error("{parameter} in {origin} cannot be honoured: {why}")]
    Unsupported {
        /// The parameter.
        parameter: &'static str,
        /// Where it was given.
        origin: Source,
        /// What is missing and what to do instead.
        why: &'static str,
    },
    /// No service file has the section.
    #[error(
        "service \"{name}\" is not defined in {}; add a section [{name}] there or set PGSERVICEFILE",
        listed(searched)
    )]
    NoService {
        /// The name asked for.
        name: String,
        /// The files that were read.
        searched: Vec<PathBuf>,
    },
    /// A file that cannot be read or understood.
    #[error("{what} {} cannot be used: {problem}", path.display())]
    File {
        /// Kind of file.
        what: &'static str,
        /// Its path.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Neither the connection string nor the system says who connects.
    #[error(
        "no user name is given and the operating system has none for this process; add user=NAME or set PGUSER"
    )]
    NoUser,
    /// No server let us in.
    #[error("{0}")]
    Failed(Failures),
}

impl ConnectError {
    /// Whether the mistake is in what was given (exit code 2) rather than in reaching the server
    /// (exit code 3).
    pub fn is_configuration(&self) -> bool {
        !matches!(self, Self::Failed(_))
    }
}

fn listed(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "any service file (none was found)".to_owned();
    }
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(" or ")
}

/// What went wrong at each server that was tried, in order; never empty.
#[derive(Debug, Clone, Default)]
pub struct Failures(Vec<Failure>);

/// What went wrong at one server.
#[derive(Debug, Clone)]
pub struct Failure {
    /// `host:port` or path of the socket.
    pub endpoint: String,
    /// What happened.
    pub cause: Cause,
}

impl Failures {
    /// Adds a failure. Of several at one server (by address, with and without TLS) the one that got
    /// furthest is kept.
    pub(super) fn push(&mut self, endpoint: String, cause: Cause) {
        match self
            .0
            .iter_mut()
            .find(|failure| failure.endpoint == endpoint)
        {
            Some(known) if known.cause.progress() > cause.progress() => {}
            Some(known) => known.cause = cause,
            None => self.0.push(Failure { endpoint, cause }),
        }
    }

    /// The failures, one per server.
    pub fn iter(&self) -> impl Iterator<Item = &Failure> {
        self.0.iter()
    }
}

impl From<Failures> for ConnectError {
    fn from(failures: Failures) -> Self {
        Self::Failed(failures)
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => {
                let Failure { endpoint, cause } = only;
                write!(
                    f,
                    "could not connect to {endpoint}: {cause}; {}",
                    cause.advice()
                )
            }
            several => {
                f.write_str("could not connect to any of ")?;
                for (index, Failure { endpoint, cause }) in several.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{endpoint} ({cause})")?;
                }
                let furthest = several
                    .iter()
                    .max_by_key(|failure| failure.cause.progress());
                furthest.map_or(Ok(()), |failure| write!(f, "; {}", failure.cause.advice()))
            }
        }
    }
}
