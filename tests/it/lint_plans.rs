//! What linting says of plans before and after a migration, beside what servers plan.

use std::time::Instant;

use pgtriage::cluster::world::{DATABASE, Variant};
use pgtriage::cluster::{Options, ServerBinaries};
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::{Clients, Program, ends, loudly, newest, private, shop};

const SETUP: &str = include_str!("../../fixtures/plans/setup.sql");

const LOOKUP: &str = "SELECT note FROM orders WHERE customer_id = 17";
const JOIN: &str =
    "SELECT o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.country = 'DE'";
const LINES: &str = "SELECT count(*) FROM order_lines WHERE order_id = 7";
const SKEWED: &str = "SELECT c FROM skewed WHERE a = 5";

const DROP: &str = "migration/drop-index-makes-dearer";
const DEARER: &str = "migration/type-change-makes-dearer";
const BREAKS: &str = "migration/type-change-breaks-queries";

/// Migrations by name, each with the statements that get dearer or fail, and the rule that says so.
const MIGRATIONS: [(&str, &str, &str, &[&str]); 9] = [
    ("a.sql", "DROP INDEX orders_customer", DROP, &[LOOKUP]),
    (
        "b.sql",
        "ALTER TABLE order_lines DROP CONSTRAINT order_lines_pkey",
        DROP,
        &[LINES],
    ),
    // Another index does the same.
    (
        "c.sql",
        "DROP INDEX skewed_a; CREATE INDEX skewed_ab ON skewed (a, b)",
        DROP,
        &[],
    ),
    // Its successor of the same name does not.
    (
        "d.sql",
        "DROP INDEX skewed_a; CREATE INDEX skewed_a ON skewed (a) WHERE b < 3",
        DROP,
        &[SKEWED],
    ),
    (
        "e.sql",
        "BEGIN; DROP INDEX orders_customer; ROLLBACK",
        DROP,
        &[],
    ),
    ("f.sql", "DROP INDEX orders_placed", DROP, &[]),
    (
        "g.sql",
        "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey; ALTER TABLE orders ALTER COLUMN customer_id TYPE text",
        BREAKS,
        &[LOOKUP, JOIN],
    ),
    (
        "h.sql",
        "ALTER TABLE orders ALTER COLUMN customer_id TYPE bigint",
        DEARER,
        &[],
    ),
    (
        "i.sql",
        "ALTER TABLE customers ALTER COLUMN country TYPE varchar(2)",
        DEARER,
        &[],
    ),
];

async fn cost(client: &Client, sql: &str) -> f64 {
    let messages = client
        .simple_query(&format!("EXPLAIN (FORMAT JSON) {sql}"))
        .await;
    let messages = messages.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let row = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(row.unwrap()).unwrap();
    plan[0]["Plan"]["Total Cost"].as_f64().unwrap()
}

