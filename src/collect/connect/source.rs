//! Where a parameter was given, for error messages.

use std::fmt;
use std::path::PathBuf;

/// Where a connection parameter came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The URI or key/value string.
    ConnectionString,
    /// A section of a service file.
    Service {
        /// Name of the section.
        name: String,
        /// The file it is in.
        file: PathBuf,
    },
    /// An environment variable.
    Variable(&'static str),
    /// A line of the password file.
    PasswordFile {
        /// The file.
        file: PathBuf,
        /// Line number, from 1.
        line: usize,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectionString => f.write_str("the connection string"),
            Self::Service { name, file } => {
                write!(f, "service \"{name}\" in {}", file.display())
            }
            Self::Variable(name) => f.write_str(name),
            Self::PasswordFile { file, line } => write!(f, "line {line} of {}", file.display()),
        }
    }
}
