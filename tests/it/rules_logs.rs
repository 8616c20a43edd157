//! Rules over server logs: skipped where none was read, wherever facts are from, and run where one was.

use std::path::Path;

use jiff::civil::date;
use pgtriage::collect::files::{FactsFile, Files, FilesOptions, load};
use pgtriage::collect::logs;
use pgtriage::derive;
use pgtriage::engine::{Options, Outcome, Pages, Plan, Status, run};
use pgtriage::facts::Store;

/// A crash, in the text form with a prefix that lacks much.
const LOG: &str = "\
2026-01-01 10:00:00.000 UTC [10] LOG:  server process (PID 42) was terminated by signal 9: Killed
2026-01-01 10:00:00.001 UTC [10] LOG:  terminating any other active server processes
2026-01-01 10:00:00.100 UTC [10] LOG:  all server processes terminated; reinitializing
";

/// What a server gives: everything but logs.
fn server() -> Store {
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts
        .execute_batch(include_str!("../../src/engine/base_world.sql"))
        .unwrap();
    facts
        .execute_batch(
            "DELETE FROM log_sources; DELETE FROM log_totals;
             DELETE FROM collections WHERE table_name LIKE 'log%';",
        )
        .unwrap();
    derive::all(facts).unwrap();
    store
}

/// A snapshot of a version that knew no logs.
fn older_snapshot(folder: &Path) -> Store {
    let path = folder.join("old.facts");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 1885828210; PRAGMA user_version = 1;
         CREATE TABLE snapshot (format INTEGER, tool_version TEXT, fingerprint_version TEXT, created_at INTEGER);
         INSERT INTO snapshot VALUES (1, '0.0.1', 'f1', 0);",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    derive::all(store.connection()).unwrap();
    store
}

/// Files alone.
fn files(folder: &Path) -> Store {
    let path = folder.join("settings.json");
    std::fs::write(&path, "[]").unwrap();
    let files = Files {
        facts: vec![FactsFile {
            name: "pg_settings".to_owned(),
            path,
        }],
        ..Files::default()
    };
    let store = Store::in_memory().unwrap();
    load(&files, &store, true, FilesOptions::default()).unwrap();
    store
}

fn judge(store: &mut Store) -> Outcome {
    let pages = Pages::load(Vec::new()).unwrap();
    run(
        store,
        &pages,
        &Plan::default(),
        &Options::on(date(2026, 1, 1)),
    )
    .unwrap()
}

/// Pages that need facts of logs.
fn over_logs() -> Vec<String> {
    let pages = Pages::load(Vec::new()).unwrap();
    let over_logs = pages.iter().filter(|page| {
        let mut needs = page.needs.iter();
        needs.any(|need| need.table == "log_totals")
    });
    over_logs.map(|page| page.id.clone()).collect()
}

#[test]
fn rules_over_logs_are_skipped_where_none_was_read_and_run_where_one_was() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("postgresql.log");
    std::fs::write(&log, LOG).unwrap();
    let over_logs = over_logs();
    assert!(over_logs.len() > 10, "{over_logs:?}");
    for (name, mut store) in [
        ("a server", server()),
        ("an older snapshot", older_snapshot(folder.path())),
        ("files", files(folder.path())),
    ] {
        let outcome = judge(&mut store);
        for id in &over_logs {
            let skipped = outcome.skipped.iter().find(|skipped| skipped.rule == *id);
            let told = skipped.map(|s| (s.because.as_str(), s.remedy.as_deref()));
            let expected = ("no server log was read", Some("give --logs PATH"));
            assert_eq!(told, Some(expected), "{name}: {id}");
        }
        let options = logs::LogOptions::default();
        logs::read(std::slice::from_ref(&log), &store, &options, &mut |_| {}).unwrap();
        let outcome = judge(&mut store);
        for rule in outcome.rules.iter().filter(|r| over_logs.contains(&r.id)) {
            assert_eq!(rule.status, Status::Run, "{name}: {}", rule.id);
        }
        let found = outcome.findings.iter().find(|f| f.rule == "server/crash");
        let detail = found.map(|finding| finding.detail.as_str());
        assert_eq!(
            detail,
            Some(
                "1 process was ended by a signal (Killed); all sessions were ended once; \
                 the last at 2026-01-01 10:00 UTC"
            ),
            "{name}"
        );
    }
}
