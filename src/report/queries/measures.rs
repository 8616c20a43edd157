//! The figures of a statement that rows are sorted by and columns are made of.

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// How head, sort option and filter call it.
    pub word: &'static str,
    /// Column of the view.
    pub column: &'static str,
    /// What it is, for the text about one statement.
    pub title: &'static str,
    /// It is a text: sorted from A, and standing left.
    pub is_text: bool,
}

/// All of them, the most telling first.
pub const MEASURES: [Measure; 24] = [
    Measure::figure("total", "total_exec_ms", "time executing"),
    Measure::figure("share", "exec_share", "share of database time"),
    Measure::figure("calls", "calls", "calls"),
    Measure::figure("mean", "mean_exec_ms", "mean of a call"),
    Measure::figure("rows", "rows", "rows"),
    Measure::figure("findings", "finding_count", "findings"),
    Measure::figure("read", "shared_blks_read", "blocks read"),
    Measure::figure("rows/call", "rows_per_call", "rows a call"),
    Measure::figure("max", "max_exec_ms", "longest call"),
    Measure::figure("p95", "p95_ms", "95th percentile, by the logs"),
    Measure::figure("stddev", "stddev_exec_ms", "standard deviation"),
    Measure::figure("min", "min_exec_ms", "shortest call"),
    Measure::figure("time/h", "exec_ms_per_hour", "time executing an hour"),
    Measure::figure("calls/h", "calls_per_hour", "calls an hour"),
    Measure::figure("hit", "shared_blks_hit", "blocks found in buffers"),
    Measure::figure("ratio", "hit_ratio", "share found in buffers"),
    Measure::figure("temp", "temp_blks_written", "temporary blocks written"),
    Measure::figure("wal", "wal_bytes", "WAL written"),
    Measure::figure("plan", "total_plan_ms", "time planning"),
    Measure::figure("logged", "log_calls", "executions in the logs"),
    Measure::text("kind", "kind", "kind"),
    Measure::text("severity", "severity", "gravest finding"),
    Measure::text("database", "database_name", "database"),
    Measure::text("roles", "roles", "roles"),
];

impl Measure {
    /// A number.
    pub(in crate::report) const fn figure(
        word: &'static str,
        column: &'static str,
        title: &'static str,
    ) -> Self {
        Self {
            word,
            column,
            title,
            is_text: false,
        }
    }

    /// A text.
    pub(in crate::report) const fn text(
        word: &'static str,
        column: &'static str,
        title: &'static str,
    ) -> Self {
        Self {
            is_text: true,
            ..Self::figure(word, column, title)
        }
    }

    /// The figure of that word or column.
    pub fn find(name: &str) -> Option<Self> {
        let mut all = MEASURES.into_iter();
        all.find(|measure| measure.word == name || measure.column == name)
    }
}
