//! What the logs hold in all, and which ones they are.

use rusqlite::Connection;

/// The row of `log_totals`. Times are milliseconds, moments microseconds since 1970 UTC.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub struct Totals {
    /// Records that count.
    pub records: i64,
    /// Records that the filters left out.
    pub filtered: i64,
    /// Records and lines that could not be read.
    pub unread: i64,
    /// Time of the earliest record that counts.
    pub from_at: Option<i64>,
    /// Time of the latest.
    pub to_at: Option<i64>,
    /// Executions with a time.
    pub statements: i64,
    /// Sum of all times.
    pub duration_ms: f64,
    /// Times that no statement was found for.
    pub unpaired: i64,
    /// Their sum.
    pub unpaired_ms: f64,
    /// The shortest execution.
    pub least_ms: Option<f64>,
    /// Executions that there were, where the log is a sample.
    pub statement_estimate: Option<f64>,
    /// Plans of `auto_explain`.
    pub plans: i64,
    /// ERROR, FATAL and PANIC.
    pub error_records: i64,
    /// Bytes of temporary files.
    pub temp_bytes: i64,
    /// Records carry a time.
    pub has_time: bool,
    /// Records carry the process id.
    pub has_pid: bool,
    /// Records carry the SQLSTATE.
    pub has_sqlstate: bool,
    /// Statements carry the query id.
    pub has_query_id: bool,
    /// Records carry the database.
    pub has_database: bool,
    /// Records carry the role.
    pub has_user: bool,
    /// Records carry `application_name`.
    pub has_application: bool,
}

impl Totals {
    /// Reads the row; `None`: no logs were read.
    pub(super) fn read(facts: &Connection) -> rusqlite::Result<Option<Self>> {
        let mut statement = facts.prepare("SELECT * FROM log_totals LIMIT 1")?;
        let mut rows = statement.query_map([], |row| {
            Ok(Self {
                records: row.get("records")?,
                filtered: row.get("filtered")?,
                unread: row.get("unread")?,
                from_at: row.get("from_at")?,
                to_at: row.get("to_at")?,
                statements: row.get("statements")?,
                duration_ms: row.get("duration_ms")?,
                unpaired: row.get("unpaired")?,
                unpaired_ms: row.get("unpaired_ms")?,
                least_ms: row.get("least_ms")?,
                statement_estimate: row.get("statement_estimate")?,
                plans: row.get("plans")?,
                error_records: row.get("error_records")?,
                temp_bytes: row.get("temp_bytes")?,
                has_time: row.get("has_time")?,
                has_pid: row.get("has_pid")?,
                has_sqlstate: row.get("has_sqlstate")?,
                has_query_id: row.get("has_query_id")?,
                has_database: row.get("has_database")?,
                has_user: row.get("has_user")?,
                has_application: row.get("has_application")?,
            })
        })?;
        rows.next().transpose()
    }

    /// Sum of all times, microseconds.
    pub fn duration_us(&self) -> i64 {
        (self.duration_ms * 1_000.0).round() as i64
    }

    /// Time from the earliest record to the latest.
    pub fn span_ms(&self) -> Option<f64> {
        Some((self.to_at? - self.from_at?) as f64 / 1_000.0)
    }
}

/// A log that was read: a row of `log_sources`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// Path as it was given, `-` for stdin, or the path on the server.
    pub name: String,
    /// `stderr`, `csvlog` or `jsonlog`; `None`: no record was found.
    pub format: Option<String>,
    /// What the records were wrapped in.
    pub envelope: Option<String>,
    /// How the file was compressed.
    pub packing: Option<String>,
    /// Prefixes by which stderr was read.
    pub prefixes: Vec<String>,
    /// Where the prefixes are from: `given`, `server` or `inferred`.
    pub prefix_source: Option<String>,
    /// Bytes that were read, unpacked.
    pub log_bytes: Option<i64>,
    /// Records.
    pub records: i64,
    /// Records and lines that could not be read.
    pub unread: i64,
    /// Beginning of the first of them.
    pub first_unread: Option<String>,
    /// Time of the earliest record, microseconds.
    pub from_at: Option<i64>,
    /// Time of the latest.
    pub to_at: Option<i64>,
    /// What else is to be known.
    pub note: Option<String>,
}

impl Source {
    pub(super) fn all(facts: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut statement = facts.prepare("SELECT * FROM log_sources ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let prefixes: Option<String> = row.get("prefixes")?;
            let prefixes = prefixes.and_then(|text| serde_json::from_str(&text).ok());
            Ok(Self {
                name: row.get("name")?,
                format: row.get("format")?,
                envelope: row.get("envelope")?,
                packing: row.get("packing")?,
                prefixes: prefixes.unwrap_or_default(),
                prefix_source: row.get("prefix_source")?,
                log_bytes: row.get("log_bytes")?,
                records: row.get("records")?,
                unread: row.get("unread")?,
                first_unread: row.get("first_unread")?,
                from_at: row.get("from_at")?,
                to_at: row.get("to_at")?,
                note: row.get("note")?,
            })
        })?;
        rows.collect()
    }
}
