//! What can go wrong with a throwaway cluster.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server could not be found, fetched, started or controlled.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// No server that would do is on this machine. `looked` has a line per place or candidate.
    #[error(
        "no PostgreSQL server of major 13 to 18 with pg_stat_statements was found; install one, \
         name its folder of programs in PG_BIN, or fetch one (demo --fetch)\n{looked}"
    )]
    NoServer {
        /// What was found instead and why it would not do.
        looked: String,
    },
    /// The folder that was named by hand holds no server.
    #[error("{} is not a folder of PostgreSQL's server programs: {because}", bin.display())]
    NotAServer {
        /// The folder.
        bin: PathBuf,
        /// What is missing or does not run.
        because: String,
    },
    /// No user that the server could run as, while we are root.
    #[error(
        "PostgreSQL refuses to run as root, and /etc/passwd has neither a user postgres nor \
         nobody to run it as; add one (useradd --system postgres)"
    )]
    NoAccount,
    /// A unix socket's path would not fit.
    #[error(
        "{} is too long for a unix socket ({length} bytes, at most 103); set TMPDIR to a shorter \
         folder", path.display()
    )]
    PathTooLong {
        /// The socket.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },
    /// The operating system refused something.
    #[error("cannot {what}: {source}")]
    Io {
        /// What was tried, as a verb phrase.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The server's own programs failed.
    #[error("PostgreSQL {version}: {action} failed; it says\n{log}")]
    Server {
        /// The server's version, such as `17.10`.
        version: String,
        /// What was tried: `initdb`, `start` …
        action: String,
        /// The end of the log, indented.
        log: String,
    },
    /// The keeper process of a cluster has gone.
    #[error(
        "the process that keeps the cluster in {} has ended; the cluster is gone with it, start \
         another", home.display()
    )]
    KeeperGone {
        /// The cluster's folder.
        home: PathBuf,
    },
    /// A file of a relation is not as it should be.
    #[error("{} cannot be made to look like a larger one: {because}", path.display())]
    RelationFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        because: String,
    },
    /// Servers could not be fetched.
    #[error("fetching PostgreSQL servers failed: {because}")]
    Fetch {
        /// The end of what the script said.
        because: String,
    },
}

/// Turns an error of the operating system into one that says what was tried.
pub(super) trait Trying<T> {
    fn trying(self, what: impl FnOnce() -> String) -> Result<T, ClusterError>;
}

impl<T> Trying<T> for io::Result<T> {
    fn trying(self, what: impl FnOnce() -> String) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::Io {
            what: what(),
            source,
        })
    }
}
