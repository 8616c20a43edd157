//! All collector queries, in the order in which they are run.

use std::sync::LazyLock;

use super::spec::Spec;

macro_rules! queries {
    ($($name:literal),* $(,)?) => {
        vec![$(Spec::parse($name, include_str!(concat!("sql/", $name, ".sql")))),*]
    };
}

/// What is read by name. A query stands after those whose ids it refers to.
pub static QUERIES: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    queries![
        "nodes",
        "node_identity",
        "databases",
        "roles",
        "settings",
        "role_settings",
        "hba_rules",
        "file_settings",
        "missing_privileges",
        "database_stats",
        "sessions",
        "blockers",
        "locks",
        "lock_usage",
        "prepared_transactions",
        "wal_senders",
        "wal_receivers",
        "replication_slots",
        "archiver_stats",
        "archive_status",
        "base_backups",
        "checkpointer_stats",
        "wal_stats",
        "io_stats",
        "progress",
        "extensions",
        "schemas",
        "collations",
        "relations",
        "columns",
        "types",
        "functions",
        "view_columns",
        "constraints",
        "indexes",
        "index_columns",
        "xid_times",
        "triggers",
        "policies",
        "publication_tables",
        "subscriptions",
        "sequences",
        "security_definer_functions",
        "system_catalogs",
        "column_statistics",
        "missing_statistics",
        "extended_statistics",
        "planner_statistics",
        "missing_values",
        "relation_stats",
        "index_stats",
    ]
});

/// Counters of statements; read apart, since texts become statements.
pub static STATEMENTS: LazyLock<Spec> =
    LazyLock::new(|| Spec::parse("statements", include_str!("sql/statements.sql")));

/// Which sequences may be read.
pub static READABLE_SEQUENCES: LazyLock<Spec> = LazyLock::new(|| {
    Spec::parse(
        "readable_sequences",
        include_str!("sql/readable_sequences.sql"),
    )
});

/// Which columns have ends that an index look-up finds.
pub static ENDINGS: LazyLock<Spec> =
    LazyLock::new(|| Spec::parse("endings", include_str!("sql/endings.sql")));

/// Which indexes have a metapage that may be read.
pub static METAPAGES: LazyLock<Spec> =
    LazyLock::new(|| Spec::parse("metapages", include_str!("sql/metapages.sql")));

/// Which tables blocks may be drawn from.
pub static SAMPLINGS: LazyLock<Spec> =
    LazyLock::new(|| Spec::parse("samplings", include_str!("sql/samplings.sql")));
