//! What a setting is about.

/// What settings are about, in the order in which groups are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group(usize);

/// Titles of the groups, and words for a narrow column.
const GROUPS: [(&str, &str); 9] = [
    ("Memory", "memory"),
    ("WAL and durability", "WAL"),
    ("Checkpoints and background writes", "checkpoints"),
    ("Planner and reads", "planner"),
    ("Autovacuum", "autovacuum"),
    ("Timeouts and connections", "timeouts"),
    ("Logging and statistics", "logging"),
    ("Replication", "replication"),
    ("Other", "other"),
];

impl Group {
    /// Its title.
    pub fn title(self) -> &'static str {
        GROUPS[self.0].0
    }

    /// A word for it.
    pub fn word(self) -> &'static str {
        GROUPS[self.0].1
    }

    /// Its place among the groups.
    pub fn place(self) -> usize {
        self.0
    }
}

/// Names, or their beginnings, of each group.
const NAMES: [&[&str]; 8] = [
    &[
        "shared_buffers",
        "work_mem",
        "hash_mem",
        "maintenance_work_mem",
        "logical_decoding_work_mem",
        "temp_buffers",
        "temp_file_limit",
        "huge_page",
    ],
    &[
        "wal_compression",
        "wal_buffers",
        "wal_level",
        "wal_writer",
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "archive_",
        "zero_damaged_pages",
        "ignore_checksum_failure",
        "commit_",
    ],
    &["checkpoint_", "max_wal_size", "min_wal_size", "bgwriter_"],
    &[
        "random_page_cost",
        "seq_page_cost",
        "effective_",
        "maintenance_io_concurrency",
        "io_",
        "max_parallel",
        "max_worker_processes",
        "parallel_",
        "jit",
        "cpu_",
        "default_statistics_target",
        "enable_",
        "plan_cache_mode",
    ],
    &["autovacuum", "vacuum_", "track_counts"],
    &[
        "statement_timeout",
        "lock_timeout",
        "idle_",
        "transaction_timeout",
        "deadlock_timeout",
        "authentication_timeout",
        "tcp_",
        "client_connection_",
        "max_connections",
        "superuser_reserved",
        "reserved_connections",
    ],
    &[
        "log_",
        "logging_",
        "track_",
        "compute_query_id",
        "pg_stat_statements",
        "auto_explain",
        "shared_preload",
        "session_preload",
    ],
    &[
        "wal_sender",
        "wal_receiver",
        "wal_keep",
        "max_slot",
        "max_wal_senders",
        "max_standby",
        "hot_standby",
        "idle_replication",
    ],
];

/// The group of a setting: the one with the longest beginning that fits.
pub fn group(setting: &str) -> Group {
    let fitting = |names: &&[&str]| {
        let fits = names.iter().filter(|name| setting.starts_with(**name));
        fits.map(|name| name.len()).max()
    };
    let best = NAMES
        .iter()
        .enumerate()
        .filter_map(|(at, names)| Some((fitting(names)?, at)));
    let at = best.max_by_key(|(length, _)| *length);
    Group(at.map_or(NAMES.len(), |(_, at)| at))
}

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn settings_stand_with_their_kind() {
        for (setting, expected) in [
            ("shared_buffers", "Memory"),
            ("wal_compression", "WAL and durability"),
            ("wal_sender_timeout", "Replication"),
            ("idle_replication_slot_timeout", "Replication"),
            (
                "idle_in_transaction_session_timeout",
                "Timeouts and connections",
            ),
            ("track_counts", "Autovacuum"),
            ("track_io_timing", "Logging and statistics"),
            ("log_autovacuum_min_duration", "Logging and statistics"),
            ("max_parallel_workers", "Planner and reads"),
            ("my.setting", "Other"),
        ] {
            assert_eq!(group(setting).title(), expected, "{setting}");
        }
    }
}
