//! The facts database: schema, views, store, SQL functions.

use pgtriage::facts::{Limit, Store};

fn scalar(store: &Store, sql: &str) -> String {
    store
        .connection()
        .query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0))
        .map(|value| format!("{value:?}"))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Runs `setup`, then compares one value.
#[track_caller]
fn check(setup: &str, question: &str, expected: &str) {
    let store = Store::in_memory().unwrap();
    store.connection().execute_batch(setup).unwrap();
    assert_eq!(scalar(&store, question), expected, "{question}");
}

#[test]
fn every_view_can_be_read_with_built_in_functions_only() {
    let schema = rusqlite::Connection::open_in_memory().unwrap();
    schema
        .execute_batch(include_str!("../../src/facts/schema.sql"))
        .unwrap();
    schema
        .execute_batch(include_str!("../../src/facts/views.sql"))
        .unwrap();
    let views: Vec<String> = schema
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(views.len() > 10);
    for view in views {
        schema
            .execute_batch(&format!("SELECT * FROM {view}"))
            .unwrap_or_else(|error| panic!("{view}: {error}"));
    }
}

#[test]
fn every_table_and_column_has_a_comment() {
    let schema = include_str!("../../src/facts/schema.sql");
    let mut previous = "";
    let mut tables = 0;
    for (number, line) in schema.lines().enumerate() {
        let place = number + 1;
        if line.starts_with("CREATE TABLE") {
            tables += 1;
            assert!(
                previous.starts_with("-- "),
                "line {place}: table without a comment"
            );
        }
        let column = line.starts_with("  ")
            && !line.trim_start().starts_with("PRIMARY KEY (")
            && !line.trim_start().starts_with("UNIQUE (");
        assert!(
            !column || line.contains("-- "),
            "line {place}: column without a comment"
        );
        previous = line;
    }
    assert!(tables > 40, "{tables}");
}

const TWO_SAMPLES: &str = "
    INSERT INTO nodes (id) VALUES (1);
    INSERT INTO databases (id, name, is_collected) VALUES (1, 'app', 1);
    INSERT INTO samples (id, node_id, captured_at, statements_reset_at) VALUES
      (1, 1, 0, -3600000000), (2, 1, 1800000000, -3600000000);
    INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:a', 'select 1'), (2, 'f1:b', 'select 2'), (3, 'f1:c', 'select 3');";

#[test]
fn rates_come_from_differences_between_samples() {
    let counters = "
        INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid, calls, rows, total_exec_ms) VALUES
          (1, 1, 1, 11, 100, 100, 1000), (2, 1, 1, 11, 150, 160, 1500),
          (1, 1, 2, 11, 10, 10, 10),     (2, 1, 2, 11, 20, 20, 20),
          (2, 2, 1, 12, 30, 30, 30),
          (1, 3, 1, 13, 500, 500, 500),  (2, 3, 1, 13, 5, 5, 5);";
    let setup = format!("{TWO_SAMPLES}{counters}");
    // 60 calls of two roles in half an hour.
    check(
        &setup,
        "SELECT calls_per_hour FROM statement_rate WHERE statement_id = 1",
        "Real(120.0)",
    );
    // A row that was not there before began within the interval.
    check(
        &setup,
        "SELECT calls_per_hour FROM statement_rate WHERE statement_id = 2",
        "Real(60.0)",
    );
    // A counter that went down is a reset: unknown, not a number.
    check(
        &setup,
        "SELECT calls_per_hour FROM statement_rate WHERE statement_id = 3",
        "Null",
    );
    check(
        &setup,
        "SELECT min(calls) >= 0 FROM statement_delta WHERE NOT is_reset",
        "Integer(1)",
    );
}

#[test]
fn one_sample_gives_the_rate_since_the_counters_began() {
    let one = "
        INSERT INTO nodes (id) VALUES (1);
        INSERT INTO samples (id, captured_at, statements_reset_at) VALUES (1, 7200000000, 0);
        INSERT INTO statements (id, fingerprint) VALUES (1, 'f1:a');
        INSERT INTO statement_counters (statement_id, calls, total_exec_ms) VALUES (1, 50, 100);";
    check(
        one,
        "SELECT calls_per_hour FROM statement_rate",
        "Real(25.0)",
    );
    check(
        one,
        "SELECT source FROM statement_rate",
        "Text(\"since reset\")",
    );
    // 13 and older do not say when the counters began.
    let unknown = one.replace("7200000000, 0", "7200000000, NULL");
    check(
        &unknown,
        "SELECT calls_per_hour FROM statement_rate",
        "Null",
    );
}

