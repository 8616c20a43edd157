//! Scripts as workloads.

use pgtriage::collect::files::{Files, FilesOptions, load};
use pgtriage::facts::Store;

use super::support::{check, read};

#[test]
fn statements_have_the_weights_before_them() {
    let script = "-- The shop.\nSELECT * FROM orders WHERE id = 17; -- calls: 5 is not the next one's\n\
        -- calls: 120\n-- mean_ms: 4.5\n-- rows: 2\n\nSELECT * FROM orders WHERE note = 'secret';\n\
        -- weight: 3\nUPDATE orders SET total = 1 WHERE id IN (1, 2, 3)";
    let store = read(&[("workload", script)]);
    check(
        &store,
        "SELECT text, longest_list FROM statements ORDER BY id",
        "SELECT * FROM orders WHERE id = $1|0 SELECT * FROM orders WHERE note = $1|0 UPDATE orders SET total = $1 WHERE id IN ($2, $3, $4)|3",
    );
    check(
        &store,
        "SELECT calls, total_exec_ms, mean_exec_ms, rows FROM statement_counters",
        "1|-|-|- 120|540|4.5|240 3|-|-|-",
    );
    check(
        &store,
        "SELECT count(*) FROM statement_rate WHERE calls_per_hour IS NOT NULL",
        "0",
    );
}

#[test]
fn what_literals_say_is_kept_of_all_texts() {
    let store = read(&[(
        "workload",
        "SELECT a FROM t WHERE b LIKE 'x%' ORDER BY a LIMIT 10 OFFSET 20;
         SELECT a FROM t WHERE b LIKE '%x' ORDER BY a LIMIT 10 OFFSET 4000;
         SELECT a FROM t WHERE b LIKE 'y%' ORDER BY a LIMIT 10 OFFSET 0;
         SELECT 1",
    )]);
    check(
        &store,
        "SELECT largest_offset, has_leading_wildcard FROM statements ORDER BY id",
        "4000|1 -|0",
    );
}

#[test]
fn a_workload_joins_the_latest_sample_of_statements() {
    let counted = r#"[{"queryid": 1, "query": "SELECT 1", "calls": 7}]"#;
    let store = read(&[
        ("statements", counted),
        ("workload", "SELECT 2;\n-- calls: 9\nSELECT a FROM t;"),
    ]);
    check(
        &store,
        "SELECT text, calls FROM statement_totals ORDER BY calls",
        "SELECT $1|8 SELECT a FROM t|9",
    );
}

#[test]
fn a_rule_that_needs_times_is_skipped_for_a_workload_without() {
    let store = read(&[("workload", "SELECT 2")]);
    check(
        &store,
        "SELECT count(*) FROM missing_facts WHERE table_name = 'statement_counters' AND column_name = 'total_exec_ms'",
        "1",
    );
}

#[test]
fn texts_of_a_file_have_names_and_keep_their_values_where_asked_for() {
    let script = "-- name: by id :one\n-- calls: 4\nSELECT a FROM t WHERE id = 5;\nSELECT a FROM t WHERE id = 6;\nSELECT 1";
    let store = read(&[("workload", script)]);
    check(
        &store,
        "SELECT position, statement_id, name, calls, text FROM workload_texts",
        "1|1|by id|4|- 2|1|shop#2|1|- 3|2|shop#3|1|-",
    );

    let folder = super::support::Folder::new();
    folder.write("b.sql", "SELECT 2");
    folder.write("a.sql", "SELECT b FROM t WHERE id = 5");
    folder.write("notes.txt", "nothing");
    let files = Files {
        workload: vec![folder.path()],
        ..Files::default()
    };
    let store = Store::in_memory().unwrap();
    let options = FilesOptions {
        keep_literals: true,
        ..FilesOptions::default()
    };
    load(&files, &store, true, options).unwrap();
    check(
        &store,
        "SELECT name, text FROM workload_texts",
        "a|SELECT b FROM t WHERE id = 5 b|SELECT 2",
    );
}
