//! What can be wrong with an input.

use std::fmt::Display;
use std::path::Path;

use crate::facts::FactsError;

/// An input that cannot be used. Each is one sentence: which, what, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be opened or read.
    #[error("cannot read {file}: {reason}")]
    Read {
        /// The file, as it was named.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It is no log.
    #[error("{file} cannot be used: {reason}")]
    Content {
        /// The file, as it was named.
        file: String,
        /// What it is, and what to do.
        reason: String,
    },
    /// A pattern that no file fits.
    #[error("no file fits {pattern}; check the folder and the pattern")]
    Pattern {
        /// The pattern, as it was given.
        pattern: String,
    },
    /// A prefix that cannot be used.
    #[error("{0}")]
    Prefix(String),
    /// The facts database failed.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// There is no log in any of the places.
    #[error("there is no log in {places}: {reason}")]
    Nothing {
        /// The places, as they were named.
        places: String,
        /// What is there, and what to do.
        reason: String,
    },
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Facts(error.into())
    }
}

impl LogError {
    pub(super) fn read(path: &Path, error: &std::io::Error) -> Self {
        let advice = match error.kind() {
            std::io::ErrorKind::NotFound => "; check the name, and the server's log_directory",
            std::io::ErrorKind::PermissionDenied => {
                "; run as a user who may read it (logs usually belong to postgres), or set log_file_mode"
            }
            _ => "",
        };
        // The text of the system ends in its number, which says nothing more.
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        Self::Read {
            file: path.display().to_string(),
            reason: format!("{text}{advice}"),
        }
    }

    pub(super) fn content(name: &str, reason: impl Display) -> Self {
        Self::Content {
            file: name.to_owned(),
            reason: reason.to_string(),
        }
    }
}