/// Lints one file against facts, by these rules.
fn lint(program: &Program, server: &ServerBinaries, file: &str, facts: &[&str]) -> Value {
    let folder = server.bin.display().to_string();
    let mut arguments = vec!["lint", file, "--format", "json", "--fail-on", "never"];
    arguments.extend(["--workload", "all.workload", "--server-bin", &folder]);
    arguments.extend(facts);
    for rule in [DROP, DEARER, BREAKS] {
        arguments.extend(["--rule", rule]);
    }
    let ran = program.run(&arguments);
    assert_eq!(ran.code, Some(0), "{file}: {}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout))
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_get_dearer_are_told() {
    for server in ends() {
        // The planner of a major has its say in findings only.
        let is_newest = newest().is_some_and(|newest| newest.major == server.major);
        let cluster = private(server, Options::default().set("autovacuum", "off"));
        let client = cluster.client("postgres").await;
        for statement in SETUP.split(";\n") {
            client.batch_execute(statement).await.unwrap();
        }
        let conninfo = cluster.conninfo("postgres");
        let program = Program::new();
        let all = [LOOKUP, JOIN, LINES, SKEWED].map(|sql| format!("{sql};\n"));
        program.write("all.workload", &all.concat());
        let snapshot = |name: &str, more: &[&str]| {
            let arguments = [&["snapshot", "-d", &conninfo, "-o", name, "--quiet"], more].concat();
            let ran = program.run(&arguments);
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        };
        snapshot("with.facts", &["--with-values"]);
        snapshot("without.facts", &[]);
        for (name, sql, rule, told) in MIGRATIONS {
            if told.is_empty() && !is_newest {
                continue;
            }
            program.write(name, &format!("{sql};\n"));
            let document = lint(&program, server, name, &["--snapshot", "with.facts"]);
            assert_eq!(
                document["unjudged"],
                Value::Array(Vec::new()),
                "{name}: {document}"
            );
            let findings = document["findings"].as_array().unwrap();
            assert_eq!(
                findings.len(),
                usize::from(!told.is_empty()),
                "{name}: {document}"
            );
            let Some(found) = findings.first() else {
                continue;
            };
            assert_eq!(found["rule"], rule, "{name}");
            let evidence = &found["evidence"];
            assert_eq!(evidence["statements"], told.len(), "{name}: {found}");
            if rule == BREAKS {
                let detail = found["detail"].as_str().unwrap();
                assert!(
                    detail.contains("operator does not exist: text = integer"),
                    "{detail}"
                );
                continue;
            }
            // What the server itself says, with the index really gone.
            let before = cost(&client, told[0]).await;
            client
                .batch_execute(&format!("BEGIN; {sql}"))
                .await
                .unwrap();
            let after = cost(&client, told[0]).await;
            client.batch_execute("ROLLBACK").await.unwrap();
            let factor = evidence["factor"].as_f64().unwrap();
            let real = after / before;
            assert!(
                (factor - real).abs() <= 0.02 * real,
                "{server}: {name}: {factor} in place of {real}"
            );
        }
        if is_newest {
            unknown(&program, server);
            chained(&program, server);
        }
        let live = lint(&program, server, "a.sql", &["-d", &conninfo]);
        assert_eq!(live["findings"][0]["object"], "orders_customer", "{live}");
    }
}

/// What cannot be known is told.
fn unknown(program: &Program, server: &ServerBinaries) {
    let document = lint(program, server, "a.sql", &["--snapshot", "without.facts"]);
    let text = document["unjudged"].to_string();
    assert!(
        text.contains("orders_customer") && text.contains("--with-values"),
        "{document}"
    );
    program.write(
        "using.sql",
        "ALTER TABLE orders ALTER COLUMN total TYPE int USING total * 100;\n",
    );
    let none = lint(
        program,
        server,
        "using.sql",
        &["--snapshot", "without.facts"],
    );
    assert!(
        none["unjudged"].to_string().contains("orders.total"),
        "{none}"
    );
    let document = lint(program, server, "using.sql", &["--snapshot", "with.facts"]);
    let text = document["unjudged"].to_string();
    assert!(text.contains("not known"), "{document}");
    // Nothing that bears on plans: nothing is asked.
    program.write("other.sql", "ALTER TABLE orders ADD COLUMN more int;\n");
    let other = lint(
        program,
        server,
        "other.sql",
        &["--snapshot", "without.facts"],
    );
    assert_eq!(other["unjudged"], Value::Array(Vec::new()), "{other}");
}

/// An index that an earlier file makes, which is read only for that, and the one it replaces.
fn chained(program: &Program, server: &ServerBinaries) {
    program
        .write(
            "chain/1_make.sql",
            "CREATE INDEX skewed_ab ON skewed (a, b);\n",
        )
        .write("chain/2_drop.sql", "DROP INDEX skewed_a;\n")
        .write("chain/3_drop.sql", "DROP INDEX skewed_ab;\n");
    let facts = ["--snapshot", "with.facts"];
    let second = lint(program, server, "chain/2_drop.sql", &facts);
    assert_eq!(second["findings"], Value::Array(Vec::new()), "{second}");
    let third = lint(program, server, "chain/3_drop.sql", &facts);
    assert_eq!(third["findings"][0]["object"], "skewed_ab", "{third}");
    let all = lint(program, server, "chain", &facts);
    assert_eq!(all["findings"].as_array().unwrap().len(), 1, "{all}");
}

/// The shop, with the statements that it counted: indexes that they look things up by, one that none of them
/// uses, and a column that gets a type of the same family.
const SHOP: &str = "DROP INDEX CONCURRENTLY shop.order_items_product_id_idx;
DROP INDEX CONCURRENTLY shop.orders_customer_id_placed_at_idx;
DROP INDEX CONCURRENTLY billing.payments_order_id_idx;
DROP INDEX CONCURRENTLY ops.jobs_ready_idx;
DROP INDEX CONCURRENTLY shop.reviews_product_id_rating_idx;
ALTER TABLE ops.jobs ALTER COLUMN queue TYPE varchar(300);
";

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_the_shop_get_dearer() {
    for server in ends() {
        let cluster = shop(server, Variant::Clean, &[]);
        let program = Program::new();
        let conninfo = cluster.conninfo(DATABASE);
        let taking = [
            "snapshot",
            "-d",
            &conninfo,
            "--with-values",
            "-o",
            "shop.facts",
            "--quiet",
        ];
        let ran = program.run(&taking);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        program.write("shop.sql", SHOP);
        let folder = server.bin.display().to_string();
        let start = Instant::now();
        let mut arguments = vec![
            "lint",
            "shop.sql",
            "--snapshot",
            "shop.facts",
            "--format",
            "json",
        ];
        arguments.extend(["--fail-on", "never", "--server-bin", &folder]);
        for rule in [DROP, DEARER, BREAKS] {
            arguments.extend(["--rule", rule]);
        }
        let ran = program.run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        loudly(&format!(
            "shop on {server}: linted in {:.1} s",
            start.elapsed().as_secs_f64()
        ));
        let findings = document["findings"].as_array().unwrap();
        for finding in findings {
            loudly(&format!("  {}: {}", finding["object"], finding["detail"]));
        }
        for unjudged in document["unjudged"].as_array().unwrap() {
            loudly(&format!("  {unjudged}"));
        }
        let objects: Vec<&str> = (findings.iter())
            .filter_map(|finding| finding["object"].as_str())
            .collect();
        assert!(
            objects.contains(&"orders_customer_id_placed_at_idx"),
            "{objects:?}"
        );
        assert!(
            findings.iter().all(|finding| finding["rule"] != BREAKS),
            "{document}"
        );
    }
}
