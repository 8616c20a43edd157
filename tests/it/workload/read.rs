//! Workloads from facts.

use std::convert::Infallible;
use std::fmt::Write;

use pgtriage::advise::workload::{Limits, PlanError, Workload, read};
use pgtriage::derive;
use pgtriage::facts::Store;

const GROUND: &str = "
INSERT INTO databases (id, name, is_collected) VALUES (1, 'shop', 1), (2, 'other', 1);
INSERT INTO nodes (id) VALUES (1);
INSERT INTO roles (id, name) VALUES (1, 'app'), (2, 'reports');
INSERT INTO schemas (id, name) VALUES (1, 'public'), (2, 'app');
INSERT INTO relations (id, name) VALUES (1, 'orders'), (2, 'customers');
INSERT INTO columns (relation_id, position, name, type) VALUES
  (1, 1, 'id', 'bigint'), (1, 2, 'customer_id', 'bigint'), (1, 3, 'state', 'text'), (1, 4, 'placed_at', 'timestamptz'),
  (2, 1, 'id', 'bigint'), (2, 2, 'name', 'text');
INSERT INTO samples (id, node_id, captured_at) VALUES (1, 1, 3600000000);
";

/// A store with the ground and what a test adds, derived.
fn store(more: &str) -> Store {
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts.execute_batch(GROUND).unwrap();
    facts.execute_batch(more).unwrap();
    derive::all(facts).unwrap();
    store
}

fn told(workload: &Workload) -> String {
    let mut out = String::new();
    for query in &workload.queries {
        let name = query
            .name
            .as_ref()
            .map_or(String::new(), |name| format!(" {name}"));
        let time = query.total_ms.map_or("-".to_owned(), |ms| ms.to_string());
        writeln!(
            out,
            "{}{name}: {} × {time} ms {:?}",
            query.statement, query.weight, query.settings
        )
        .unwrap();
        for variant in &query.variants {
            let generic = if variant.is_generic() { " generic" } else { "" };
            writeln!(
                out,
                "  {:.2} {:?}{generic}: {}",
                variant.share, variant.origin, variant.text
            )
            .unwrap();
        }
    }
    for unplanned in &workload.unplanned {
        writeln!(out, "not {}: {}", unplanned.statement, unplanned.because).unwrap();
    }
    if workload.tail.statements > 0 {
        writeln!(out, "{:?}", workload.tail).unwrap();
    }
    out
}

#[track_caller]
fn check(store: &Store, limits: &Limits, expected: &str) {
    let workload = read(store.connection(), 1, limits).unwrap();
    assert_eq!(told(&workload), expected);
}

#[test]
fn statements_are_ranked_by_time_and_the_rest_is_told() {
    let store = store(
        "INSERT INTO statements (id, database_id, fingerprint, text) VALUES
           (1, 1, 'f1:1', 'SELECT count(*) FROM orders'), (2, 1, 'f1:2', 'SELECT name FROM customers'),
           (3, 1, 'f1:3', 'BEGIN'), (4, 2, 'f1:4', 'SELECT 2'), (5, 1, 'hidden', NULL),
           (6, 1, 'f1:6', 'CALL tidy($1)'), (7, 1, 'f1:7', 'SELECT id FROM orders'), (8, 1, 'f1:8', 'VACUUM orders');
         INSERT INTO statement_counters (sample_id, statement_id, role_id, calls, total_exec_ms) VALUES
           (1, 1, 1, 10, 50), (1, 1, 2, 5, 60), (1, 2, 1, 1000, 500), (1, 3, 1, 5000, 900), (1, 4, 1, 7, 7000),
           (1, 5, 1, 3, 200), (1, 6, 1, 2, 150), (1, 7, 1, 9, 1), (1, 8, 1, 1, 99999);",
    );
    let limits = Limits::default();
    check(
        &store,
        &limits,
        "2: 1000 × 500 ms []
  1.00 Written: SELECT name FROM customers
1: 15 × 110 ms []
  1.00 Written: SELECT count(*) FROM orders
not 5: its text is not known: our role may not see the statements of others, or the server has thrown the text away
not 6: EXPLAIN plans no statement of kind call
Tail { statements: 1, weight: 9.0, total_ms: 1.0 }
",
    );
    let one = Limits {
        statements: 1,
        ..limits
    };
    check(
        &store,
        &one,
        "2: 1000 × 500 ms []
  1.00 Written: SELECT name FROM customers
not 5: its text is not known: our role may not see the statements of others, or the server has thrown the text away
Tail { statements: 3, weight: 26.0, total_ms: 261.0 }
",
    );
}

