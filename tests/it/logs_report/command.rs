//! `pgtriage logs`, and logs as a source of facts.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Program, Ran};

const SMALL: &str = include_str!("small.log");

fn program() -> Program {
    let program = Program::new();
    program
        .write("postgresql.log", SMALL)
        .write("junk.log", "hello\nworld\n")
        .write("empty.log", "")
        .write(
            "quiet.log",
            "2026-11-23 16:54:56.072 UTC [100] LOG:  database system is ready to accept connections\n",
        );
    program
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn a_small_log_is_reported_and_nothing_of_its_literals() {
    let program = program();
    let mut all = String::new();
    for arguments in [
        &["postgresql.log"][..],
        &[
            "postgresql.log",
            "--sort",
            "calls",
            "--limit",
            "1",
            "--format",
            "markdown",
        ],
        &["postgresql.log", "--format", "csv", "--limit", "2"],
        &["quiet.log"],
    ] {
        let ran = program.run(&[&["logs"], arguments].concat());
        assert!(!ran.stdout.contains("secret"), "{}", ran.stdout);
        all += &format!("$ logs {}\n{}\n", arguments.join(" "), ran.all());
    }
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        assert_snapshot!("command", all);
    });
}

#[test]
fn figures_of_a_small_log_are_exact() {
    let program = program();
    let check = |arguments: &[&str], expected: &[(&str, Value)]| {
        let first = ["logs", "postgresql.log", "--format", "json"];
        let json = json(&program.run(&[&first, arguments].concat()));
        for (key, expected) in expected {
            assert_eq!(json.pointer(key), Some(expected), "{arguments:?}: {key}");
        }
    };
    check(
        &[],
        &[
            ("/format", 1.into()),
            ("/records", 16.into()),
            ("/unreadable", 0.into()),
            ("/statements", 4.into()),
            ("/duration_us", 900_000.into()),
            ("/errors", Value::Null),
            ("/error_records", 2.into()),
            ("/unknown/errors", 2.into()),
            ("/deadlocks", 1.into()),
            ("/lock_waits", 1.into()),
            ("/temp_files", 1.into()),
            ("/temp_bytes", 2_097_152.into()),
            ("/connections", 1.into()),
            ("/disconnections", 1.into()),
            ("/cancels", 1.into()),
            ("/from", "2026-11-23T16:54:56.072Z".into()),
            ("/queries/0/database", "billing".into()),
            ("/queries/0/total_ms", 840.0.into()),
            ("/queries/1/calls", 2.into()),
            ("/queries/1/mean_ms", 25.0.into()),
            ("/queries/2/planning_ms", 0.2.into()),
            ("/queries/2/max_ms", 10.0.into()),
            ("/queries/2/samples/0/parameters", Value::Null),
        ],
    );
    check(
        &["--keep-literals", "--database", "shop"],
        &[
            ("/statements", 3.into()),
            (
                "/queries/1/samples/0/parameters",
                "$1 = 'secret', $2 = '7'".into(),
            ),
        ],
    );
    check(
        &[
            "--since",
            "2026-11-23 16:55",
            "--until",
            "2026-11-23T16:55:04.2Z",
        ],
        &[("/records", 4.into()), ("/filtered", 12.into())],
    );
    check(
        &["--user", "ops", "--jobs", "1"],
        &[("/statements", 1.into())],
    );
    check(
        &["--prefix", "%m [%p] %q%u@%d "],
        &[("/sources/0/prefix_source", "given".into())],
    );
}