#[test]
fn a_reset_between_samples_makes_all_growth_unknown() {
    let setup = "
        INSERT INTO nodes (id) VALUES (1);
        INSERT INTO samples (id, captured_at, statements_reset_at) VALUES (1, 0, -1), (2, 1000, 500);
        INSERT INTO statements (id, fingerprint) VALUES (1, 'f1:a');
        INSERT INTO statement_counters (sample_id, statement_id, calls, rows, total_exec_ms) VALUES (1, 1, 5, 5, 5), (2, 1, 50, 50, 50);";
    check(setup, "SELECT is_reset FROM statement_delta", "Integer(1)");
    check(setup, "SELECT calls_per_hour FROM statement_rate", "Null");
}

#[test]
fn index_use_is_summed_over_servers_and_says_what_was_not_seen() {
    let setup = "
        INSERT INTO nodes (id, role) VALUES (1, 'primary'), (2, 'standby');
        INSERT INTO databases (id, name) VALUES (1, 'app');
        INSERT INTO samples (id, node_id, database_id, captured_at, postmaster_started_at) VALUES (1, 1, 1, 100, 10), (2, 2, 1, 100, 60), (3, 1, NULL, 100, 10), (4, 2, NULL, 100, 60);
        INSERT INTO database_stats (sample_id, database_id, stats_reset_at) VALUES (3, 1, NULL), (4, 1, NULL);
        INSERT INTO relations (id, name) VALUES (1, 't');
        INSERT INTO indexes (id, relation_id, name, there_since_at) VALUES (1, 1, 'i', 5), (2, 1, 'new', 95), (3, 1, 'unknown', NULL);
        INSERT INTO index_stats (sample_id, index_id, idx_scan) VALUES (1, 1, 0), (2, 1, 7), (1, 2, 0), (1, 3, 0);
        INSERT INTO wal_senders (sample_id, application_name, state) VALUES (3, 'a', 'streaming'), (3, 'b', 'streaming'), (3, 'pg_receivewal', 'streaming');";
    let of =
        |what: &str, index: i64| format!("SELECT {what} FROM index_usage WHERE index_id = {index}");
    check(setup, &of("scans", 1), "Integer(7)");
    check(setup, &of("counted_us", 1), "Integer(40)");
    // Scans of one that is younger than the counters count from when it was there.
    check(setup, &of("counted_us", 2), "Integer(5)");
    check(setup, &of("counted_us", 3), "Null");
    check(
        setup,
        "SELECT min(standbys_unseen) FROM index_usage",
        "Integer(1)",
    );
}

