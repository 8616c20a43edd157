//! Statements with their figures in the logs.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::facts::{FactsError, figure};
use crate::report::queries::Measure;
use crate::report::ranking::{Figured, compare, value};

/// Names of figures, in the order of formats for programs.
pub(super) const COLUMNS: [&str; 23] = [
    "fingerprint",
    "database",
    "queryids",
    "calls_by_queryid",
    "calls",
    "calls_estimate",
    "total_ms",
    "share",
    "planning_ms",
    "min_ms",
    "mean_ms",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "max_ms",
    "errors",
    "plans",
    "temp_files",
    "temp_bytes",
    "largest_temp_bytes",
    "lock_waits",
    "lock_wait_ms",
    "cancels",
];

const QUERYIDS: usize = 2;
const CALLS_BY_QUERYID: usize = 3;

/// What lists of statements are sorted by and columns are made of, the most telling first.
pub const MEASURES: [Measure; 18] = [
    Measure::figure("total", "total_ms", "time"),
    Measure::figure("calls", "calls", "executions in the log"),
    Measure::figure("mean", "mean_ms", "mean of an execution"),
    Measure::figure("p95", "p95_ms", "95th percentile"),
    Measure::figure("max", "max_ms", "longest execution"),
    Measure::figure("share", "share", "share of all time"),
    Measure::figure("estimate", "calls_estimate", "executions by estimate"),
    Measure::figure("errors", "errors", "errors"),
    Measure::figure("p99", "p99_ms", "99th percentile"),
    Measure::figure("p50", "p50_ms", "median"),
    Measure::figure("min", "min_ms", "shortest execution"),
    Measure::figure("plan", "planning_ms", "time in parse and bind"),
    Measure::figure("temp", "temp_bytes", "bytes of temporary files"),
    Measure::figure("waits", "lock_waits", "waits for locks"),
    Measure::figure("waited", "lock_wait_ms", "time waiting for locks"),
    Measure::figure("cancels", "cancels", "cancels"),
    Measure::figure("plans", "plans", "plans of auto_explain"),
    Measure::text("database", "database", "database"),
];

/// The figure of that word or column.
pub fn measure(name: &str) -> Option<Measure> {
    let mut all = MEASURES.into_iter();
    all.find(|measure| measure.word == name || measure.column == name)
}

/// A statement with its figures, over all phases of its executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its id in the facts.
    pub id: i64,
    /// Its text.
    pub text: Option<String>,
    values: Vec<Value>,
}

impl Statement {
    /// Those with most time first.
    pub(super) fn all(facts: &Connection) -> Result<Vec<Self>, FactsError> {
        let mut statement = facts.prepare(
            "SELECT l.*, l.statement_id AS id, s.text AS text, s.fingerprint AS fingerprint,
                    CASE WHEN t.has_database THEN nullif(d.name, '[unknown]') END AS database,
                    CASE WHEN t.has_query_id OR l.queryids <> '{}' THEN l.queryids END AS calls_by_queryid,
                    l.total_ms / nullif(t.duration_ms, 0) AS share
             FROM log_statements l
             JOIN statements s ON s.id = l.statement_id
             LEFT JOIN databases d ON d.id = s.database_id
             CROSS JOIN (SELECT max(has_database) AS has_database, max(has_query_id) AS has_query_id,
                                max(duration_ms) AS duration_ms FROM log_totals) t
             ORDER BY l.total_ms DESC, s.fingerprint, l.statement_id",
        )?;
        let rows = statement.query_map([], |row| {
            let mut values = Vec::with_capacity(COLUMNS.len());
            for (at, name) in COLUMNS.iter().enumerate() {
                values.push(match at {
                    QUERYIDS => Value::Null,
                    _ => value(row.get(*name)?, at == CALLS_BY_QUERYID),
                });
            }
            let by_id = values[CALLS_BY_QUERYID].as_object();
            values[QUERYIDS] = by_id.map_or(Value::Null, ids);
            Ok(Self {
                id: row.get("id")?,
                text: row.get("text")?,
                values,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A figure by the name of its column; null: not known.
    pub fn get(&self, column: &str) -> &Value {
        let at = COLUMNS.iter().position(|name| *name == column);
        at.map_or(&Value::Null, |at| &self.values[at])
    }

    /// A number; 0 where it is not known.
    pub fn number(&self, column: &str) -> f64 {
        self.get(column).as_f64().unwrap_or_default()
    }

    /// A figure as people read it; `None`: not known.
    pub fn figure(&self, column: &str) -> Option<String> {
        let value = self.get(column);
        (!value.is_null()).then(|| figure(column, value))
    }

    /// The figures and the text, by name.
    pub fn json(&self) -> Map<String, Value> {
        let named = COLUMNS.iter().map(|name| (*name).to_owned());
        let mut map: Map<_, _> = named.zip(self.values.iter().cloned()).collect();
        map.insert("query".to_owned(), json!(self.text));
        map
    }

    pub(super) fn sort(all: &mut [Self], by: Measure, reverse: bool) {
        all.sort_by(|a, b| compare(a.get(by.column), b.get(by.column), reverse));
    }
}

impl Figured for Statement {
    fn value(&self, column: &str) -> &Value {
        self.get(column)
    }

    fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

/// The ids of a map of executions by id, the one with most first.
fn ids(by_id: &Map<String, Value>) -> Value {
    let mut ids: Vec<(i64, i64)> = by_id
        .iter()
        .filter_map(|(id, calls)| Some((id.parse().ok()?, calls.as_i64()?)))
        .collect();
    ids.sort_by_key(|(id, calls)| (-calls, *id));
    ids.into_iter().map(|(id, _)| json!(id)).collect()
}