#[test]
fn growth_between_samples_counts_where_there_is_any() {
    let twice = "
INSERT INTO samples (id, node_id, captured_at) VALUES (2, 1, 7200000000);
INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT count(*) FROM orders'), (2, 'f1:2', 'SELECT id FROM orders');
INSERT INTO statement_counters (sample_id, statement_id, calls, total_exec_ms) VALUES
  (1, 1, 10, 50), (2, 1, 14, 60), (1, 2, 100, 9000), (2, 2, 100, 9000);";
    let all = Limits {
        share: 1.0,
        ..Limits::default()
    };
    check(
        &store(twice),
        &all,
        "1: 4 × 10 ms []\n  1.00 Written: SELECT count(*) FROM orders\n",
    );
    let still = twice.replace("(2, 1, 14, 60)", "(2, 1, 10, 50)");
    check(
        &store(&still),
        &all,
        "2: 100 × 9000 ms []\n  1.00 Written: SELECT id FROM orders\n1: 10 × 50 ms []\n  1.00 Written: SELECT count(*) FROM orders\n",
    );
}

#[test]
fn values_come_from_logs_first() {
    let store = store(
        "INSERT INTO statements (id, fingerprint, text) VALUES
           (1, 'f1:1', 'SELECT id FROM orders WHERE state = $1 LIMIT $2'), (2, 'f1:2', 'SELECT name FROM customers WHERE id = $1');
         INSERT INTO statement_counters (sample_id, statement_id, calls, total_exec_ms) VALUES (1, 1, 10, 50);
         INSERT INTO log_totals (from_at, to_at) VALUES (0, 3600000000);
         INSERT INTO log_statements (statement_id, calls, calls_estimate, total_ms) VALUES (1, 3, NULL, 30), (2, 5, 20, 10);
         INSERT INTO log_samples (statement_id, rank, duration_ms, text, parameters) VALUES
           (1, 1, 9, 'SELECT id FROM orders WHERE state = ''open'' LIMIT 10', NULL),
           (1, 2, 8, 'SELECT id FROM orders WHERE state = ''open'' LIMIT 10', NULL),
           (1, 3, 7, 'SELECT id FROM orders WHERE state = $1 LIMIT $2', '$1 = ''it''''s'', $2 = ''5'''),
           (1, 4, 6, 'SELECT id FROM orders WHERE state = $1 LIMIT $2', NULL),
           (2, 1, 2, NULL, NULL);",
    );
    check(
        &store,
        &Limits::default(),
        "1: 10 × 50 ms []
  0.50 Log: SELECT id FROM orders WHERE state = 'open' LIMIT 10
  0.50 Log: SELECT id FROM orders WHERE state = 'it''s' LIMIT '5'
2: 20 × 40 ms []
  1.00 Generic generic: SELECT name FROM customers WHERE id = $1
",
    );
}

#[test]
fn values_are_drawn_from_statistics() {
    let store = store(
        "INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1',
           'SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id
            WHERE o.state IN ($1, $2) AND placed_at >= $3 AND placed_at < $3 + interval $4 AND c.name = $5 LIMIT $6');
         INSERT INTO statement_counters (sample_id, statement_id, calls, total_exec_ms) VALUES (1, 1, 10, 50);
         INSERT INTO planner_statistics (relation_id, position, null_frac, avg_width, n_distinct, slots) VALUES
           (1, 3, 0, 4, 3, '[{\"kind\": 1, \"values\": \"{done,open,\\\"it''s\\\"}\"}, {\"kind\": 3, \"values\": null}]'),
           (1, 4, 0, 8, -1, '[{\"kind\": 2, \"values\": \"{1,2,3,4,5,6,7,8,9}\"}]');",
    );
    let workload = read(store.connection(), 1, &Limits::default()).unwrap();
    let texts: Vec<String> = (workload.queries[0].variants.iter())
        .map(|variant| {
            let conditions = variant.text.split("WHERE ").nth(1).unwrap();
            format!("{:.2} {:?} {conditions}", variant.share, variant.origin)
        })
        .collect();
    assert_eq!(
        texts,
        [
            "0.25 Generic o.state IN ($1, $2) AND placed_at >= $3 AND placed_at < $3 + interval $4 AND c.name = $5 LIMIT 20",
            "0.25 Common o.state IN ('done', 'open') AND placed_at >= '4' AND placed_at < '6' AND c.name = $1 LIMIT 20",
            "0.25 Median o.state IN ('open', 'it''s') AND placed_at >= '5' AND placed_at < '6' AND c.name = $1 LIMIT 20",
            "0.25 Rare o.state IN ('it''s', 'done') AND placed_at >= '5' AND placed_at < '6' AND c.name = $1 LIMIT 20",
        ]
    );
}

