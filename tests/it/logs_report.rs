//! Reports about server logs: over facts written by hand, and over small logs.

mod command;

use insta::assert_snapshot;
use pgtriage::collect::logs as collect;
use pgtriage::facts::Store;
use pgtriage::report::Style;
use pgtriage::report::logs::{
    Kind, Logs, Report, csv, details, json, markdown, measure, table, verdict, waits,
};
use serde_json::Value;

const WORLD: &str = include_str!("logs_report/world.sql");

/// A facts database with the base world, these logs, and what `sql` changes.
fn store(sql: &str) -> Store {
    let store = Store::in_memory().unwrap();
    let base = include_str!("../../src/engine/base_world.sql");
    for batch in [base, WORLD, sql] {
        store.connection().execute_batch(batch).unwrap();
    }
    store
}

fn logs(sql: &str) -> Logs {
    Logs::read(&store(sql)).unwrap().unwrap()
}

#[test]
fn what_logs_hold_is_read() {
    let logs = logs("");
    assert_eq!(logs.totals.duration_us(), 500_000_123);
    assert_eq!(logs.cancels(), 6);
    assert_eq!(logs.of("deadlock").count(), 2);
    let first = &logs.statements[0];
    assert_eq!(first.get("queryids")[0], -4_891_203_377_000_000_001_i64);
    assert_eq!(first.get("calls_by_queryid")["77120"], 1000);
    assert_eq!(first.get("database"), "app");
    let details = details(&store(""), Some(1)).unwrap();
    assert_eq!(details[&1].samples.len(), 2);
    assert_eq!(details[&1].groups[0].calls, 9500);
    let none = Store::in_memory().unwrap();
    assert_eq!(Logs::read(&none).unwrap(), None);
}

#[test]
fn waits_are_as_long_as_their_end_says_and_name_who_held_the_lock() {
    let waits = waits(&logs(""));
    let told: Vec<_> = waits
        .iter()
        .map(|wait| {
            let blockers: Vec<i64> = wait.blockers.iter().copied().collect();
            (
                wait.statement_id,
                blockers,
                wait.count,
                wait.total_ms,
                wait.unended,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(2), vec![4], 2, 4300.5, 0),
            (Some(4), vec![2], 1, 1000.3, 1)
        ]
    );
}

#[test]
fn the_verdict_says_what_matters_and_what_is_missing() {
    let check = |sql: &str, said: &[&str]| {
        let verdict = verdict(&logs(sql));
        let mut all = verdict.sentences.join("\n");
        for missing in &verdict.missing {
            all += &format!("\n{} -> {:?}", missing.because, missing.remedy);
        }
        for said in said {
            assert!(all.contains(said), "{sql}: {said} is not in:\n{all}");
        }
    };
    check(
        "",
        &[
            "42,000 records over 1.5 h, from 2026-01-01 01:00:00 to 2026-01-01 02:30:00 UTC, with 40,000 executions that took 8.3 min in all.",
            "150 errors (2 deadlocks and 6 cancelled statements among them), 3 lock waits, 10 sessions refused or ended, 8 temporary files of 7.1 MB",
            "; 0.37% of statements failed.",
            "One statement takes 62.0% of the time: SELECT * FROM orders",
            "2 times (5.5 ms) came without the text",
        ],
    );
    check(
        "UPDATE log_totals SET unread = 4669",
        &["4,669 lines, 10.0% of all, could not be read -> None"],
    );
    check(
        "UPDATE log_totals SET least_ms = 250.0",
        &[
            "none took less than 250 ms",
            "checkpoints come too often, 1 autovacuum cancelled.",
        ],
    );
    check(
        "UPDATE log_totals SET statement_estimate = 400000",
        &["the log is a sample, of about 400,000 executions."],
    );
    check(
        "DELETE FROM log_messages; DELETE FROM log_statements;
         UPDATE log_totals SET statements = 0, unpaired = 0, plans = 7, has_time = 0, has_pid = 0, from_at = NULL;
         UPDATE log_sources SET prefixes = json_array('%-5a %%m %q')",
        &[
            "42,000 records.",
            "No errors, lock waits or temporary files are in it.",
            "no statement has a time in the log; 7 plans of auto_explain alone make no figures -> Some(\"ALTER SYSTEM SET log_min_duration_statement",
            "log_line_prefix does not write the time (%m), the process id (%p) -> Some(\"ALTER SYSTEM SET log_line_prefix",
        ],
    );
}

