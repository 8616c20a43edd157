//! Which servers the facts are of.

use jiff::Timestamp;

use super::reading::Reading;
use crate::facts::{FactsError, Store};

/// The servers and databases of a facts database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server {
    /// The main server first.
    pub nodes: Vec<Node>,
    /// Names of the databases that were looked into.
    pub databases: Vec<String>,
    /// How much of the statements was understood.
    pub reading: Reading,
    /// Clock of the server at the latest reading.
    pub captured_at: Option<Timestamp>,
}

/// One server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// How findings name it.
    pub label: String,
    /// `primary` or `standby`.
    pub role: String,
    /// Host and port.
    pub address: Option<String>,
    /// `server_version`.
    pub version: Option<String>,
    /// `server_version_num`.
    pub version_num: i64,
    /// System identifier of the cluster.
    pub system_identifier: Option<String>,
}

impl Server {
    /// Reads them.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let connection = store.connection();
        let nodes = connection
            .prepare(
                "SELECT label, role, address, version, version_num, system_identifier
                 FROM nodes ORDER BY id",
            )?
            .query_map([], |row| {
                Ok(Node {
                    label: row.get(0)?,
                    role: row.get(1)?,
                    address: row.get(2)?,
                    version: row.get(3)?,
                    version_num: row.get(4)?,
                    system_identifier: row.get(5)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        let databases = connection
            .prepare("SELECT name FROM databases WHERE is_collected ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let at: Option<i64> = connection.query_row(
            "SELECT max(captured_at) FROM samples WHERE is_timed",
            [],
            |row| row.get(0),
        )?;
        Ok(Self {
            nodes,
            databases,
            reading: Reading::read(store)?,
            captured_at: at.and_then(|us| Timestamp::from_microsecond(us).ok()),
        })
    }

    /// `shop on db.example:5432, PostgreSQL 17.2, at 2026-01-01 00:00:00 UTC`.
    pub fn describe(&self) -> String {
        let mut words = match self.databases.as_slice() {
            [] => "no database".to_owned(),
            [one] => one.clone(),
            several if several.len() <= 4 => several.join(", "),
            several => format!("{} databases", several.len()),
        };
        if let Some(node) = self.nodes.first() {
            if let Some(address) = &node.address {
                words += &format!(" on {address}");
            }
            if let Some(version) = &node.version {
                words += &format!(", PostgreSQL {version}");
            }
        }
        if self.nodes.len() > 1 {
            words += &format!(" and {} more", plural(self.nodes.len() - 1, "server"));
        }
        if let Some(at) = self.captured_at {
            words += &at.strftime(", at %F %T UTC").to_string();
        }
        words
    }
}

/// `1 server`, `2 servers`.
pub fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
