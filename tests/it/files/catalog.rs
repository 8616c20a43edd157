//! Rows of catalog views and facts tables.

use pgtriage::collect::files::{FilesOptions, load};
use pgtriage::facts::Store;

use super::support::{Folder, check, list, read, try_read};
use crate::support::judge;

const CLASS: &str = r#"[
 {"oid": "100", "relname": "orders", "relkind": "r", "reltuples": 5000, "relpages": 60, "bytes": 491520, "toast_bytes": 0, "on_table": null, "indexdef": null},
 {"oid": "101", "relname": "fresh", "relkind": "r", "reltuples": -1, "relpages": 0, "bytes": 0, "toast_bytes": 8192},
 {"oid": "102", "relname": "orders_pkey", "relkind": "i", "reltuples": 5000, "relpages": 16, "bytes": 131072, "on_table": "orders",
  "indexdef": "CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)"},
 {"oid": "103", "relname": "orders_id_seq", "relkind": "S"},
 {"oid": "104", "relname": "pg_toast_100", "relkind": "t"},
 {"oid": "1259", "relname": "pg_class", "relkind": "r", "relnamespace": 11}]"#;

#[test]
fn without_a_schema_tables_come_from_pg_class_and_pg_stats() {
    let stats = r#"[{"schemaname": "public", "tablename": "orders", "attname": "id", "null_frac": 0, "n_distinct": -1, "most_common_vals": "{a}", "most_common_freqs": "{0.5,0.25}"},
                    {"schemaname": "app", "tablename": "other", "attname": "x", "null_frac": 0.5}]"#;
    let store = read(&[("pg_class", CLASS), ("pg_stats", stats)]);
    check(
        &store,
        "SELECT schema, name, oid, row_estimate, pages, size_bytes, toast_size_bytes FROM relations ORDER BY name",
        "public|fresh|101|-|0|0|8192 public|orders|100|5000|60|491520|0",
    );
    check(
        &store,
        "SELECT i.name, r.name, i.is_unique, i.method, i.row_estimate, i.pages, i.size_bytes FROM indexes i JOIN relations r ON r.id = i.relation_id",
        "orders_pkey|orders|1|btree|5000|16|131072",
    );
    check(
        &store,
        "SELECT column_name, n_distinct, most_common_freqs, most_common_vals FROM column_statistics",
        "id|-1|[0.5,0.25]|-",
    );
    check(&store, "SELECT name FROM columns", "id");
    // pg_stats alone tells of tables too.
    let store = read(&[("pg_stats", stats)]);
    check(
        &store,
        "SELECT schema, name FROM relations",
        "public|orders app|other",
    );
}

#[test]
fn counters_find_their_tables_by_name_or_oid() {
    let tables = r#"{"before": [{"relname": "orders", "seq_scan": 1, "n_live_tup": 5}],
        "after": [{"relid": 100, "schemaname": "public", "relname": "orders", "seq_scan": 4, "n_live_tup": 6, "last_vacuum": "2026-11-23 16:37:03.827450+00:00"},
                  {"relid": 999, "schemaname": "public", "relname": "gone", "seq_scan": 4},
                  {"schemaname": "pg_catalog", "relname": "pg_class", "seq_scan": 4}]}"#;
    let io = "relid,heap_blks_read,toast_blks_read,tidx_blks_read\n100,7,1,2\n";
    let indexes =
        "schemaname,relname,indexrelname,idx_scan,mystery\npublic,orders,orders_pkey,12,1\n";
    let (store, notes) = try_read(&[
        ("pg_class", CLASS),
        ("pg_stat_user_tables", tables),
        ("pg_statio_user_tables", io),
        ("pg_stat_user_indexes", indexes),
    ])
    .unwrap();
    check(
        &store,
        "SELECT seq_scan, last_vacuum_at, heap_blks_read, toast_blks_read, counted_us FROM relation_stats_latest",
        "4|1795451823827450|7|3|-",
    );
    check(
        &store,
        "SELECT seq_scan, interval_us FROM relation_delta",
        "3|-",
    );
    check(&store, "SELECT idx_scan FROM index_stats_latest", "12");
    let told: Vec<&str> = notes
        .iter()
        .flat_map(|note| &note.items)
        .map(String::as_str)
        .collect();
    assert_eq!(told, ["public.gone", "mystery"]);
}

#[test]
fn settings_tell_of_the_server() {
    let settings = r#"[{"name": "server_version_num", "setting": "160004", "vartype": "integer"},
        {"name": "server_version", "setting": "16.4"},
        {"name": "shared_buffers", "setting": "16384", "unit": "8kB", "vartype": "integer", "boot_val": "16384", "reset_val": "16384", "category": "x", "pending_restart": false},
        {"name": "primary_conninfo", "setting": "host=a password=hush"},
        {"name": "data_checksums", "setting": "on"}, {"name": "rds.extensions", "setting": ""}]"#;
    let store = read(&[("pg_settings", settings)]);
    check(
        &store,
        "SELECT version_num, version, data_checksums, provider FROM nodes",
        "160004|16.4|1|rds",
    );
    check(
        &store,
        "SELECT value_num, server_value_num FROM settings WHERE name = 'shared_buffers'",
        "134217728|134217728",
    );
    let all = list(&store, "SELECT value, server_value FROM settings");
    assert!(!all.contains("hush"), "{all}");
    let dump = "-- PostgreSQL database dump\n\n-- Dumped from database version 15.20 (Debian 15.20-0)\n\n\\connect billing\n";
    let store = read(&[("schema", dump)]);
    check(
        &store,
        "SELECT version_num, version FROM nodes",
        "150020|15.20 (Debian 15.20-0)",
    );
    check(&store, "SELECT name FROM databases", "billing");
}