/// Writes a report in some format, sorted by a figure.
fn report(sql: &str, by: &str, limit: usize, format: impl Fn(&Report<'_>) -> String) -> String {
    let store = store(sql);
    let mut logs = Logs::read(&store).unwrap().unwrap();
    let by = measure(by).unwrap();
    logs.sort(by, false);
    format(&Report {
        logs: &logs,
        details: &details(&store, None).unwrap(),
        by,
        limit,
    })
}

#[test]
fn the_report_for_people() {
    let text = |columns| move |report: &Report<'_>| table(report, Style::default(), columns);
    let all = [
        report("", "total", 10, text(80)),
        report("", "p95", 2, text(132)),
        report("", "calls", 2, markdown),
    ];
    assert_snapshot!("report", all.join("\n=====\n"));
}

#[test]
fn the_report_for_programs() {
    let text = report("", "total", usize::MAX, json);
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert_snapshot!("json", text.replace(&version, "\"version\": \"[version]\""));
    let kinds = Kind::WORDS.map(|word| {
        let kind = word.parse().unwrap();
        report("", "total", 2, |report| csv(report, kind))
    });
    assert_snapshot!("csv", kinds.join("\n"));
}

#[test]
fn what_a_log_does_not_carry_is_null_and_the_total_stays() {
    let check = |sql: &str, key: &str, expected: Value| {
        let text = report(sql, "total", usize::MAX, json);
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json.pointer(key).unwrap(), &expected, "{sql}: {key}");
    };
    let without = "UPDATE log_totals SET has_sqlstate = 0, has_query_id = 0, has_database = 0;
        UPDATE log_errors SET sqlstate = NULL; UPDATE log_statements SET queryids = '{}'";
    check(without, "/errors", Value::Null);
    check(without, "/error_records", 160.into());
    check(without, "/unknown/errors", 160.into());
    check(without, "/queries/0/queryids", Value::Null);
    check(without, "/queries/0/database", Value::Null);
    check(without, "/unknown/queryids", 40_000.into());
    // Of one more error the SQLSTATE is not known.
    check("", "/errors/23505", 120.into());
    check("", "/unknown/errors", 1.into());
    check("", "/queries/1/queryids", serde_json::json!([]));
}

#[test]
fn texts_of_the_log_are_escaped_and_lines_fit() {
    let evil = "UPDATE statements SET text = 'SELECT ' || char(27) || '[31m' || char(0x202e) || char(10) || ' FROM x';
        UPDATE log_errors SET message = char(27) || ']0;x' || char(7) || char(10) || '# x';
        UPDATE log_events SET object = char(27) || '[2J', message = char(155) || '|';
        UPDATE log_sources SET name = char(27) || 'c', first_unread = char(13) || 'x', note = char(8)";
    for columns in [44, 80, 200] {
        let text = report(evil, "total", 10, |report| {
            table(report, Style::default(), columns)
        });
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(bad), "{text}");
        assert!(text.contains("\\u{1b}"), "{text}");
        for line in text.lines().filter(|_| columns >= 80) {
            // What can be copied stays in one line.
            let width = pgtriage::report::wrap::width(line);
            let is_remedy = line.starts_with("  ALTER SYSTEM");
            assert!(width <= columns || is_remedy, "{width} > {columns}: {line}");
        }
    }
    let text = report(evil, "total", 10, markdown);
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n'),
        "{text}"
    );
    assert!(!text.contains("\n# x"), "{text}");
}

#[test]
fn settings_of_the_server_tell_how_its_log_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("postgresql.log");
    let line = "2026-11-23 16:54:46.225 IST [7] blog LOG:  duration: 1.0 ms  statement: SELECT 1\n";
    std::fs::write(&path, line.repeat(20)).unwrap();
    let check = |settings: &str, expected: (&str, Option<&str>, i64)| {
        let store = store(settings);
        let facts = store.connection();
        let options = collect::LogOptions::default();
        collect::read(std::slice::from_ref(&path), &store, &options, &mut |_| {}).unwrap();
        let sql = "SELECT prefix_source, (SELECT name FROM databases WHERE name = 'blog'), from_at
                   FROM log_sources";
        let found: (String, Option<String>, i64) = facts
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        assert_eq!((found.0.as_str(), found.1.as_deref(), found.2), expected);
    };
    let at = 1_795_452_886_225_000;
    let east = |minutes: i64| at - minutes * 60_000_000;
    let set = |name: &str, value: &str| {
        format!("INSERT INTO settings (node_id, name, value) VALUES (1, '{name}', '{value}');")
    };
    let prefix = set("log_line_prefix", "%m [%p] %d ");
    check(&prefix, ("server", Some("blog"), east(120)));
    let both = prefix + &set("log_timezone", "Asia/Kolkata");
    check(&both, ("server", Some("blog"), east(330)));
    // A setting that was another one when the log was written gives way.
    let other = set("log_line_prefix", "%p %t ");
    let store = store(&other);
    let options = collect::LogOptions::default();
    let notes = collect::read(std::slice::from_ref(&path), &store, &options, &mut |_| {}).unwrap();
    let told = notes.iter().flat_map(|note| &note.items);
    assert!(
        told.into_iter().any(|item| item.contains("fits no line")),
        "{notes:?}"
    );
}