#[test]
fn effective_role_settings_follow_postgresql_order() {
    let setup = "
        INSERT INTO nodes (id) VALUES (1);
        INSERT INTO databases (id, name, is_collected) VALUES (1, 'app', 1);
        INSERT INTO roles (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');
        INSERT INTO settings (name, server_value_num) VALUES ('statement_timeout', 1);
        INSERT INTO role_settings (database_id, role_id, name, value_num) VALUES
          (1, NULL, 'statement_timeout', 2), (NULL, 2, 'statement_timeout', 3), (1, 3, 'statement_timeout', 4), (NULL, 3, 'statement_timeout', 9);";
    check(
        setup,
        "SELECT group_concat(value_num) FROM (SELECT value_num FROM role_settings_effective ORDER BY role_id)",
        "Text(\"2.0,3.0,4.0,2.0\")",
    );
}

#[test]
fn autovacuum_triggers_use_the_tables_own_settings_first() {
    let setup = "
        INSERT INTO nodes (id) VALUES (1);
        INSERT INTO settings (name, server_value_num) VALUES ('autovacuum', 1), ('autovacuum_vacuum_threshold', 50), ('autovacuum_vacuum_scale_factor', 0.2), ('autovacuum_vacuum_max_threshold', 1000);
        INSERT INTO relations (id, name, row_estimate, options) VALUES (1, 'a', 1000, NULL), (2, 'b', 1000, '{\"autovacuum_vacuum_scale_factor\":\"0.01\",\"autovacuum_enabled\":\"false\"}'), (3, 'c', 1e9, NULL);";
    check(
        setup,
        "SELECT vacuum_trigger_rows FROM relation_settings WHERE relation_id = 1",
        "Real(250.0)",
    );
    check(
        setup,
        "SELECT vacuum_trigger_rows FROM relation_settings WHERE relation_id = 2",
        "Real(60.0)",
    );
    check(
        setup,
        "SELECT vacuum_trigger_rows FROM relation_settings WHERE relation_id = 3",
        "Real(1000.0)",
    );
    check(
        setup,
        "SELECT autovacuum_enabled_here FROM relation_settings WHERE relation_id = 2",
        "Integer(0)",
    );
}

#[test]
fn the_root_of_a_lock_queue_is_found() {
    let setup = "
        INSERT INTO nodes (id) VALUES (1); INSERT INTO samples (id, captured_at) VALUES (1, 0);
        INSERT INTO sessions (sample_id, pid) VALUES (1, 10), (1, 20), (1, 30);
        INSERT INTO blockers (pid, blocked_by) VALUES (20, 10), (30, 20), (30, 10);";
    check(
        setup,
        "SELECT group_concat(DISTINCT root_pid) FROM blockers_latest",
        "Text(\"10\")",
    );
    // A deadlock has no root and must not loop for ever.
    let circle = setup.replace("(20, 10), (30, 20), (30, 10)", "(20, 30), (30, 20)");
    check(
        &circle,
        "SELECT count(*) FROM blockers_latest",
        "Integer(0)",
    );
}

#[test]
fn functions_quote_and_format() {
    for (sql, expected) in [
        (
            "quote_name('public', 'order')",
            "Text(\"public.\\\"order\\\"\")",
        ),
        (
            "quote_ident('Weird\"Name')",
            "Text(\"\\\"Weird\\\"\\\"Name\\\"\")",
        ),
        ("quote_ident('plain_1')", "Text(\"plain_1\")"),
        ("quote_ident('')", "Text(\"\\\"\\\"\")"),
        ("quote_literal('it''s')", "Text(\"'it''s'\")"),
        ("quote_literal('a\\b')", "Text(\"E'a\\\\\\\\b'\")"),
        ("human_bytes(0)", "Text(\"0 B\")"),
        ("human_bytes(1024)", "Text(\"1.0 kB\")"),
        ("human_bytes(1048575)", "Text(\"1.0 MB\")"),
        ("human_bytes(1288490188.8)", "Text(\"1.2 GB\")"),
        ("human_ms(0.314)", "Text(\"0.31 ms\")"),
        ("human_ms(4200)", "Text(\"4.2 s\")"),
        ("human_ms(86400000 * 9)", "Text(\"9.0 d\")"),
        ("human_count(1234567)", "Text(\"1,234,567\")"),
        ("human_count(48200000)", "Text(\"48.2 million\")"),
        ("human_percent(0.412)", "Text(\"41.2%\")"),
        ("human_bytes(NULL)", "Null"),
        (
            "severity_by_size('error', 8192, 10000, 20000)",
            "Text(\"warning\")",
        ),
        (
            "severity_by_size('info', 8192, 10000, 20000)",
            "Text(\"info\")",
        ),
        (
            "severity_by_size('info', 30000, 10000, 20000)",
            "Text(\"warning\")",
        ),
        (
            "severity_by_size('warning', 15000, 10000, 20000)",
            "Text(\"warning\")",
        ),
        (
            "severity_by_size('error', NULL, 10000, 20000)",
            "Text(\"error\")",
        ),
        (
            "work_time(12884901888, 262144000)",
            "Text(\"about 49.2 s for 12.0 GB\")",
        ),
        ("work_time(NULL, 262144000)", "Null"),
        (
            "setting_number('16384', '8kB', 'integer')",
            "Real(134217728.0)",
        ),
        ("setting_number('5min', 'ms', 'integer')", "Real(300000.0)"),
        (
            "setting_number('1GB', '8kB', 'integer')",
            "Real(1073741824.0)",
        ),
        ("setting_number('-1', 'ms', 'integer')", "Real(-1.0)"),
        ("setting_number('on', NULL, 'bool')", "Real(1.0)"),
        ("setting_number('0.2', NULL, 'real')", "Real(0.2)"),
        ("setting_number('replica', NULL, 'enum')", "Null"),
        (
            "setting_number('10', '16MB', 'integer')",
            "Real(167772160.0)",
        ),
        ("setting_number('0x10', NULL, 'integer')", "Real(16.0)"),
    ] {
        check("", &format!("SELECT {sql}"), expected);
    }
}

fn filled() -> Store {
    let store = Store::in_memory().unwrap();
    store
        .connection()
        .execute_batch(
            "INSERT INTO snapshot VALUES (1, '0.1.0', 'f1', 0, 0, 0);
             INSERT INTO relations (id, name) VALUES (1, 'orders');",
        )
        .unwrap();
    store
}

#[test]
fn a_snapshot_is_saved_whole_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a ?#%.facts");
    filled().save(&path, false).unwrap();
    let back = Store::open(&path).unwrap();
    assert_eq!(
        scalar(&back, "SELECT name FROM relations"),
        "Text(\"orders\")"
    );
    let error = filled().save(&path, false).unwrap_err().to_string();
    assert!(
        error.contains("exists; give another name, or --force"),
        "{error}"
    );
    filled().save(&path, true).unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no leftovers"
    );
    let mut current = filled();
    current.attach_prev(&path).unwrap();
    assert_eq!(
        scalar(&current, "SELECT name FROM prev.relations"),
        "Text(\"orders\")"
    );
}

