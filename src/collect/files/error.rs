//! What can be wrong with a file.

use std::path::Path;

use crate::facts::FactsError;

/// A file of facts that cannot be used. Each is one sentence: which file, what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// It cannot be opened or read.
    #[error("cannot read {file}: {reason}")]
    Read {
        /// The file, as it was named.
        file: String,
        /// Why.
        reason: String,
    },
    /// It does not hold what it was given for.
    #[error("{file} cannot be used: {reason}")]
    Content {
        /// The file, as it was named.
        file: String,
        /// What is wrong, where, and what to do.
        reason: String,
    },
    /// The facts database failed.
    #[error(transparent)]
    Facts(#[from] FactsError),
}

impl FilesError {
    pub(super) fn content(path: &Path, reason: impl Into<String>) -> Self {
        Self::Content {
            file: path.display().to_string(),
            reason: reason.into(),
        }
    }

    pub(super) fn read(path: &Path, reason: &dyn std::fmt::Display) -> Self {
        Self::Read {
            file: path.display().to_string(),
            reason: reason.to_string(),
        }
    }
}

impl From<rusqlite::Error> for FilesError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Facts(error.into())
    }
}
