//! What can go wrong with the shop world.

use std::error::Error as _;

use thiserror::Error;

/// Why the world could not be loaded or its traffic not be run.
#[derive(Debug, Error)]
pub enum WorldError {
    /// The server could not be reached, or it refused the role.
    #[error("cannot connect to the shop's server as {role}: {}", said(source))]
    Connect {
        /// The role of the login.
        role: String,
        /// What the client says.
        source: tokio_postgres::Error,
    },
    /// A step of loading failed, or a step that has to fail did not.
    #[error("loading the shop failed at \"{step}\" ({file}): {because}")]
    Step {
        /// The file in `fixtures/shop`.
        file: &'static str,
        /// The name of the step.
        step: String,
        /// What the server said.
        because: String,
    },
    /// A request of the workload or a look at the server failed.
    #[error("the shop's server refused \"{doing}\": {}", said(source))]
    Query {
        /// What was to be done.
        doing: String,
        /// What the server or the client says.
        source: tokio_postgres::Error,
    },
    /// A session does not get where it has to be.
    #[error("gave up after some seconds: {0}; look at pg_stat_activity of the shop's server")]
    Session(&'static str),
    /// One of the files of the fixture is not written as `fixtures/shop/README.md` says.
    #[error("{file}: {because}; fixtures/shop/README.md says how the file is written")]
    Fixture {
        /// The file in `fixtures/shop`.
        file: &'static str,
        /// What is wrong where.
        because: String,
    },
}

/// What the server said if it said anything, else what the client says.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return format!("{} ({})", db.message(), db.code().code());
    }
    let cause = error.source().map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

impl WorldError {
    /// For `map_err`: the action that failed.
    pub(super) fn at(doing: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |source| Self::Query {
            doing: doing.into(),
            source,
        }
    }
}