#[test]
fn older_files_read_with_unknown_columns_and_strangers_views_are_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.facts");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 1885828210; PRAGMA user_version = 1;
         CREATE TABLE snapshot (format INTEGER, tool_version TEXT, fingerprint_version TEXT, created_at INTEGER);
         INSERT INTO snapshot VALUES (1, '0.0.1', 'f1', 0);
         CREATE TABLE relations (id INTEGER PRIMARY KEY, name TEXT, gone TEXT);
         INSERT INTO relations VALUES (1, 'orders', 'x');
         CREATE VIEW indexes AS SELECT 1 AS id, 1 AS relation_id, load_extension('evil') AS name;",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    assert_eq!(
        scalar(&store, "SELECT name || size_bytes FROM relations"),
        "Null"
    );
    assert_eq!(scalar(&store, "SELECT count(*) FROM indexes"), "Integer(0)");
}

#[test]
fn bad_files_give_one_clear_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let whole = path("whole.facts");
    filled().save(&whole, false).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(path("truncated"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(path("short"), &bytes[..40]).unwrap();
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("text"), "hello, this is no database at all").unwrap();
    let newer = rusqlite::Connection::open(path("newer")).unwrap();
    newer
        .execute_batch("PRAGMA application_id = 1885828210; PRAGMA user_version = 99; CREATE TABLE snapshot (tool_version TEXT); INSERT INTO snapshot VALUES ('7.0.0')")
        .unwrap();
    drop(newer);
    let other = rusqlite::Connection::open(path("other")).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(other);
    for (name, expected) in [
        ("missing", "cannot read snapshot"),
        ("truncated", "is damaged"),
        ("short", "is damaged"),
        ("empty", "it is empty"),
        ("text", "it is no SQLite file"),
        (
            "newer",
            "has format 99, and this pgtriage reads formats up to 1; use pgtriage 7.0.0 or newer",
        ),
        ("other", "it is another program's SQLite file"),
        ("", "it is a folder"),
    ] {
        let message = Store::open(&path(name)).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn guarded_queries_cannot_write_attach_or_run_away() {
    let mut store = filled();
    for sql in [
        "DELETE FROM relations",
        "ATTACH 'x' AS y",
        "CREATE TABLE x (a)",
        "PRAGMA user_version = 3",
        "SELECT load_extension('x')",
    ] {
        let result = store.read_only(Limit::QUERY, |c| c.execute_batch(sql));
        assert!(result.is_err(), "{sql}");
    }
    let runaway =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";
    let error = store
        .read_only(Limit { steps: 5_000_000 }, |c| {
            c.query_row(runaway, [], |_| Ok(()))
        })
        .unwrap_err();
    assert!(
        matches!(error, rusqlite::Error::SqliteFailure(e, _) if e.code == rusqlite::ErrorCode::OperationInterrupted)
    );
    store
        .connection()
        .execute_batch("DELETE FROM relations")
        .expect("the guard is gone afterwards");
}
