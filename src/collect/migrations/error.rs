//! What can be wrong with a search for migrations.

/// Migrations that cannot be found. Each is one sentence: what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationsError {
    /// A path that was named cannot be read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// The path, as it was named.
        path: String,
        /// Why.
        reason: String,
    },
    /// git cannot be asked.
    #[error("git cannot be run: {reason}; what changed since a revision is asked of it")]
    NoGit {
        /// Why.
        reason: String,
    },
    /// No repository.
    #[error(
        "{folder} is in no git repository, so nothing is known of what changed since {revision}"
    )]
    NoRepository {
        /// The folder that was asked about.
        folder: String,
        /// The revision.
        revision: String,
    },
    /// No such revision.
    #[error("git knows no revision {revision}; fetch it, or name a branch, tag or commit")]
    NoRevision {
        /// The revision.
        revision: String,
    },
    /// No common ancestor.
    #[error(
        "{revision} and HEAD have no commit in common; a shallow clone lacks it (`git fetch --unshallow`)"
    )]
    NoCommonCommit {
        /// The revision.
        revision: String,
    },
    /// git failed.
    #[error("git {command} failed: {reason}")]
    Git {
        /// What it was asked.
        command: String,
        /// Its words.
        reason: String,
    },
}
