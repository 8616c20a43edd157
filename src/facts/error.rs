//! What can go wrong with a facts database.

use std::path::PathBuf;

/// A facts database could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The file is not there or may not be read.
    #[error("cannot read snapshot {path}: {source}", path = .path.display())]
    Read {
        /// File that was asked for.
        path: PathBuf,
        /// Reason the system gives.
        source: std::io::Error,
    },
    /// The file is no facts database.
    #[error("{path} is not a pgtriage snapshot: {reason}; `pgtriage snapshot -o FILE` makes one", path = .path.display())]
    NotASnapshot {
        /// File that was asked for.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is cut short or its pages are damaged.
    #[error("snapshot {path} is damaged ({reason}); take a new one or copy it again", path = .path.display())]
    Damaged {
        /// File that was asked for.
        path: PathBuf,
        /// What `SQLite` says.
        reason: String,
    },
    /// The file was written by a newer pgtriage.
    #[error(
        "snapshot {path} has format {found}, and this pgtriage reads formats up to {known}; use pgtriage {writer} or newer",
        path = .path.display()
    )]
    Newer {
        /// File that was asked for.
        path: PathBuf,
        /// Format number in the file.
        found: i64,
        /// Newest format number that this program reads.
        known: i64,
        /// Version that wrote the file.
        writer: String,
    },
    /// The target exists and overwriting was not asked for.
    #[error("{path} exists; give another name, or --force to overwrite it", path = .path.display())]
    Exists {
        /// File that was to be written.
        path: PathBuf,
    },
    /// The target could not be written.
    #[error("cannot write snapshot {path}: {reason}", path = .path.display())]
    Write {
        /// File that was to be written.
        path: PathBuf,
        /// Reason the system or `SQLite` gives.
        reason: String,
    },
    /// A query failed.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}
