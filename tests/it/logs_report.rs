//! Reports about server logs: over facts written by hand, and over small logs.

use pgtriage::facts::Store;
use pgtriage::report::logs::{Logs, details, verdict, waits};

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
         UPDATE log_totals SET statements = 0, unpaired = 0, plans = 7, has_time = 0, has_pid = 0, from_at = NULL",
        &[
            "42,000 records.",
            "No errors, lock waits or temporary files are in it.",
            "no statement has a time in the log; 7 plans of auto_explain alone make no figures -> Some(\"ALTER SYSTEM SET log_min_duration_statement",
            "log_line_prefix does not write the time (%m), the process id (%p) -> Some(\"ALTER SYSTEM SET log_line_prefix",
        ],
    );
}
