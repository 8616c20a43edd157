//! Which settings belong together.

/// Groups in their order, with how names of their settings begin, or with `*` before it, end. The first
/// that fits counts.
const GROUPS: [(&str, &[&str]); 8] = [
    (
        "memory",
        &[
            "shared_buffers",
            "work_mem",
            "maintenance_work_mem",
            "autovacuum_work_mem",
            "logical_decoding_work_mem",
            "effective_cache_size",
            "huge_page",
            "temp_buffers",
            "hash_mem",
            "temp_file_limit",
            "vacuum_buffer_usage_limit",
        ],
    ),
    (
        "timeouts",
        &["*_timeout", "tcp_", "client_connection_check"],
    ),
    (
        "checkpoints",
        &["checkpoint_", "max_wal_size", "min_wal_size", "bgwriter_"],
    ),
    (
        "WAL",
        &[
            "wal_",
            "fsync",
            "full_page_writes",
            "synchronous_",
            "archive_",
            "commit_",
            "max_slot_wal",
            "max_wal_",
        ],
    ),
    ("autovacuum", &["autovacuum", "vacuum_"]),
    (
        "planner",
        &[
            "*_cost",
            "effective_io_concurrency",
            "maintenance_io_concurrency",
            "io_",
            "jit",
            "max_parallel",
            "max_worker_processes",
            "parallel_",
            "default_statistics",
            "enable_",
            "plan_cache",
            "random_page",
        ],
    ),
    (
        "logging",
        &[
            "log_",
            "logging_",
            "track_",
            "compute_query_id",
            "pg_stat_statements",
            "auto_explain",
        ],
    ),
    (
        "connections",
        &[
            "max_connections",
            "listen_",
            "reserved_",
            "superuser_reserved",
        ],
    ),
];

/// The group of a setting, and its place among them.
pub fn group(name: &str) -> (usize, &'static str) {
    // It belongs to checkpoints, though it is called as timeouts are.
    if name == "checkpoint_timeout" {
        return (2, "checkpoints");
    }
    let fits = |pattern: &&str| match pattern.strip_prefix('*') {
        Some(ending) => name.ends_with(ending),
        None => name.starts_with(pattern),
    };
    let found = GROUPS
        .iter()
        .position(|(_, patterns)| patterns.iter().any(&fits));
    found.map_or((GROUPS.len(), "other"), |at| (at, GROUPS[at].0))
}

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn settings_are_grouped() {
        for (name, expected) in [
            ("shared_buffers", "memory"),
            ("autovacuum_work_mem", "memory"),
            ("autovacuum_max_workers", "autovacuum"),
            ("checkpoint_timeout", "checkpoints"),
            ("max_wal_size", "checkpoints"),
            ("max_wal_senders", "WAL"),
            ("wal_compression", "WAL"),
            ("lock_timeout", "timeouts"),
            ("random_page_cost", "planner"),
            ("log_lock_waits", "logging"),
            ("password_encryption", "other"),
        ] {
            assert_eq!(group(name).1, expected, "{name}");
        }
    }
}
