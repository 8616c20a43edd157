//! Why nothing can be read, and what would change that.

use std::fmt::Write as _;

use crate::facts::quote;

/// Why the log of a server cannot be read over SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Our role may not run some functions.
    Denied {
        /// The functions, with their arguments.
        functions: Vec<&'static str>,
        /// Our role.
        role: String,
    },
    /// The server leaves its log to others.
    NoCollector,
    /// The server logs to no file.
    NoFiles {
        /// `log_destination`.
        destination: String,
    },
    /// A managed service that lets nobody read files.
    Service {
        /// As `nodes.provider` has it.
        provider: String,
    },
    /// There is no log file where one should be.
    Absent,
    /// A query failed.
    Failed {
        /// What the server said.
        reason: String,
    },
}

impl Refusal {
    /// Why, as a part of a sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::Denied { functions, role } => format!(
                "{} may not run {}",
                quote::ident(role),
                functions.join(" and ")
            ),
            Self::NoCollector => {
                "the server writes no log files itself: logging_collector is off, and what it logs goes \
                 wherever its stderr goes"
                    .to_owned()
            }
            Self::NoFiles { destination } => {
                format!("the server logs to {destination} only, which no function can read")
            }
            Self::Service { provider } => {
                let (name, _) = service(provider);
                format!("{name} lets no role read files of the server")
            }
            Self::Absent => "the server names no current log file".to_owned(),
            Self::Failed { reason } => reason.clone(),
        }
    }

    /// The statements or the setting that would change it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Denied { functions, role } => {
                let mut remedy = String::new();
                for function in functions {
                    let separator = if remedy.is_empty() { "" } else { "\n" };
                    let role = quote::ident(role);
                    // Writing to a string cannot fail.
                    let _ = write!(
                        remedy,
                        "{separator}GRANT EXECUTE ON FUNCTION {function} TO {role};"
                    );
                }
                if functions.iter().any(|name| name.starts_with("pg_read_binary_file")) {
                    remedy += "\n-- It can then read every file of the data directory. Where that is too much: --logs PATH.";
                }
                remedy
            }
            Self::NoCollector => {
                "ALTER SYSTEM SET logging_collector = on; -- and restart; or read the log where it is, with --logs PATH"
                    .to_owned()
            }
            Self::NoFiles { .. } => {
                "ALTER SYSTEM SET log_destination = 'jsonlog'; SELECT pg_reload_conf(); -- 'csvlog' before version 15; or read the log where it is, with --logs PATH"
                    .to_owned()
            }
            Self::Service { provider } => {
                let (_, way) = service(provider);
                format!("{way}, and read that with --logs PATH")
            }
            Self::Absent => "SHOW log_directory; -- the server must be able to write there".to_owned(),
            Self::Failed { .. } => "read the log where it is, with --logs PATH".to_owned(),
        }
    }
}

/// The name of a managed service, and how its logs are had.
fn service(provider: &str) -> (&str, &str) {
    match provider {
        "rds" | "aurora" => (
            "Amazon RDS",
            "download the log (aws rds download-db-log-file-portion)",
        ),
        "cloudsql" => (
            "Cloud SQL",
            "export the log (gcloud logging read --format=json)",
        ),
        "alloydb" => (
            "AlloyDB",
            "export the log (gcloud logging read --format=json)",
        ),
        "azure" => (
            "Azure Database for PostgreSQL",
            "download the log (az postgres flexible-server server-logs download)",
        ),
        "supabase" => ("Supabase", "export the log from the dashboard"),
        "neon" => ("Neon", "export the log by its log forwarding"),
        other => (other, "export the log"),
    }
}