#[test]
fn what_gives_no_report_is_told_in_a_sentence_with_details() {
    let program = program();
    for (arguments, said) in [
        (
            &["junk.log"][..],
            "no record of a server log was understood",
        ),
        (&["junk.log"], "\n    the first line: hello\n"),
        (&["empty.log"], "the logs are empty\n"),
        (&["none.log"], "cannot read none.log"),
        (&[], "no log is named"),
        (
            &["junk.log", "--prefix", "%m"],
            "was understood by the prefix '%m'; without --prefix it is found by the content",
        ),
        (
            &["postgresql.log", "--since", "2027-01-01"],
            "the filters leave none of the 16 records; the log runs from 2026-11-23 16:54:56 to 2026-11-23 16:55:08 UTC",
        ),
        (
            &["postgresql.log", "--application", "x"],
            "the filters leave none of the 16 records",
        ),
        (&["postgresql.log", "--since", "soon"], "`soon` is no time"),
        (
            &[
                "postgresql.log",
                "--since",
                "2027-01-02",
                "--until",
                "2027-01-01",
            ],
            "--since is not the earlier one",
        ),
        (
            &["postgresql.log", "--timezone", "Mars"],
            "\"Mars\" is no time zone that is known",
        ),
        (
            &["postgresql.log", "--rows", "errors"],
            "--rows chooses the rows of --format csv",
        ),
    ] {
        let ran = program.run(&[&["logs"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.all());
        assert!(ran.stderr.contains(said), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn times_without_a_zone_are_of_the_zone_that_is_named() {
    let program = program();
    program.write("postgresql.log", &SMALL.replace(" UTC ", " +00 "));
    let arguments = [
        "logs",
        "postgresql.log",
        "--timezone",
        "+05:30",
        "--since",
        "2026-11-23 22:25",
        "--format",
        "json",
    ];
    assert_eq!(
        json(&program.run(&arguments))["from"],
        "2026-11-23T16:55:00Z"
    );
}

#[test]
fn logs_alone_are_facts_for_every_command() {
    let program = program();
    let queries = ["queries", "--logs", "postgresql.log", "--format", "json"];
    let listed = json(&program.run(&queries));
    assert_eq!(listed["window"]["source"], "log");
    let first = &listed["queries"][0];
    assert_eq!(first["database_name"], "billing");
    for (column, expected) in [
        ("calls", 1.into()),
        ("log_calls", 1.into()),
        ("total_exec_ms", 840.0.into()),
        ("p95_ms", 840.0.into()),
        ("window_source", "log".into()),
        ("calls_per_hour", Value::Null),
    ] {
        assert_eq!(first[column], expected, "{column}");
    }
    let check = program.run(&["check", "--logs", "postgresql.log", "--fail-on", "never"]);
    assert_eq!(check.code, Some(0), "{}", check.all());
    let sql = [
        "sql",
        "SELECT records FROM log_totals",
        "--logs",
        "postgresql.log",
        "--format",
        "csv",
    ];
    assert_eq!(program.run(&sql).stdout, "records\r\n16\r\n");
    let saved = program.run(&["snapshot", "-o", "a.facts", "--logs", "postgresql.log"]);
    assert_eq!(saved.code, Some(0), "{}", saved.all());
    let sql = [
        "sql",
        "SELECT count(*) AS n FROM log_errors",
        "--snapshot",
        "a.facts",
        "--format",
        "csv",
    ];
    assert_eq!(program.run(&sql).stdout, "n\r\n2\r\n");
    let wrong = ["check", "--logs", "junk.log", "--log-prefix", "%m"];
    let wrong = program.run(&wrong);
    assert_eq!(wrong.code, Some(2), "{}", wrong.all());
    assert!(
        wrong.stderr.contains("without --log-prefix"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn figures_of_counters_stay_beside_those_of_logs() {
    let program = program();
    program.snapshot(
        "counted.facts",
        "INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT 1'), (2, 'f1:2', 'SELECT 2');
         INSERT INTO statement_counters (statement_id, queryid, calls, total_exec_ms, min_exec_ms, max_exec_ms)
         VALUES (1, 10, 5, 100.0, 1.0, 50.0);
         DELETE FROM log_totals;
         INSERT INTO log_totals (from_at, to_at, statements, duration_ms) VALUES (0, 1000000, 5, 60.0);
         INSERT INTO log_statements (statement_id, calls, total_ms, min_ms, p95_ms, max_ms)
         VALUES (1, 2, 40.0, 15.0, 25.0, 25.0), (2, 3, 20.0, 5.0, 9.0, 9.0);",
    );
    let ran = program.run(&[
        "sql",
        "SELECT fingerprint, calls, total_exec_ms, max_exec_ms, exec_share, window_source, log_calls, p95_ms
         FROM statement_figures ORDER BY 1",
        "--snapshot",
        "counted.facts",
        "--format",
        "csv",
    ]);
    let rows: Vec<&str> = ran.stdout.lines().skip(1).collect();
    assert_eq!(
        rows,
        ["f1:1,5,100,50,1,since reset,2,25", "f1:2,3,20,9,1,log,3,9"],
        "{}",
        ran.all()
    );
}
