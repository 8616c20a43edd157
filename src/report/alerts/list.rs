//! What is alerted on.
//!
//! In `expr`, `wait`, `summary` and `detail`, `{family/name.parameter}` stands for a parameter of a rule page:
//! bytes, seconds or a plain number; `{~…}` is the same as people read it, `{!…}` a list of LIKE patterns as
//! a regular expression. `{disk}` is the size of the disk in bytes.

/// Alerts about one matter.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Its alerts.
    pub alerts: &'static [Alert],
}

/// One alert.
#[derive(Debug, Clone, Copy)]
pub struct Alert {
    /// Its name.
    pub name: &'static str,
    /// The expression.
    pub expr: &'static str,
    /// How long it must hold.
    pub wait: &'static str,
    /// `critical`, `warning` or `info`.
    pub severity: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it means, with the figure.
    pub detail: &'static str,
    /// Page that has the thresholds, and says what to do.
    pub rule: Option<&'static str>,
    /// Collector that is off unless asked for.
    pub collector: Option<&'static str>,
}

const CONNECTIONS: &str = "sum by (job, instance) (pg_stat_activity_count) / on (job, instance) max by (job, instance) (pg_settings_max_connections - pg_settings_superuser_reserved_connections)";

/// All alerts.
pub const ALERTS: &[Group] = &[
    Group {
        name: "pgtriage-availability",
        alerts: &[
            Alert {
                name: "PostgresDown",
                expr: "pg_up == 0",
                wait: "1m",
                severity: "critical",
                summary: "PostgreSQL on {{ $labels.instance }} does not answer",
                detail: "postgres_exporter cannot connect: the server is down, refuses connections or has none left.",
                rule: None,
                collector: None,
            },
            Alert {
                name: "PostgresExporterFails",
                expr: "pg_exporter_last_scrape_error == 1",
                wait: "10m",
                severity: "warning",
                summary: "Metrics of {{ $labels.instance }} are incomplete",
                detail: "postgres_exporter could not read all it was asked for: other alerts may stay silent for want of data.",
                rule: None,
                collector: None,
            },
        ],
    },
    Group {
        name: "pgtriage-connections",
        alerts: &[
            Alert {
                name: "PostgresConnectionsHigh",
                expr: "CONNECTIONS > {connection/near-max.warn_at}",
                wait: "5m",
                severity: "warning",
                summary: "{{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} are taken",
                detail: "More than {~connection/near-max.warn_at} of max_connections, without those that are reserved for superusers.",
                rule: Some("connection/near-max"),
                collector: None,
            },
            Alert {
                name: "PostgresConnectionsExhausted",
                expr: "CONNECTIONS > {connection/near-max.alarm_at}",
                wait: "1m",
                severity: "critical",
                summary: "{{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} are taken",
                detail: "More than {~connection/near-max.alarm_at} of max_connections: new ones are about to be refused.",
                rule: Some("connection/near-max"),
                collector: None,
            },
            Alert {
                name: "PostgresLongTransaction",
                expr: "max by (job, instance, datname, usename, application_name) (pg_stat_activity_max_tx_duration{state!=\"idle\", backend_type=~\"client backend|\", application_name!~\"{!connection/long-transaction.tools}\"}) > {connection/long-transaction.warn_after}",
                wait: "1m",
                severity: "warning",
                summary: "A transaction on {{ $labels.instance }} is open for {{ $value | humanizeDuration }}",
                detail: "{{ $labels.application_name }} as {{ $labels.usename }} in {{ $labels.datname }}: longer than {~connection/long-transaction.warn_after}. It keeps its locks and holds VACUUM back.",
                rule: Some("connection/long-transaction"),
                collector: None,
            },
            Alert {
                name: "PostgresIdleInTransaction",
                expr: "max by (job, instance, datname, usename, application_name) (pg_stat_activity_max_tx_duration{state=~\"idle in transaction.*\", application_name!~\"{!connection/idle-in-transaction.tools}\"}) > {connection/idle-in-transaction.empty_handed}",
                wait: "1m",
                severity: "warning",
                summary: "A session on {{ $labels.instance }} is idle in a transaction",
                detail: "{{ $labels.application_name }} as {{ $labels.usename }} in {{ $labels.datname }} has had a transaction open for {{ $value | humanizeDuration }} and waits for its client.",
                rule: Some("connection/idle-in-transaction"),
                collector: None,
            },
            Alert {
                name: "PostgresDeadlocks",
                expr: "increase(pg_stat_database_deadlocks{datname!=\"\"}[1h]) > {lock/deadlocks.warn_per_hour}",
                wait: "0m",
                severity: "warning",
                summary: "{{ $value | humanize }} deadlocks within an hour in {{ $labels.datname }} on {{ $labels.instance }}",
                detail: "Each ended a transaction with an error. The log has both statements.",
                rule: Some("lock/deadlocks"),
                collector: None,
            },
        ],
    },
    Group {
        name: "pgtriage-wraparound",
        alerts: &[
            Alert {
                name: "PostgresTransactionIdsOld",
                expr: "pg_database_wraparound_age_datfrozenxid_seconds / 2147483648 > {table/wraparound.warn_share}",
                wait: "10m",
                severity: "warning",
                summary: "{{ $value | humanizePercentage }} of the transaction ids of {{ $labels.datname }} on {{ $labels.instance }} are used up",
                detail: "Autovacuum does not freeze fast enough. (The metric counts transactions, whatever its name says.)",
                rule: Some("table/wraparound"),
                collector: Some("database_wraparound"),
            },
            Alert {
                name: "PostgresTransactionIdsRunOut",
                expr: "pg_database_wraparound_age_datfrozenxid_seconds / 2147483648 > {table/wraparound.error_share}",
                wait: "1m",
                severity: "critical",
                summary: "{{ $value | humanizePercentage }} of the transaction ids of {{ $labels.datname }} on {{ $labels.instance }} are used up",
                detail: "When none is left the server takes no more writes. VACUUM (FREEZE, INDEX_CLEANUP OFF) the oldest tables now.",
                rule: Some("table/wraparound"),
                collector: Some("database_wraparound"),
            },
            Alert {
                name: "PostgresMultixactsRunOut",
                expr: "pg_database_wraparound_age_datminmxid_seconds / 2147483648 > {table/multixact-wraparound.warn_share}",
                wait: "10m",
                severity: "warning",
                summary: "{{ $value | humanizePercentage }} of the multixacts of {{ $labels.datname }} on {{ $labels.instance }} are used up",
                detail: "Rows that several transactions lock at once use them. Autovacuum does not freeze fast enough.",
                rule: Some("table/multixact-wraparound"),
                collector: Some("database_wraparound"),
            },
        ],
    },
    Group {
        name: "pgtriage-replication",
        alerts: &[
            Alert {
                name: "PostgresStandbyBehind",
                expr: "pg_stat_replication_pg_wal_lsn_diff > {replication/lag.warn_bytes}",
                wait: "5m",
                severity: "warning",
                summary: "{{ $labels.application_name }} is {{ $value | humanize1024 }}B of WAL behind {{ $labels.instance }}",
                detail: "More than {~replication/lag.warn_bytes} for five minutes.",
                rule: Some("replication/lag"),
                collector: None,
            },
            Alert {
                name: "PostgresStandbyLate",
                expr: "pg_replication_lag_seconds > {replication/lag.warn_lag} and pg_replication_is_replica == 1",
                wait: "5m",
                severity: "warning",
                summary: "Standby {{ $labels.instance }} is {{ $value | humanizeDuration }} late",
                detail: "More than {~replication/lag.warn_lag} for five minutes.",
                rule: Some("replication/lag"),
                collector: None,
            },
            Alert {
                name: "PostgresSlotKeepsWal",
                expr: "pg_replication_slots_pg_wal_lsn_diff > {replication/slot-inactive.warn_bytes} and pg_replication_slots_active == 0",
                wait: "10m",
                severity: "warning",
                summary: "Slot {{ $labels.slot_name }} on {{ $labels.instance }} keeps {{ $value | humanize1024 }}B of WAL for nobody",
                detail: "Its consumer is away, and the disk of pg_wal fills.",
                rule: Some("replication/slot-inactive"),
                collector: None,
            },
            Alert {
                name: "PostgresSlotFillsDisk",
                expr: "pg_replication_slots_pg_wal_lsn_diff > {replication/slot-inactive.alarm_bytes}",
                wait: "10m",
                severity: "critical",
                summary: "Slot {{ $labels.slot_name }} on {{ $labels.instance }} keeps {{ $value | humanize1024 }}B of WAL",
                detail: "More than {~replication/slot-inactive.alarm_bytes}: without max_slot_wal_keep_size it goes on until the disk is full.",
                rule: Some("replication/slot-inactive"),
                collector: None,
            },
            Alert {
                name: "PostgresSlotLost",
                expr: "pg_replication_slots_wal_status{wal_status=\"lost\"} == 1",
                wait: "0m",
                severity: "critical",
                summary: "Slot {{ $labels.slot_name }} on {{ $labels.instance }} has lost WAL",
                detail: "WAL that its consumer needs was removed: it has to be built anew.",
                rule: Some("replication/slot-lost"),
                collector: None,
            },
        ],
    },
    Group {
        name: "pgtriage-backup",
        alerts: &[Alert {
            name: "PostgresArchivingFails",
            expr: "increase(pg_stat_archiver_failed_count[15m]) > 0 and increase(pg_stat_archiver_archived_count[15m]) == 0",
            wait: "{backup/archive-failing.alarm_after}s",
            severity: "critical",
            summary: "WAL of {{ $labels.instance }} is not archived",
            detail: "archive_command or archive_library fails: point-in-time recovery ends where it began to, and pg_wal grows until the disk is full.",
            rule: Some("backup/archive-failing"),
            collector: None,
        }],
    },
    Group {
        name: "pgtriage-load",
        alerts: &[
            Alert {
                name: "PostgresCacheHitLow",
                expr: "sum by (job, instance, datname) (rate(pg_stat_database_blks_hit{datname!=\"\"}[30m])) / (sum by (job, instance, datname) (rate(pg_stat_database_blks_hit{datname!=\"\"}[30m])) + sum by (job, instance, datname) (rate(pg_stat_database_blks_read{datname!=\"\"}[30m]))) < {server/cache-hit-low.share} and sum by (job, instance, datname) (rate(pg_stat_database_blks_read{datname!=\"\"}[30m])) > {server/cache-hit-low.reads}",
                wait: "1h",
                severity: "info",
                summary: "Only {{ $value | humanizePercentage }} of the pages of {{ $labels.datname }} on {{ $labels.instance }} are found in shared buffers",
                detail: "Weak evidence: what is not found there may be in the operating system's cache.",
                rule: Some("server/cache-hit-low"),
                collector: None,
            },
            Alert {
                name: "PostgresCheckpointsRequested",
                expr: "increase(pg_stat_bgwriter_checkpoints_req_total[6h]) > 6 * {server/checkpoints-requested.per_hour} and increase(pg_stat_bgwriter_checkpoints_req_total[6h]) / (increase(pg_stat_bgwriter_checkpoints_req_total[6h]) + increase(pg_stat_bgwriter_checkpoints_timed_total[6h])) > {server/checkpoints-requested.warn_share}",
                wait: "0m",
                severity: "warning",
                summary: "{{ $value | humanize }} checkpoints of {{ $labels.instance }} within six hours came before their time",
                detail: "max_wal_size is too small for what is written. For PostgreSQL 16 and older.",
                rule: Some("server/checkpoints-requested"),
                collector: None,
            },
            Alert {
                name: "PostgresCheckpointsRequestedFrom17",
                expr: "increase(pg_stat_checkpointer_num_requested_total[6h]) > 6 * {server/checkpoints-requested.per_hour} and increase(pg_stat_checkpointer_num_requested_total[6h]) / (increase(pg_stat_checkpointer_num_requested_total[6h]) + increase(pg_stat_checkpointer_num_timed_total[6h])) > {server/checkpoints-requested.warn_share}",
                wait: "0m",
                severity: "warning",
                summary: "{{ $value | humanize }} checkpoints of {{ $labels.instance }} within six hours came before their time",
                detail: "max_wal_size is too small for what is written. For PostgreSQL 17 and newer.",
                rule: Some("server/checkpoints-requested"),
                collector: Some("stat_checkpointer"),
            },
            Alert {
                name: "PostgresTemporaryFiles",
                expr: "rate(pg_stat_database_temp_bytes{datname!=\"\"}[6h]) * 86400 > {server/temp-files-heavy.per_day}",
                wait: "1h",
                severity: "warning",
                summary: "{{ $labels.datname }} on {{ $labels.instance }} writes {{ $value | humanize1024 }}B of temporary files a day",
                detail: "More than {~server/temp-files-heavy.per_day} a day: sorts and hashes do not fit into work_mem.",
                rule: Some("server/temp-files-heavy"),
                collector: None,
            },
            Alert {
                name: "PostgresDeadRows",
                expr: "pg_stat_user_tables_n_dead_tup / (pg_stat_user_tables_n_live_tup + pg_stat_user_tables_n_dead_tup) > {table/dead-tuples.min_share} and pg_stat_user_tables_n_dead_tup > {table/dead-tuples.min_dead_rows}",
                wait: "1h",
                severity: "warning",
                summary: "{{ $value | humanizePercentage }} of the rows of {{ $labels.schemaname }}.{{ $labels.relname }} in {{ $labels.datname }} are dead",
                detail: "Autovacuum does not come, or something holds it back: a long transaction, a slot, a prepared transaction.",
                rule: Some("table/dead-tuples"),
                collector: None,
            },
        ],
    },
    Group {
        name: "pgtriage-capacity",
        alerts: &[
            Alert {
                name: "PostgresDiskFilling",
                expr: "predict_linear(sum by (job, instance) (pg_database_size_bytes)[3d:1h], {capacity/disk-filling.warn_before}) > {disk}",
                wait: "6h",
                severity: "warning",
                summary: "The databases on {{ $labels.instance }} outgrow the disk within {~capacity/disk-filling.warn_before}",
                detail: "At the pace of the last three days they reach {{ $value | humanize1024 }}B by then. WAL and temporary files are not counted.",
                rule: Some("capacity/disk-filling"),
                collector: None,
            },
            Alert {
                name: "PostgresDiskFull",
                expr: "predict_linear(sum by (job, instance) (pg_database_size_bytes)[3d:1h], {capacity/disk-filling.error_before}) > {disk}",
                wait: "1h",
                severity: "critical",
                summary: "The databases on {{ $labels.instance }} outgrow the disk within {~capacity/disk-filling.error_before}",
                detail: "At the pace of the last three days they reach {{ $value | humanize1024 }}B by then. WAL and temporary files are not counted.",
                rule: Some("capacity/disk-filling"),
                collector: None,
            },
        ],
    },
];

/// What several expressions share.
pub(super) fn spelled(expr: &str) -> String {
    expr.replace("CONNECTIONS", CONNECTIONS)
}
