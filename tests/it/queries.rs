//! `pgtriage queries`: statements with their figures, from a snapshot and from a server.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Clients, Program, loudly, newest, private};

const STATEMENTS: &str = include_str!("tui/queries.sql");

/// The same statements an hour later: one was reset, one is new, one was idle.
const LATER: &str = "
INSERT INTO samples (id, node_id, captured_at, postmaster_started_at, statements_reset_at, statements_evicted)
VALUES (2, 1, 1767229200000000, 1764633600000000, 1764633600000000, 0);
INSERT INTO statements (id, fingerprint, text) VALUES (6, 'f1:6666666600000000', 'SELECT count(*) FROM orders');
INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid, calls, rows, total_exec_ms, min_exec_ms,
  max_exec_ms, mean_exec_ms, stddev_exec_ms, shared_blks_hit, shared_blks_read, temp_blks_written, wal_bytes)
SELECT 2, statement_id, role_id, queryid, calls + 100 * (statement_id < 3), rows + 50 * (statement_id < 3),
       total_exec_ms + 2000 * (statement_id < 3), min_exec_ms, max_exec_ms, mean_exec_ms, stddev_exec_ms,
       shared_blks_hit, shared_blks_read, temp_blks_written, wal_bytes
FROM statement_counters WHERE statement_id <> 3;
INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid, calls, rows, total_exec_ms) VALUES
  (2, 3, 2, 302, 1, 1, 5.0), (2, 6, 1, 306, 7, 7, 70.0);
";

/// One rule of our own, so that the built-in ones may change.
const CONFIG: &str = r#"
[rules]
paths = ["ops"]

[[ignore]]
rule = "query/*"
reason = "a test"

[[ignore]]
rule = "index/*"
reason = "a test"

[[ignore]]
rule = "table/*"
reason = "a test"
"#;

fn program() -> Program {
    let program = Program::new();
    program
        .write("pgtriage.toml", CONFIG)
        .write("ops/acme/slow.md", crate::cli::SLOW)
        .snapshot("a.facts", STATEMENTS)
        .snapshot("b.facts", &format!("{STATEMENTS}{LATER}"))
        .snapshot("none.facts", "DELETE FROM statements");
    program
}

/// Runs `queries` over a snapshot.
fn queries(program: &Program, more: &[&str]) -> crate::support::Ran {
    program.run(&[&["queries"], more].concat())
}

fn rows(json: &str) -> Vec<Value> {
    let json: Value = serde_json::from_str(json).unwrap();
    assert_eq!(json["format"], 1);
    json["queries"].as_array().unwrap().clone()
}

fn without_version(text: &str) -> String {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    text.replace(&version, "\"version\": \"[version]\"")
}

#[test]
fn the_list_in_every_format() {
    let program = program();
    let mut all = String::new();
    for arguments in [
        &["--snapshot", "a.facts"][..],
        &["--snapshot", "a.facts", "--sort", "wal", "--limit", "2"],
        &["--snapshot", "b.facts", "--sort", "calls/h"],
        &[
            "--snapshot",
            "a.facts",
            "--format",
            "markdown",
            "--limit",
            "3",
        ],
        &["--snapshot", "b.facts", "--format", "csv"],
        &["--snapshot", "a.facts", "--format", "json", "--limit", "1"],
        &["--snapshot", "none.facts"],
    ] {
        let ran = queries(&program, arguments);
        all += &format!("$ queries {}\n{}\n", arguments.join(" "), ran.all());
    }
    assert_snapshot!("list", without_version(&all));
}

#[test]
fn one_statement_in_every_format() {
    let program = program();
    let mut all = String::new();
    for arguments in [
        &["7f3a", "--snapshot", "a.facts"][..],
        &["302", "--snapshot", "b.facts"],
        &[
            "f1:2b5e0d77",
            "--snapshot",
            "a.facts",
            "--format",
            "markdown",
        ],
        &["hidden", "--snapshot", "a.facts"],
    ] {
        let ran = queries(&program, &[&["show"], arguments].concat());
        all += &format!("$ queries show {}\n{}\n", arguments.join(" "), ran.all());
    }
    assert_snapshot!("show", all);
    let arguments = [
        "show",
        "-4891203377000000001",
        "--snapshot",
        "b.facts",
        "--format",
        "json",
    ];
    let found = rows(&queries(&program, &arguments).stdout);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["queryids"][0], -4_891_203_377_000_000_001_i64);
    assert_eq!(found[0]["formatted"].as_str().unwrap().lines().count(), 6);
    assert_eq!(
        found[0]["shape"]["query_predicates"][1]["column_name"],
        "created_at"
    );
    assert_eq!(found[0]["history"][0]["calls"], 200);
}

#[test]
fn what_names_no_statement_is_told_in_a_sentence() {
    let program = program();
    for (which, snapshot, said) in [
        (
            "zzz",
            "a.facts",
            "no statement has `zzz` as query id or at the beginning",
        ),
        (
            "f1",
            "a.facts",
            "`f1` means 4 statements: f1:7f3a90c1aaaaaaaa (SELECT * FROM",
        ),
        ("", "a.facts", "no statement has ``"),
        ("7f", "none.facts", "no statements are known"),
    ] {
        let ran = queries(&program, &["show", which, "--snapshot", snapshot]);
        assert_eq!(ran.code, Some(2), "{which}");
        assert!(ran.stderr.contains(said), "{which}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{which}: {}", ran.stderr);
    }
    let window = queries(&program, &["--snapshot", "a.facts", "--window", "5s"]);
    assert_eq!(window.code, Some(2), "{}", window.all());
}

