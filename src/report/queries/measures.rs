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

const fn figure(word: &'static str, column: &'static str, title: &'static str) -> Measure {
    Measure {
        word,
        column,
        title,
        is_text: false,
    }
}

const fn text(word: &'static str, column: &'static str, title: &'static str) -> Measure {
    Measure {
        is_text: true,
        ..figure(word, column, title)
    }
}

/// All of them, the most telling first.
pub const MEASURES: [Measure; 22] = [
    figure("total", "total_exec_ms", "time executing"),
    figure("share", "exec_share", "share of database time"),
    figure("calls", "calls", "calls"),
    figure("mean", "mean_exec_ms", "mean of a call"),
    figure("rows", "rows", "rows"),
    figure("findings", "finding_count", "findings"),
    figure("read", "shared_blks_read", "blocks read"),
    figure("rows/call", "rows_per_call", "rows a call"),
    figure("max", "max_exec_ms", "longest call"),
    figure("stddev", "stddev_exec_ms", "standard deviation"),
    figure("min", "min_exec_ms", "shortest call"),
    figure("time/h", "exec_ms_per_hour", "time executing an hour"),
    figure("calls/h", "calls_per_hour", "calls an hour"),
    figure("hit", "shared_blks_hit", "blocks found in buffers"),
    figure("ratio", "hit_ratio", "share found in buffers"),
    figure("temp", "temp_blks_written", "temporary blocks written"),
    figure("wal", "wal_bytes", "WAL written"),
    figure("plan", "total_plan_ms", "time planning"),
    text("kind", "kind", "kind"),
    text("severity", "severity", "gravest finding"),
    text("database", "database_name", "database"),
    text("roles", "roles", "roles"),
];

impl Measure {
    /// The figure of that word or column.
    pub fn find(name: &str) -> Option<Self> {
        let mut all = MEASURES.into_iter();
        all.find(|measure| measure.word == name || measure.column == name)
    }
}
