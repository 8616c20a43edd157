//! Plans of statements by a shadow, beside those of the server itself.

use std::path::Path;

use pgtriage::cluster::{Options, ServerBinaries};
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::{Clients, Program, ends, on_each_server, private};

const SETUP: &str = include_str!("../../fixtures/plans/setup.sql");

const STATEMENTS: [&str; 6] = [
    "SELECT * FROM orders WHERE customer_id = 17 ORDER BY placed_at",
    "SELECT c.country, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open' GROUP BY 1",
    "SELECT * FROM orders WHERE status = 'open' AND total > 90",
    "SELECT max(placed_at) FROM orders",
    "SELECT count(*) FROM events WHERE at BETWEEN '2024-02-01' AND '2024-05-05'",
    "DELETE FROM order_lines WHERE order_id = 7",
];

async fn cost(client: &Client, sql: &str) -> f64 {
    let messages = client
        .simple_query(&format!("EXPLAIN (FORMAT JSON) {sql}"))
        .await
        .unwrap();
    let row = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(row.unwrap()).unwrap();
    plan[0]["Plan"]["Total Cost"].as_f64().unwrap()
}

/// Runs the command in a folder that a server's account can reach, and reads its JSON.
fn json(program: &Program, server: &ServerBinaries, arguments: &[&str]) -> Value {
    let folder = server.bin.display().to_string();
    let all = [
        &["plan"],
        arguments,
        &[
            "--format",
            "json",
            "--server-bin",
            &folder,
            "--no-cache",
            "--quiet",
        ],
    ]
    .concat();
    let ran = program.run(&all);
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stdout))
}

fn is_near(a: f64, b: f64, share: f64) -> bool {
    (a - b).abs() <= b * share + 0.011
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shadow_plans_as_the_server() {
    on_each_server(async |server| {
        let cluster = private(server, Options::default().set("autovacuum", "off"));
        let client = cluster.client("postgres").await;
        for statement in SETUP.split(";\n") {
            // The body of the function has no line that ends so.
            client.batch_execute(statement).await.unwrap();
        }
        let conninfo = cluster.conninfo("postgres");
        let program = Program::new();
        program.write(
            "all.sql",
            &STATEMENTS.map(|sql| format!("{sql};\n")).concat(),
        );
        let document = json(&program, server, &["all.sql", "-d", &conninfo]);
        let plans = document["plans"].as_array().unwrap();
        assert_eq!(plans.len(), STATEMENTS.len());
        for (sql, plan) in STATEMENTS.iter().zip(plans) {
            let (shadow, original) = (
                plan["total_cost"].as_f64().unwrap(),
                cost(&client, sql).await,
            );
            assert!(
                is_near(shadow, original, 0.001),
                "{sql}: {shadow} in place of {original}"
            );
        }
        // What is changed in a shadow is changed by the same statements on all majors.
        if ends().iter().any(|end| end.major == server.major) {
            what_if(&program, server, &client, &conninfo).await;
        }
    })
    .await;
}

/// What is tried in the shadow, and then done on the server.
async fn what_if(program: &Program, server: &ServerBinaries, client: &Client, conninfo: &str) {
    let snapshot = program.run(&[
        "snapshot",
        "-d",
        conninfo,
        "--with-values",
        "-o",
        "all.facts",
        "--quiet",
    ]);
    assert_eq!(snapshot.code, Some(0), "{}", snapshot.stderr);
    let without = program.run(&["snapshot", "-d", conninfo, "-o", "none.facts", "--quiet"]);
    assert_eq!(without.code, Some(0), "{}", without.stderr);
    let sql = STATEMENTS[2];
    let refused = program.run(&["plan", sql, "--snapshot", "none.facts"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("--with-values"),
        "{}",
        refused.stderr
    );

    let index = "CREATE INDEX orders_open ON orders (total) WHERE status = 'open'";
    let document = json(
        program,
        server,
        &[sql, "--snapshot", "all.facts", "--create", index],
    );
    let change = &document["changes"][0];
    let (before, after) = (
        change["cost_before"].as_f64().unwrap(),
        change["cost_after"].as_f64().unwrap(),
    );
    assert!(is_near(before, cost(client, sql).await, 0.001));
    client.batch_execute(index).await.unwrap();
    let built = cost(client, sql).await;
    assert!(is_near(after, built, 0.02), "{after} in place of {built}");
    assert!(after < before / 2.0);
    assert!(
        change["differences"].to_string().contains("orders_open"),
        "{change}"
    );
    client
        .batch_execute("DROP INDEX orders_open")
        .await
        .unwrap();

    let sql = STATEMENTS[0];
    let dropped = json(
        program,
        server,
        &[sql, "--snapshot", "all.facts", "--drop", "orders_customer"],
    );
    let after = dropped["changes"][0]["cost_after"].as_f64().unwrap();
    client
        .batch_execute("BEGIN; DROP INDEX orders_customer")
        .await
        .unwrap();
    let gone = cost(client, sql).await;
    client.batch_execute("ROLLBACK").await.unwrap();
    assert!(is_near(after, gone, 0.001), "{after} in place of {gone}");

    let document = json(
        program,
        server,
        &[
            "--snapshot",
            "all.facts",
            "--workload",
            "all.sql",
            "--set",
            "random_page_cost=1.1",
        ],
    );
    let workload = &document["workload"];
    assert_eq!(
        workload["statements"].as_array().unwrap().len(),
        STATEMENTS.len(),
        "{workload}"
    );
    assert_eq!(workload["unplanned"], Value::Array(Vec::new()));
    assert!(workload["workload_cost_after"].as_f64() < workload["workload_cost_before"].as_f64());
    assert!(Path::new(&program.path("all.facts")).exists());
}
