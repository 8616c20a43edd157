//! The pages that are part of the binary: every file under `rules/`, one line each, sorted.

use super::source::Source;

macro_rules! page {
    ($id:literal) => {
        (
            concat!("rules/", $id, ".md"),
            include_str!(concat!("../../rules/", $id, ".md")),
        )
    };
}

const PAGES: &[(&str, &str)] = &[
    page!("backup/archive-command-missing"),
    page!("backup/archive-failing"),
    page!("backup/archive-lag"),
    page!("backup/archiving-off"),
    page!("connection/churn"),
    page!("connection/idle-in-transaction"),
    page!("connection/long-transaction"),
    page!("connection/mostly-idle"),
    page!("connection/near-max"),
    page!("index/duplicate"),
    page!("index/invalid"),
    page!("index/missing-foreign-key"),
    page!("index/redundant-prefix"),
    page!("index/unused"),
    page!("lock/blocked-session"),
    page!("lock/deadlocks"),
    page!("lock/prepared-transaction-old"),
    page!("lock/xmin-held"),
    page!("replication/lag"),
    page!("replication/slot-inactive"),
    page!("replication/slot-lost"),
    page!("replication/slot-wal-unbounded"),
    page!("replication/standby-conflicts"),
    page!("server/bgwriter-cut-short"),
    page!("server/checkpoints-requested"),
    page!("server/checksum-failures"),
    page!("server/collation-mismatch"),
    page!("server/data-checksums-off"),
    page!("server/extension-outdated"),
    page!("server/minor-behind"),
    page!("server/rollback-ratio"),
    page!("server/temp-files-heavy"),
    page!("server/version-end-of-life"),
    page!("server/wal-buffers-full"),
    page!("setting/autovacuum-off"),
    page!("setting/compute-query-id-off"),
    page!("setting/deadlock-timeout-long"),
    page!("setting/fsync-off"),
    page!("setting/full-page-writes-off"),
    page!("setting/idle-in-transaction-timeout-off"),
    page!("setting/lock-timeout-off"),
    page!("setting/log-autovacuum-off"),
    page!("setting/log-checkpoints-off"),
    page!("setting/log-lock-waits-off"),
    page!("setting/log-statement-all"),
    page!("setting/log-temp-files-off"),
    page!("setting/pending-restart"),
    page!("setting/slow-log-off"),
    page!("setting/statement-timeout-off"),
    page!("setting/synchronous-commit-off"),
    page!("setting/track-activities-off"),
    page!("setting/track-io-timing-off"),
    page!("setting/wal-sender-timeout-off"),
    page!("setting/zero-damaged-pages-on"),
    page!("table/no-primary-key"),
];

/// Paths and texts of the built-in pages.
pub fn sources() -> impl Iterator<Item = Source> {
    PAGES.iter().map(|(path, text)| Source::new(*path, *text))
}
