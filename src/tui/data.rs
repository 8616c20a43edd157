//! What the UI shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::{Explanation, Outcome};

/// What the UI shows: one state of a server, judged.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// The server.
    pub server: Server,
    /// Clock of the server at the latest reading.
    pub captured_at: Option<Timestamp>,
    /// Findings, rules that were skipped, objects that could not be judged.
    pub outcome: Outcome,
    /// Pages of the rules, by id.
    pub pages: Arc<BTreeMap<String, Explanation>>,
    /// What could not be read.
    pub missing: Vec<Missing>,
}

/// What the header says about a server. What is not known is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server {
    /// Databases that were collected.
    pub databases: Vec<String>,
    /// Host and port.
    pub address: Option<String>,
    /// `server_version`.
    pub version: Option<String>,
    /// Transactions a second between the last two samples, all databases.
    pub transactions_per_second: Option<f64>,
    /// Share of block reads found in shared buffers, 0 to 1, over the same time.
    pub cache_hit_ratio: Option<f64>,
    /// Client sessions now.
    pub connections: Option<i64>,
    /// `max_connections`.
    pub max_connections: Option<i64>,
}

/// Facts that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Facts table, with its column where only that is missing.
    pub facts: String,
    /// Database, server or object that it concerns.
    pub place: String,
    /// Why, a sentence fragment.
    pub because: String,
    /// Statement or setting that would enable it.
    pub remedy: Option<String>,
}