#[test]
fn what_says_nothing_without_its_time_is_not_judged() {
    let rows = |at: &str| {
        format!(
            r#"[{{{at}"pid": 7, "datname": "shop", "usename": "app", "state": "active", "query": "SELECT 'x'", "xact_start": "2026-01-01 00:00:00+00", "client_addr": "10.0.0.1/32"}}]"#
        )
    };
    let missing =
        "SELECT count(*) FROM missing_facts WHERE table_name = 'sessions' AND column_name IS NULL";
    let store = read(&[("pg_stat_activity", &rows(""))]);
    check(&store, missing, "1");
    check(&store, "SELECT captured_at FROM sessions_latest", "-");
    let store = read(&[("pg_stat_activity", &rows("\"captured_at\": 1767225610, "))]);
    check(&store, missing, "0");
    check(
        &store,
        "SELECT captured_at - xact_started_at, query, client, fingerprint IS NOT NULL, database_id FROM sessions_latest",
        "10000000|SELECT $1|10.0.0.1|1|1",
    );
}

#[test]
fn facts_tables_come_under_their_own_names() {
    let constraints = "relation_id,name,kind,columns\n1,orders_pkey,primary key,\"[\"\"id\"\"]\"\n";
    let (store, notes) = try_read(&[("pg_class", CLASS), ("constraints", constraints)]).unwrap();
    check(
        &store,
        "SELECT relation_id, name, kind, columns FROM constraints",
        "1|orders_pkey|primary key|[\"id\"]",
    );
    assert_eq!(notes, []);
}

#[test]
fn what_is_missing_skips_rules_and_finds_nothing() {
    for given in [
        vec![("pg_class", CLASS)],
        vec![("workload", "SELECT 1")],
        vec![
            ("pg_settings", "[]"),
            ("pg_class", "[]"),
            ("statements", "[]"),
        ],
        vec![("pg_stat_user_tables", "[]")],
        vec![("schema", "")],
    ] {
        // An empty script is a schema too.
        let given: Vec<(&str, &str)> = given
            .into_iter()
            .map(|(kind, text)| (kind, if text.is_empty() { "-- nothing" } else { text }))
            .collect();
        let mut store = read(&given);
        let outcome = judge(&mut store, "");
        let found: Vec<&str> = outcome
            .findings
            .iter()
            .map(|finding| finding.rule.as_str())
            .collect();
        assert_eq!(found, Vec::<&str>::new(), "{given:?}");
        assert!(
            outcome
                .skipped
                .iter()
                .all(|skipped| !skipped.because.contains("nothing was collected")),
            "{given:?}: {:?}",
            outcome.skipped
        );
    }
}

#[test]
fn files_stand_over_a_snapshot() {
    let world = include_str!("../../../src/engine/base_world.sql");
    let store = Store::in_memory().unwrap();
    store.connection().execute_batch(world).unwrap();
    store
        .connection()
        .execute_batch(
            "INSERT INTO relations (id, oid, name, row_estimate) VALUES (4, 100, 'orders', 7);
             INSERT INTO relation_stats (relation_id, seq_scan) VALUES (4, 77);
             INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:x', 'SELECT old');
             INSERT INTO statement_counters (statement_id, calls) VALUES (1, 1);",
        )
        .unwrap();
    let folder = Folder::new();
    let files = folder.files(&[
        (
            "statements",
            r#"[{"queryid": 1, "query": "SELECT new", "calls": 3, "captured_at": 1767229200}]"#,
        ),
        ("pg_class", CLASS),
    ]);
    load(&files, &store, false, FilesOptions::default()).unwrap();
    check(
        &store,
        "SELECT text, calls FROM statement_totals",
        "SELECT new|3",
    );
    check(
        &store,
        "SELECT id, row_estimate, pages FROM relations",
        "4|5000|60",
    );
    check(&store, "SELECT seq_scan FROM relation_stats_latest", "77");
    check(
        &store,
        "SELECT DISTINCT table_name FROM missing_facts",
        "relations statement_counters",
    );
    // A schema replaces the catalog; what is not in it stays where its table does.
    let files = folder.files(&[("schema", "CREATE TABLE public.orders (id int);")]);
    load(&files, &store, false, FilesOptions::default()).unwrap();
    check(
        &store,
        "SELECT count(*) FROM relations WHERE name = ''",
        "0",
    );
    check(
        &store,
        "SELECT count(*) FROM relation_stats WHERE relation_id NOT IN (SELECT id FROM relations)",
        "0",
    );
}
