//! From findings to none: what is told of a small world is written as migrations, these are applied, and nothing is
//! found any more.

use pgtriage::cluster::{Cluster, Options};
use pgtriage::parse::ItemKind;
use pgtriage::parse::migration::Layout;
use pgtriage::parse::split::split;
use serde_json::Value;
use tokio_postgres::Client;

use crate::rules_live::written::CONFIG;
use crate::support::{Clients, Program, Ran, loudly, private, server};

/// Majors that are tried: the oldest and the newest.
const MAJORS: [u32; 2] = [13, 18];
const WORLD: &str = include_str!("applied/world.sql");
const TRAFFIC: &str = include_str!("applied/traffic.sql");

/// What is planted, and nothing else.
const FOUND: [&str; 7] = [
    "index/duplicate public.orders_placed_at_idx",
    "index/invalid public.customers_phone_key",
    "index/missing public.orders",
    "index/missing-foreign-key public.orders.orders_customer_id_fkey",
    "index/redundant-prefix public.orders_state_idx",
    "index/unused public.orders_note_idx",
    "query/non-sargable-predicate SELECT id FROM customers WHERE lower(email) = $1",
];

const RULES: [&str; 4] = [
    "--rule",
    "index/*",
    "--rule",
    "query/non-sargable-predicate",
];

fn statements(text: &str) -> Vec<String> {
    let items = split(text);
    let items = items.iter().filter(|item| item.kind == ItemKind::Sql);
    items.map(|item| item.text(text).into_owned()).collect()
}

async fn run(client: &Client, text: &str) {
    for sql in statements(text) {
        if let Err(error) = client.batch_execute(&sql).await {
            panic!("{sql}: {:?}", error.as_db_error());
        }
    }
}

/// In a session of its own: before PostgreSQL 15 an idle one keeps what it last counted to itself.
async fn traffic(cluster: &Cluster) {
    let client = cluster.client("postgres").await;
    for _ in 0..30 {
        client.batch_execute(TRAFFIC).await.unwrap();
    }
}

fn found(ran: &Ran) -> Vec<String> {
    let json: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
    let findings = json["findings"].as_array().unwrap().iter();
    let mut all: Vec<String> = findings
        .map(|one| {
            let word = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", word("rule"), word("object"))
        })
        .collect();
    all.sort();
    all
}

/// Checks until what counters tell has come, as far as it is expected.
fn checked(program: &Program, conninfo: &str, expected: &[&str]) -> Vec<String> {
    let mut arguments = vec![
        "check",
        "-d",
        conninfo,
        "--no-remote-logs",
        "--format",
        "json",
    ];
    arguments.extend(RULES);
    let mut last = Vec::new();
    for _ in 0..20 {
        last = found(&program.run(&arguments));
        if last == expected {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_leaves_nothing_to_find() {
    for major in MAJORS {
        let Some(server) = server(major) else {
            loudly(&format!(
                "SKIPPED on {major}: migrations that leave nothing to find"
            ));
            continue;
        };
        let options = Options {
            preload: vec!["pg_stat_statements".to_owned()],
            ..Options::default()
        };
        let cluster = private(server, options.set("autovacuum", "off"));
        let client = cluster.client("postgres").await;
        run(&client, WORLD).await;
        let unique = "CREATE UNIQUE INDEX CONCURRENTLY customers_phone_key ON customers (phone)";
        client.batch_execute(unique).await.unwrap_err();
        client.batch_execute("VACUUM ANALYZE").await.unwrap();
        traffic(&cluster).await;
        client
            .batch_execute("DELETE FROM customers WHERE id > 29950")
            .await
            .unwrap();

        let program = Program::new();
        program.write("pgtriage.toml", CONFIG);
        let conninfo = cluster.conninfo("postgres");
        assert_eq!(checked(&program, &conninfo, &FOUND), FOUND, "{major}");

        in_all_layouts(&program, &conninfo);
        let mut arguments = vec!["check", "-d", &conninfo, "--no-remote-logs", "--write", "m"];
        arguments.extend(RULES);
        let ran = program.run(&arguments);
        assert!(
            !ran.stderr.contains("left to be done by hand"),
            "{}",
            ran.all()
        );
        let mut names: Vec<_> = std::fs::read_dir(program.path("m"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().display().to_string())
            .filter(|name| name.ends_with(".up.sql"))
            .collect();
        names.sort();
        assert_eq!(names.len(), 5, "{names:?}");
        for name in names {
            let text = std::fs::read_to_string(program.path(&format!("m/{name}"))).unwrap();
            run(&client, &text).await;
        }
        settled(&client, &program).await;
        traffic(&cluster).await;
        assert_eq!(checked(&program, &conninfo, &[]), [""; 0], "{major}");
    }
}

/// What the file of what is done by hand says of an index that could not be built: which rows are in its way, and
/// then how it is built.
async fn settled(client: &Client, program: &Program) {
    let text = std::fs::read_to_string(program.path("m/by_hand.txt")).unwrap();
    let list = text
        .lines()
        .find_map(|line| line.strip_prefix("-- SELECT "));
    let list = format!(
        "SELECT {}",
        list.expect("a list of rows").trim_end_matches(';')
    );
    let rows = client.query(&list, &[]).await;
    let rows = rows.unwrap_or_else(|e| panic!("{list}: {:?}", e.as_db_error()));
    // Rows without a number are not in its way.
    assert_eq!(rows.len(), 1, "{list}");
    let (phone, count): (String, i64) = (rows[0].get(0), rows[0].get(1));
    let ids: Vec<i64> = rows[0].get(2);
    assert_eq!(
        (phone.as_str(), count, ids.as_slice()),
        ("555", 2, &[10000, 20000][..])
    );
    for id in &ids[1..] {
        let settle = "UPDATE customers SET phone = NULL WHERE id = $1";
        client.execute(settle, &[id]).await.unwrap();
    }
    let built = statements(&text);
    assert_eq!(
        built,
        ["REINDEX INDEX CONCURRENTLY public.customers_phone_key"]
    );
    run(client, &text).await;
}

/// Each layout has all of it, and the linter speaks against none.
fn in_all_layouts(program: &Program, conninfo: &str) {
    let ran = program.run(&[
        "snapshot",
        "-d",
        conninfo,
        "--no-remote-logs",
        "-o",
        "facts",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    program.write(
        "sqitch/sqitch.plan",
        "%syntax-version=1.0.0\n%project=shop\n\n",
    );
    for (word, layout) in Layout::WORDS {
        let folder = match layout {
            Layout::Django => "shop/migrations",
            _ => word,
        };
        let mut arguments = vec![
            "check",
            "--snapshot",
            "facts",
            "--write",
            folder,
            "--layout",
            word,
        ];
        arguments.extend(RULES);
        let ran = program.run(&arguments);
        assert!(
            !ran.stderr.contains("left to be done by hand"),
            "{word}: {}",
            ran.all()
        );
        // The linter reads files of SQL.
        if matches!(
            layout,
            Layout::Alembic | Layout::Django | Layout::Rails | Layout::NodePgMigrate
        ) {
            continue;
        }
        let arguments = ["lint", folder, "--layout", word, "--snapshot", "facts"];
        let judged = ["--min-severity", "warning", "--fail-on", "warning"];
        let ran = program.run(&[&arguments[..], &judged].concat());
        assert_eq!(ran.code, Some(0), "{word}: {}", ran.all());
    }
}
