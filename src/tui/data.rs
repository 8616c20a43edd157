//! What the UI shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{Explanation, Outcome, Severity};
use crate::report::in_force::InForce;
use crate::report::logs::{Detail, Logs};
use crate::report::queries::{Queries, Shape};
use crate::report::timeouts::Timeouts;
use crate::report::{Filter, Server, View};

use super::advising::{Advising, Verdicts};
use super::calculator::Calculator;
use super::drafts::Draft;
use super::relations::Relations;

/// What the UI shows: one state of a server, judged.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// The servers, and when they were read.
    pub server: Server,
    /// What the header says beside that.
    pub figures: Figures,
    /// Findings, rules that were skipped, objects that could not be judged.
    pub outcome: Outcome,
    /// Pages of the rules, by id.
    pub pages: Arc<BTreeMap<String, Explanation>>,
    /// The statements with their figures.
    pub queries: Queries,
    /// What they say, by the id of the statement.
    pub shapes: BTreeMap<i64, Shape>,
    /// What the server logs hold; `None`: none were read.
    pub logs: Option<Logs>,
    /// More about the statements in them, by the id of the statement.
    pub log_details: BTreeMap<i64, Detail>,
    /// Tables and indexes with their figures.
    pub relations: Relations,
    /// What is to become of indexes, by the facts alone.
    pub verdicts: Verdicts,
    /// The search for indexes and what is chosen; it goes from data to newer data.
    pub advising: Advising,
    /// Settings of the server.
    pub settings: Vec<InForce>,
    /// Sizes of pools; its inputs go from data to newer data.
    pub calculator: Calculator,
    /// Timeouts of roles.
    pub timeouts: Timeouts,
    /// How far they stand above what is slow.
    pub headroom: f64,
    /// What could not be read.
    pub missing: Vec<Missing>,
    /// Fixes that are collected to become migrations; they go from data to newer data.
    pub drafts: Vec<Draft>,
}

/// Figures of the main server. What is not known is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// What happened between the last two samples.
    pub activity: Option<Activity>,
    /// Counters at the latest sample, summed over all databases.
    pub counters: Option<Counters>,
    /// Client sessions now.
    pub connections: Option<i64>,
    /// `max_connections`.
    pub max_connections: Option<i64>,
}

/// Counters of a server at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// When they were read, microseconds.
    pub at_us: i64,
    /// Transactions, committed and rolled back.
    pub transactions: i64,
    /// Blocks found in shared buffers.
    pub blocks_hit: i64,
    /// Blocks read into them.
    pub blocks_read: i64,
}

/// How busy a server was over some time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity {
    /// Transactions a second.
    pub transactions_per_second: f64,
    /// Share of block reads found in shared buffers, 0 to 1; `None` without any.
    pub cache_hit_ratio: Option<f64>,
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

impl Counters {
    /// What happened since earlier counters; `None` if they were reset or no time passed.
    pub fn since(&self, before: &Self) -> Option<Activity> {
        let grown = |now: i64, then: i64| now.checked_sub(then).filter(|n| *n >= 0);
        let seconds = grown(self.at_us, before.at_us).filter(|us| *us > 0)? as f64 / 1e6;
        let transactions = grown(self.transactions, before.transactions)? as f64;
        let hit = grown(self.blocks_hit, before.blocks_hit)? as f64;
        let read = grown(self.blocks_read, before.blocks_read)? as f64;
        Some(Activity {
            transactions_per_second: transactions / seconds,
            cache_hit_ratio: (hit + read > 0.0).then(|| hit / (hit + read)),
        })
    }
}

impl Data {
    /// The whole outcome, as the reports take it.
    pub fn view(&self) -> View<'_> {
        let filter = Filter {
            min_severity: Severity::Info,
            limit: None,
            known: true,
            verbose: true,
        };
        View::new(&self.outcome, &self.server, filter)
    }
}
