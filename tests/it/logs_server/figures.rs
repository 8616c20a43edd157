//! What the facts hold of a log.

use std::collections::BTreeMap;
use std::path::Path;

use pgtriage::collect::logs::{LogOptions, read};
use pgtriage::facts::Store;
use rusqlite::types::FromSql;

/// Figures of a log.
#[derive(Debug)]
pub struct Figures {
    pub statements: u64,
    pub duration_us: i64,
    pub unpaired: u64,
    pub unread: u64,
    pub first_unread: Option<String>,
    pub prefixes: Option<String>,
    pub temp_bytes: u64,
    pub messages: BTreeMap<String, u64>,
    /// ERROR and worse by SQLSTATE.
    pub errors: BTreeMap<String, u64>,
    /// Calls and microseconds by fingerprint.
    pub calls: BTreeMap<String, (u64, i64)>,
    /// Errors by fingerprint.
    pub errors_of: BTreeMap<String, u64>,
    pub query_ids: BTreeMap<i64, u64>,
}

impl Figures {
    pub fn read(path: &Path, prefix: Option<&str>) -> Self {
        let store = Store::in_memory().unwrap();
        let facts = store.connection();
        facts
            .execute_batch(
                "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at) VALUES (1, '0', 'f1', 0);
                 INSERT INTO nodes (id) VALUES (1);
                 INSERT INTO samples (id, node_id, captured_at) VALUES (1, 1, 0);",
            )
            .unwrap();
        let options = LogOptions {
            prefix: prefix.map(str::to_owned),
            ..LogOptions::default()
        };
        read(&[path.to_owned()], &store, &options, &mut |_| {}).unwrap();
        let one = |column: &str, table: &str| {
            facts
                .query_row(&format!("SELECT {column} FROM {table}"), [], |row| {
                    row.get::<_, i64>(0)
                })
                .unwrap()
        };
        let text = |column: &str| {
            facts
                .query_row(&format!("SELECT {column} FROM log_sources"), [], |row| {
                    row.get(0)
                })
                .unwrap()
        };
        let number = |column: &str| one(column, "log_totals") as u64;
        let by_print = |figure: &str| {
            format!(
                "SELECT s.fingerprint, {figure} FROM log_statements l JOIN statements s ON s.id = l.statement_id GROUP BY 1"
            )
        };
        let us = "CAST(round(sum(l.total_ms) * 1000) AS INTEGER)";
        let calls = pairs::<String, i64>(&store, &by_print("sum(l.calls)"));
        let mut times = pairs::<String, i64>(&store, &by_print(us));
        let counts = |query: &str| -> BTreeMap<String, u64> {
            let found = pairs::<String, i64>(&store, query);
            found
                .into_iter()
                .map(|(key, count)| (key, count as u64))
                .collect()
        };
        Self {
            statements: number("statements"),
            duration_us: one("CAST(round(duration_ms * 1000) AS INTEGER)", "log_totals"),
            unpaired: number("unpaired"),
            unread: number("unread"),
            first_unread: text("first_unread"),
            prefixes: text("prefixes"),
            temp_bytes: number("temp_bytes"),
            messages: counts("SELECT kind, count FROM log_messages"),
            errors: counts(
                "SELECT coalesce(sqlstate, 'none'), sum(count) FROM log_errors WHERE severity <> 'WARNING' GROUP BY 1",
            ),
            calls: calls
                .into_iter()
                .map(|(print, calls)| {
                    let us = times.remove(&print).unwrap();
                    (print, (calls as u64, us))
                })
                .collect(),
            errors_of: counts(&by_print("sum(l.errors)")),
            query_ids: pairs::<String, i64>(
                &store,
                "SELECT j.key, sum(j.value) FROM log_statements l, json_each(l.queryids) j GROUP BY 1",
            )
            .into_iter()
            .map(|(id, count)| (id.parse().unwrap(), count as u64))
            .collect(),
        }
    }

    /// Messages of a kind.
    pub fn of(&self, kind: &str) -> u64 {
        self.messages.get(kind).copied().unwrap_or(0)
    }
}

fn pairs<K: FromSql + Ord, V: FromSql>(store: &Store, query: &str) -> BTreeMap<K, V> {
    let mut statement = store.connection().prepare(query).unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Microseconds of all times of a csvlog, by nothing but a reader of CSV.
pub fn plain_durations(path: &Path) -> i64 {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .unwrap();
    let times = reader.byte_records().map(|record| {
        let record = record.unwrap();
        let message = String::from_utf8_lossy(&record[13]).into_owned();
        let time = message
            .strip_prefix("duration: ")
            .and_then(|rest| rest.split_once(" ms"));
        let time = time.map(|(time, _)| time.replace('.', ""));
        time.map_or(0, |time| time.parse::<i64>().unwrap())
    });
    times.sum()
}