#[test]
fn settings_are_those_of_the_role_that_runs_it_most() {
    let store = store(
        "INSERT INTO settings (name, value, server_value) VALUES ('search_path', 'public', '\"$user\", public');
         INSERT INTO role_settings (database_id, role_id, name, value) VALUES
           (NULL, NULL, 'work_mem', '1MB'), (1, NULL, 'work_mem', '2MB'), (NULL, 1, 'work_mem', '3MB'), (1, 1, 'work_mem', '4MB'),
           (2, 2, 'work_mem', '9MB'), (NULL, 2, 'log_statement', 'all'), (NULL, 2, 'search_path', 'reporting, \"$user\", public'),
           (1, NULL, 'enable_nestloop', 'off');
         INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT id FROM orders'), (2, 'f1:2', 'SELECT id FROM customers');
         INSERT INTO statement_counters (sample_id, statement_id, role_id, calls, total_exec_ms) VALUES
           (1, 1, 1, 10, 50), (1, 1, 2, 99, 40), (1, 2, 2, 1, 1);",
    );
    let all = Limits {
        share: 1.0,
        ..Limits::default()
    };
    check(
        &store,
        &all,
        "1: 109 × 90 ms [(\"enable_nestloop\", \"off\"), (\"search_path\", \"app, public\"), (\"work_mem\", \"4MB\")]
  1.00 Written: SELECT id FROM orders
2: 1 × 1 ms [(\"enable_nestloop\", \"off\"), (\"search_path\", \"reporting, public\"), (\"work_mem\", \"2MB\")]
  1.00 Written: SELECT id FROM customers
",
    );
}

#[test]
fn what_no_planner_takes_is_told() {
    let store = store(
        "INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT id FROM orders WHERE state = $1 LIMIT $2'),
           (2, 'f1:2', 'SELECT id FROM gone');
         INSERT INTO statement_counters (sample_id, statement_id, calls) VALUES (1, 1, 10), (1, 2, 20);
         INSERT INTO column_statistics (relation_id, column_name, most_common_vals) VALUES (1, 'state', '{a,b,c}');",
    );
    let mut workload = read(store.connection(), 1, &Limits::default()).unwrap();
    assert_eq!(workload.queries[1].variants.len(), 4);
    let refused = |text: &str| PlanError {
        code: "42P01".to_owned(),
        message: format!("no: {text}"),
        position: None,
    };
    let settled: Result<(), Infallible> = workload.settle(|_, text| {
        let taken = !text.contains("gone") && !text.contains("'b'");
        Ok(if taken { Ok(()) } else { Err(refused(text)) })
    });
    settled.unwrap();
    assert_eq!(
        told(&workload),
        "1: 10 × - ms []
  0.33 Generic generic: SELECT id FROM orders WHERE state = $1 LIMIT 20
  0.33 Common: SELECT id FROM orders WHERE state = 'a' LIMIT 20
  0.33 Rare: SELECT id FROM orders WHERE state = 'c' LIMIT 20
not 2: no: SELECT id FROM gone
"
    );
    let mut workload = read(store.connection(), 1, &Limits::default()).unwrap();
    let lost = workload.settle(|_, _| Err("the planner is gone"));
    assert_eq!(lost, Err("the planner is gone"));
}