#[test]
fn every_figure_sorts_both_ways_with_the_unknown_last() {
    let program = program();
    for measure in pgtriage::report::queries::MEASURES {
        for reverse in [&[][..], &["--reverse"]] {
            let first = [
                "--snapshot",
                "b.facts",
                "--format",
                "json",
                "--sort",
                measure.word,
            ];
            let found = rows(&queries(&program, &[&first, reverse].concat()).stdout);
            let values: Vec<&Value> = found.iter().map(|row| &row[measure.column]).collect();
            let known: Vec<&&Value> = values.iter().take_while(|value| !value.is_null()).collect();
            let rest = values.len() - known.len();
            let unknown = values.iter().filter(|value| value.is_null()).count();
            assert_eq!(rest, unknown, "{}: {values:?}", measure.word);
            for pair in known.windows(2) {
                if let (Some(a), Some(b)) = (pair[0].as_f64(), pair[1].as_f64()) {
                    let in_order = if reverse.is_empty() { a >= b } else { a <= b };
                    assert!(in_order, "{}: {values:?}", measure.word);
                }
            }
        }
    }
}

#[test]
fn no_line_of_the_table_is_wider_than_the_terminal() {
    let program = program();
    for columns in ["44", "60", "80", "120", "300"] {
        for arguments in [
            &["queries", "--snapshot", "a.facts"][..],
            &["queries", "show", "9c01", "--snapshot", "a.facts"],
        ] {
            let mut command = program.command(arguments);
            let output = command.env("COLUMNS", columns).output().unwrap();
            let width: usize = columns.parse().unwrap();
            for line in String::from_utf8(output.stdout).unwrap().lines() {
                let length = pgtriage::report::wrap::width(line);
                // A statement is laid out for 80 columns whatever the terminal has.
                assert!(
                    length <= width.max(80 * usize::from(arguments.len() > 3)),
                    "{length} > {width}: {line}"
                );
            }
        }
    }
}

#[test]
fn texts_of_the_server_are_escaped() {
    let evil = "INSERT INTO statements (id, fingerprint, text) VALUES
          (9, 'f1:99', 'SELECT ' || char(27) || '[31m, ' || char(10) || char(0x202e) || ' FROM x');
        INSERT INTO roles (id, name) VALUES (9, char(27) || ']0;x' || char(7));
        INSERT INTO statement_counters (statement_id, role_id, queryid, calls, rows, total_exec_ms) VALUES (9, 9, 9, 1, 1, 1.0)";
    let program = Program::new();
    program.snapshot("evil.facts", evil);
    for arguments in [
        &["queries"][..],
        &["queries", "--sort", "roles"],
        &["queries", "--format", "markdown"],
        &["queries", "--format", "json"],
        &["queries", "show", "f1:99"],
        &["queries", "show", "99", "--format", "markdown"],
    ] {
        let ran = program.run(&[arguments, &["--snapshot", "evil.facts"]].concat());
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.stdout.contains(bad), "{arguments:?}: {}", ran.stdout);
        assert!(ran.stdout.contains("f1:99"), "{arguments:?}: {}", ran.all());
    }
}

#[test]
fn many_statements_are_read_in_no_time() {
    let store = pgtriage::facts::Store::in_memory().unwrap();
    let connection = store.connection();
    connection
        .execute_batch(include_str!("rules_scale.sql"))
        .unwrap();
    let start = std::time::Instant::now();
    let all = pgtriage::report::queries::Queries::read(&store).unwrap();
    assert_eq!(all.rows.len(), 2500);
    // Twenty times what it takes here.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_window_of_a_server_shows_what_was_done_in_it() {
    let Some(server) = newest() else {
        loudly("SKIPPED: queries on a real server");
        return;
    };
    let options = pgtriage::cluster::Options {
        preload: vec!["pg_stat_statements".to_owned()],
        ..pgtriage::cluster::Options::default()
    };
    let cluster = private(server, options);
    let client = cluster.client("postgres").await;
    client
        .batch_execute("CREATE EXTENSION pg_stat_statements; CREATE TABLE orders AS SELECT 1 AS id; SELECT id FROM orders WHERE id = 5")
        .await
        .unwrap();
    let conninfo = cluster.conninfo("postgres");
    let program = Program::new();
    let json = |more: &[&str]| {
        let first = ["queries", "-d", &conninfo, "--format", "json"];
        let ran = program.run(&[&first, more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        rows(&ran.stdout)
    };
    let calls = |rows: &[Value], text: &str| {
        let row = rows.iter().find(|row| row["text"] == text);
        row.map(|row| (row["window_source"].clone(), row["calls"].clone()))
    };
    let select = "SELECT id FROM orders WHERE id = $1";
    let all = json(&[]);
    let told = calls(&all, select);
    assert_eq!(told, Some(("since reset".into(), 1.into())), "{all:?}");
    let work = async {
        for _ in 0..30 {
            client
                .batch_execute("SELECT id FROM orders WHERE id = 7")
                .await
                .unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let program = Program::new();
    let mut child = program
        .command(&[
            "queries", "-d", &conninfo, "--format", "json", "--window", "2s",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    work.await;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
    assert!(child.wait().unwrap().success());
    let watched = rows(&text);
    let (source, count) = calls(&watched, select).unwrap();
    assert_eq!(source, "samples");
    let count = count.as_i64().unwrap();
    assert!((5..=29).contains(&count), "{count}");
    let shown = program.run(&[
        "queries",
        "show",
        watched[0]["fingerprint"].as_str().unwrap(),
        "-d",
        &conninfo,
    ]);
    assert_eq!(shown.code, Some(0), "{}", shown.all());
}
