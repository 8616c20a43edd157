//! Which facts table the rows of a catalog view fill, and under which names.

/// What a row of a table belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The server.
    Server,
    /// A database, named by `datid` or `datname`.
    Database,
    /// A table, named by schema and name or by oid.
    Relation,
    /// An index, likewise.
    Index,
}

/// A view of `PostgreSQL` as a facts table.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Names under which its rows may be given.
    pub names: &'static [&'static str],
    /// Facts table.
    pub table: &'static str,
    /// What a row belongs to.
    pub owner: Owner,
    /// Its rows say nothing without the moment at which they were read.
    pub aged: bool,
    /// Columns whose name in the facts is another one, beyond a suffix such as `_at` or `_ms`.
    pub renames: &'static [(&'static str, &'static str)],
    /// Columns that facts do without.
    pub ignored: &'static [&'static str],
}

const fn spec(names: &'static [&'static str], table: &'static str, owner: Owner) -> Spec {
    Spec {
        names,
        table,
        owner,
        aged: false,
        renames: &[],
        ignored: &[],
    }
}

/// All views whose rows become rows of one facts table; `pg_class` and `pg_stat_statements` are
/// read by modules of their own.
pub const SPECS: [Spec; 20] = [
    Spec {
        renames: &[
            ("datname", "name"),
            ("datistemplate", "is_template"),
            ("datallowconn", "allows_connections"),
            ("datconnlimit", "connection_limit"),
            ("datcollate", "collation"),
            ("datcollversion", "collation_version"),
        ],
        ignored: &[
            "datdba",
            "encoding",
            "datlocprovider",
            "datctype",
            "daticulocale",
            "datlocale",
            "daticurules",
            "datacl",
            "datfrozenxid",
            "datminmxid",
            "dattablespace",
            "dathasloginevt",
            "datlastsysoid",
        ],
        ..spec(&["pg_database"], "databases", Owner::Server)
    },
    Spec {
        renames: &[
            ("rolname", "name"),
            ("rolsuper", "is_superuser"),
            ("rolcanlogin", "can_login"),
            ("rolreplication", "can_replicate"),
            ("rolbypassrls", "bypasses_rls"),
            ("rolconnlimit", "connection_limit"),
            ("rolvaliduntil", "valid_until"),
        ],
        ignored: &[
            "rolinherit",
            "rolcreaterole",
            "rolcreatedb",
            "rolpassword",
            "rolconfig",
        ],
        ..spec(&["pg_roles", "pg_authid"], "roles", Owner::Server)
    },
    Spec {
        renames: &[
            ("setting", "value"),
            ("boot_val", "boot_value"),
            ("reset_val", "server_value"),
            ("sourcefile", "source_file"),
        ],
        ignored: &[
            "category",
            "short_desc",
            "extra_desc",
            "min_val",
            "max_val",
            "enumvals",
            "sourceline",
        ],
        ..spec(&["pg_settings"], "settings", Owner::Server)
    },
    Spec {
        renames: &[
            ("extname", "name"),
            ("extversion", "version"),
            ("nspname", "schema"),
        ],
        ignored: &[
            "oid",
            "extowner",
            "extnamespace",
            "extrelocatable",
            "extconfig",
            "extcondition",
        ],
        ..spec(&["pg_extension"], "extensions", Owner::Server)
    },
    Spec {
        renames: &[("attname", "column_name")],
        ignored: &[
            "most_common_elems",
            "most_common_elem_freqs",
            "elem_count_histogram",
            "range_length_histogram",
            "range_empty_frac",
            "range_bounds_histogram",
            "attnum",
        ],
        ..spec(&["pg_stats"], "column_statistics", Owner::Relation)
    },
    Spec {
        renames: &[
            ("tidx_blks_read", "toast_blks_read"),
            ("tidx_blks_hit", "toast_blks_hit"),
        ],
        ignored: &["stats_reset"],
        ..spec(
            &[
                "pg_stat_user_tables",
                "pg_stat_all_tables",
                "pg_statio_user_tables",
                "pg_statio_all_tables",
            ],
            "relation_stats",
            Owner::Relation,
        )
    },
    Spec {
        ignored: &["stats_reset"],
        ..spec(
            &[
                "pg_stat_user_indexes",
                "pg_stat_all_indexes",
                "pg_statio_user_indexes",
                "pg_statio_all_indexes",
            ],
            "index_stats",
            Owner::Index,
        )
    },
    Spec {
        aged: true,
        renames: &[
            ("blk_read_time", "blk_read_time_ms"),
            ("blk_write_time", "blk_write_time_ms"),
        ],
        ignored: &[
            "checksum_last_failure",
            "parallel_workers_to_launch",
            "parallel_workers_launched",
        ],
        ..spec(&["pg_stat_database"], "database_stats", Owner::Database)
    },
    Spec {
        aged: true,
        renames: &[
            ("client_addr", "client"),
            ("backend_start", "started_at"),
            ("xact_start", "xact_started_at"),
            ("query_start", "query_started_at"),
            ("state_change", "state_changed_at"),
            ("query_id", "queryid"),
            ("ssl", "is_ssl"),
        ],
        ignored: &[
            "usesysid",
            "usename",
            "client_hostname",
            "client_port",
            "backend_xid",
            "backend_xmin",
        ],
        ..spec(&["pg_stat_activity"], "sessions", Owner::Database)
    },
    Spec {
        aged: true,
        renames: &[
            ("transaction", "xid_age"),
            ("prepared", "prepared_at"),
            ("database", "database_name"),
        ],
        ..spec(
            &["pg_prepared_xacts"],
            "prepared_transactions",
            Owner::Server,
        )
    },
    Spec {
        aged: true,
        renames: &[("client_addr", "client")],
        ignored: &[
            "usesysid",
            "usename",
            "client_hostname",
            "client_port",
            "backend_start",
            "backend_xmin",
            "sent_lsn",
            "write_lsn",
            "flush_lsn",
            "replay_lsn",
            "sync_priority",
            "reply_time",
        ],
        ..spec(&["pg_stat_replication"], "wal_senders", Owner::Server)
    },
    Spec {
        aged: true,
        renames: &[
            ("slot_name", "name"),
            ("slot_type", "type"),
            ("database", "database_name"),
            ("active", "is_active"),
            ("temporary", "is_temporary"),
            ("safe_wal_size", "safe_wal_bytes"),
            ("conflicting", "is_conflicting"),
            ("failover", "is_failover"),
            ("synced", "is_synced"),
        ],
        ignored: &[
            "datoid",
            "datname",
            "active_pid",
            "xmin",
            "catalog_xmin",
            "restart_lsn",
            "confirmed_flush_lsn",
            "two_phase",
            "two_phase_at",
        ],
        ..spec(
            &["pg_replication_slots"],
            "replication_slots",
            Owner::Server,
        )
    },
    Spec {
        aged: true,
        renames: &[
            ("last_archived_time", "last_archived_at"),
            ("last_failed_time", "last_failed_at"),
        ],
        ..spec(&["pg_stat_archiver"], "archiver_stats", Owner::Server)
    },
    Spec {
        aged: true,
        renames: &[
            ("checkpoints_timed", "num_timed"),
            ("checkpoints_req", "num_requested"),
            ("checkpoint_write_time", "write_ms"),
            ("checkpoint_sync_time", "sync_ms"),
            ("buffers_checkpoint", "buffers_written"),
        ],
        ignored: &[
            "restartpoints_timed",
            "restartpoints_req",
            "restartpoints_done",
            "slru_written",
        ],
        ..spec(
            &["pg_stat_checkpointer", "pg_stat_bgwriter"],
            "checkpointer_stats",
            Owner::Server,
        )
    },
    Spec {
        aged: true,
        ..spec(&["pg_stat_wal"], "wal_stats", Owner::Server)
    },
    Spec {
        aged: true,
        ignored: &["op_bytes", "writeback_time"],
        ..spec(&["pg_stat_io"], "io_stats", Owner::Server)
    },
    Spec {
        ignored: &["sequenceowner", "cache_size"],
        renames: &[
            ("sequencename", "name"),
            ("schemaname", "schema"),
            ("data_type", "type"),
            ("increment_by", "increment"),
            ("cycle", "cycles"),
        ],
        ..spec(&["pg_sequences"], "sequences", Owner::Server)
    },
    Spec {
        renames: &[("nspname", "name")],
        ignored: &["nspowner", "nspacl"],
        ..spec(&["pg_namespace"], "schemas", Owner::Server)
    },
    Spec {
        aged: true,
        ignored: &[
            "page",
            "tuple",
            "virtualxid",
            "transactionid",
            "classid",
            "objid",
            "objsubid",
            "virtualtransaction",
            "fastpath",
            "database",
        ],
        renames: &[
            ("relation", "relation_oid"),
            ("granted", "is_granted"),
            ("waitstart", "waiting_since_at"),
        ],
        ..spec(&["pg_locks"], "locks", Owner::Server)
    },
    Spec {
        aged: true,
        ignored: &[
            "pid",
            "receive_start_lsn",
            "receive_start_tli",
            "written_lsn",
            "flushed_lsn",
            "received_tli",
            "last_msg_send_time",
            "last_msg_receipt_time",
            "latest_end_lsn",
            "latest_end_time",
            "conninfo",
        ],
        ..spec(&["pg_stat_wal_receiver"], "wal_receivers", Owner::Server)
    },
];

/// The view of a name.
pub fn find(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.names.contains(&name))
}

/// The view that is asked for when a table is missing.
pub fn view_of(table: &str) -> Option<&'static str> {
    match table {
        "relations" | "indexes" => Some("pg_class"),
        _ => {
            let spec = SPECS.iter().find(|spec| spec.table == table)?;
            spec.names.first().copied()
        }
    }
}

/// Columns that say which object a row is about, and not more.
pub fn is_key(owner: Owner, column: &str) -> bool {
    const RELATION: [&str; 8] = [
        "schemaname",
        "nspname",
        "relname",
        "tablename",
        "table_name",
        "relid",
        "starelid",
        "schema",
    ];
    const INDEX: [&str; 2] = ["indexrelname", "indexrelid"];
    const DATABASE: [&str; 2] = ["datid", "datname"];
    match owner {
        Owner::Server => column == "captured_at",
        Owner::Database => column == "captured_at" || DATABASE.contains(&column),
        Owner::Relation => column == "captured_at" || RELATION.contains(&column),
        Owner::Index => {
            column == "captured_at" || RELATION.contains(&column) || INDEX.contains(&column)
        }
    }
}
