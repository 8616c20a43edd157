//! What takes minutes: large catalogs, long runs, broken input by the thousand. `.ci/run --nightly`.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pgtriage::cluster::Options;
use pgtriage::collect::files::{Files, FilesOptions, load};
use pgtriage::config::ConfigFile;
use pgtriage::engine::{Plan, Source};
use pgtriage::facts::Store;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};

use crate::support::{Clients, Program, loudly, newest, private};
use crate::tui::terminal::Terminal;

mod lint;
mod logs;

/// 10,000 tables, 30,000 indexes, 5,000 statements.
const LARGE: [&str; 3] = [
    "CREATE EXTENSION pg_stat_statements",
    "DO $$ BEGIN FOR i IN 1..10000 LOOP
       EXECUTE format('CREATE TABLE table_%s (id bigint PRIMARY KEY, customer_id int, created_at timestamptz, note text)', i);
       EXECUTE format('CREATE INDEX ON table_%s (customer_id, created_at)', i);
       EXECUTE format('CREATE INDEX ON table_%s (created_at)', i);
       EXECUTE format('INSERT INTO table_%s SELECT i, i %% 10, now(), ''x'' FROM generate_series(1, 20) i', i);
     END LOOP; END $$",
    "DO $$ BEGIN FOR i IN 1..5000 LOOP
       EXECUTE format('SELECT id, note FROM table_%s WHERE customer_id = 7 ORDER BY created_at', i);
     END LOOP; END $$",
];

/// CPU time of this process and of its children that ended, seconds.
fn cpu() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    let ticks: Vec<f64> = rest
        .split(' ')
        .skip(11)
        .take(4)
        .map(|n| n.parse().unwrap())
        .collect();
    ((ticks[0] + ticks[1]) / 100.0, (ticks[2] + ticks[3]) / 100.0)
}

/// A figure of `/proc/PID/status`, in megabytes.
fn memory(pid: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[tokio::test]
#[ignore = "slow: makes 10,000 tables"]
async fn a_large_catalog_is_checked_within_the_limits() {
    let Some(server) = newest() else {
        return loudly("SKIPPED: a large catalog");
    };
    let settings = [
        ("pg_stat_statements.max", "10000"),
        ("pg_stat_statements.track", "all"),
        ("max_locks_per_transaction", "2000"),
    ];
    let cluster = private(
        server,
        Options {
            preload: vec!["pg_stat_statements".to_owned()],
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Options::default()
        },
    );
    let client = cluster.client("postgres").await;
    for sql in LARGE {
        client.batch_execute(sql).await.unwrap();
    }
    client.batch_execute("ANALYZE").await.unwrap();

    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let taken = program.run(&["snapshot", "-d", &conninfo, "-o", "large.facts"]);
    assert_eq!(taken.code, Some(0), "{}", taken.all());
    let store = Store::open(&program.path("large.facts")).unwrap();
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        store
            .connection()
            .query_row(&sql, [], |row| row.get(0))
            .unwrap()
    };
    assert!(count("relations") >= 10_000 && count("indexes") >= 30_000);
    assert!(count("statements") >= 5_000);

    let start = Instant::now();
    let mut check = program.command(&["check", "--fail-on", "never", "-d", &conninfo]);
    let mut child = check.stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(memory(child.id(), "VmHWM:").unwrap_or_default());
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let whole = start.elapsed();
    assert!(status.success());
    let start = Instant::now();
    let saved = program.run(&["check", "--fail-on", "never", "--snapshot", "large.facts"]);
    let rules = start.elapsed();
    assert_eq!(saved.code, Some(0), "{}", saved.all());
    loudly(&format!(
        "a large catalog: check {whole:.1?}, {peak} MB; of a snapshot {rules:.1?}"
    ));
    assert!(whole < Duration::from_secs(10), "{whole:?}");
    assert!(peak < 300, "{peak} MB");
    // The rules alone are to take less than a second; this reads the file too.
    assert!(rules < Duration::from_secs(2), "{rules:?}");
}

/// Tables and statements as ORMs write them, three samples; each statement is its own by its
/// output columns.
fn many_statements(count: usize) -> [String; 4] {
    const TABLES: usize = 20;
    let mut schema = String::new();
    for table in 0..TABLES {
        let columns: String = (0..40).map(|n| format!(", c{n} text")).collect();
        let parent = (table > 0).then(|| format!(", parent_id bigint REFERENCES t{}", table / 2));
        schema += &format!(
            "CREATE TABLE t{table} (id bigint PRIMARY KEY{}, state text, at timestamptz{columns});\n",
            parent.unwrap_or_default()
        );
    }
    let text = |n: usize| {
        let (table, variant) = (n % TABLES, n / TABLES);
        let outputs = format!("a.c{}, a.c{}", variant % 40, (variant / 40 + variant) % 40);
        let key = if table > 0 { "parent_id" } else { "id" };
        let parent = table / 2;
        match variant % 6 {
            0 => format!("SELECT a.id, {outputs} FROM t{table} a WHERE a.{key} = $1"),
            1 => format!(
                "SELECT a.id, {outputs} FROM t{table} a WHERE a.state = $1 AND a.at > $2 ORDER BY a.at DESC LIMIT $3"
            ),
            2 => format!(
                "SELECT {outputs} FROM t{table} a JOIN t{parent} b ON b.id = a.{key} WHERE lower(b.state) = $1"
            ),
            3 => format!(
                "SELECT a.id, {outputs} FROM t{table} a WHERE a.{key} IN ($1, $2, $3) OR a.state = $4 OFFSET $5"
            ),
            4 => format!(
                "UPDATE t{table} a SET c{} = $1, c{} = $2 WHERE a.id = $3",
                variant % 40,
                (variant / 40 + variant) % 40
            ),
            _ => format!(
                "SELECT {outputs}, count(*) FROM t{table} a WHERE EXISTS (SELECT 1 FROM t{parent} b WHERE b.id = a.{key} AND b.state LIKE $1) GROUP BY 1, 2"
            ),
        }
    };
    let sample = |number: usize| {
        let rows: Vec<serde_json::Value> = (0..count)
            .map(|n| {
                let calls = (n % 97 + 1) * number * 10;
                serde_json::json!({
                    "userid": 10, "dbid": 5, "toplevel": true, "queryid": n + 1, "query": text(n), "calls": calls,
                    "total_exec_time": calls as f64 * 0.7, "mean_exec_time": 0.7, "rows": calls * (n % 13),
                    "shared_blks_hit": calls * 9, "shared_blks_read": calls,
                })
            })
            .collect();
        let at = format!("2026-03-01T12:00:{number}0Z");
        serde_json::json!({"captured_at": at, "rows": rows}).to_string()
    };
    [schema, sample(1), sample(2), sample(3)]
}

#[test]
#[ignore = "a benchmark: run it in a release build"]
fn five_thousand_statements_are_judged_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Files::default();
    for (number, text) in many_statements(5_000).into_iter().enumerate() {
        let path = folder.path().join(format!("{number}"));
        std::fs::write(&path, text).unwrap();
        if number == 0 {
            files.schema = Some(path);
        } else {
            files.statements.push(path);
        }
    }
    let mut store = Store::in_memory().unwrap();
    load(&files, &store, true, FilesOptions::default()).unwrap();
    let count: i64 = store
        .connection()
        .query_row(
            "SELECT count(*) FROM statement_shapes WHERE read_as = 'tree'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(count, 5_000);

    let start = Instant::now();
    pgtriage::derive::all(store.connection()).unwrap();
    let shapes = start.elapsed();
    let clock = || start.elapsed();
    let options = pgtriage::engine::Options {
        clock: Some(&clock),
        ..pgtriage::engine::Options::on(jiff::civil::date(2026, 3, 1))
    };
    let pages = pgtriage::engine::Pages::load(Vec::new()).unwrap();
    let outcome = pgtriage::engine::run(&mut store, &pages, &Plan::default(), &options).unwrap();
    let whole = start.elapsed();
    let mut slowest: Vec<_> = outcome
        .rules
        .iter()
        .map(|rule| (rule.elapsed_ms.unwrap_or_default(), &rule.id))
        .collect();
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    slowest.truncate(12);
    loudly(&format!(
        "5,000 statements: derived in {shapes:.2?}, judged and ranked in {:.2?}, {} findings; {slowest:.0?}",
        whole.saturating_sub(shapes),
        outcome.findings.len()
    ));
    assert!(whole < Duration::from_secs(1), "{whole:?}");
}

/// Four times the text may take eight times as long, where a quadratic reader takes sixteen.
#[test]
#[ignore = "a benchmark: run it in a release build"]
fn texts_are_read_in_linear_time() {
    use pgtriage::parse::{fingerprint, normalize, split, sql::shapes};

    type Text = fn(usize) -> String;
    type Work = fn(&str) -> usize;
    let texts: [(&str, Text); 6] = [
        ("operators", |n| {
            format!("SELECT a FROM t WHERE a = 1{}", " + 1".repeat(n))
        }),
        ("conditions", |n| {
            format!("SELECT a FROM t WHERE a = 1{}", " OR a = 1".repeat(n))
        }),
        ("parentheses", |n| {
            format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n))
        }),
        ("literals", |n| format!("SELECT '{}'", "x".repeat(8 * n))),
        ("lists", |n| {
            format!("SELECT a FROM t WHERE a IN (1{})", ", 1".repeat(n))
        }),
        ("statements", |n| "SELECT a FROM t WHERE a = 1; ".repeat(n)),
    ];
    let works: [(&str, Work); 4] = [
        ("split", |sql| split(sql).len()),
        ("fingerprint", |sql| fingerprint(sql).to_string().len()),
        ("normalize", |sql| normalize(sql).len()),
        ("shapes", |sql| shapes(std::iter::once(sql)).unwrap().len()),
    ];
    let time = |work: Work, text: &str| {
        let once = || {
            let start = Instant::now();
            std::hint::black_box(work(text));
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or_default()
    };
    for (of, text) in texts {
        let (short, long) = (text(50_000), text(200_000));
        for (name, work) in works {
            let (short, long) = (time(work, &short), time(work, &long));
            let ratio = long.as_secs_f64() / short.as_secs_f64().max(1e-3);
            loudly(&format!(
                "{name} of {of}: {short:.1?}, four times as long {long:.1?}"
            ));
            assert!(ratio < 8.0, "{name} of {of}: {ratio:.1}");
        }
    }
}

#[tokio::test]
#[ignore = "slow: watches a server for minutes"]
async fn a_watched_server_costs_no_more_with_time() {
    let Some(server) = newest() else {
        return loudly("SKIPPED: watching a server for long");
    };
    let cluster = private(server, Options::default());
    let client = cluster.client("postgres").await;
    client
        .batch_execute(
            "CREATE TABLE orders (a int); CREATE INDEX orders_a ON orders (a);
             CREATE INDEX orders_again ON orders (a)",
        )
        .await
        .unwrap();
    let Some(terminal) = Terminal::open(120, 30, "") else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    terminal.types(&format!(
        "{program} -d \"{}\" --refresh 1s",
        cluster.conninfo("postgres")
    ));
    terminal.sees("orders_again");
    let pid = u32::try_from(terminal.process()).unwrap();
    let settled = |seconds| {
        std::thread::sleep(Duration::from_secs(seconds));
        memory(pid, "VmRSS:").expect("the UI runs")
    };
    let before = settled(30);
    let after = settled(180);
    loudly(&format!("a watched server: {before} MB, then {after} MB"));
    assert!(
        after <= before + before / 5 + 2,
        "{before} MB, then {after} MB"
    );
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgtriage'";
    let sessions: i64 = client.query_one(sessions, &[]).await.unwrap().get(0);
    assert!(sessions <= 4, "{sessions}");
    terminal.keys(&["q"]);
    terminal.is_back(0);
}

/// Bytes of `good` with some taken out, doubled or replaced.
fn damaged(good: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let cut = (
        0..good.len(),
        0..64_usize,
        prop::collection::vec(any::<u8>(), 0..16),
    );
    prop::collection::vec(cut, 1..6).prop_map(move |cuts| {
        let mut bytes = good.to_vec();
        for (at, length, new) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, new);
        }
        bytes
    })
}

fn runs(cases: u32) -> TestRunner {
    TestRunner::new(Runs {
        failure_persistence: None,
        ..Runs::with_cases(cases)
    })
}

#[test]
#[ignore = "slow: thousands of damaged files"]
fn damaged_snapshots_are_read_or_refused() {
    let good: &[u8] = include_bytes!("../../fixtures/shop/snapshot.facts");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.facts");
    let mut read = 0;
    let tell = |bytes: Vec<u8>| {
        std::fs::write(&path, bytes).unwrap();
        if let Err(error) = Store::open(&path) {
            let told = error.to_string();
            prop_assert!(!told.is_empty() && !told.contains('\n'), "{}", told);
        } else {
            read += 1;
        }
        Ok(())
    };
    let tell = std::cell::RefCell::new(tell);
    runs(2_000)
        .run(&damaged(good), |bytes| tell.borrow_mut()(bytes))
        .unwrap();
}

#[test]
#[ignore = "slow: thousands of damaged files"]
fn damaged_configurations_and_pages_are_read_or_refused() {
    let config: &[u8] = include_bytes!("../../fixtures/shop/pgtriage.toml");
    runs(20_000)
        .run(&damaged(config), |bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let source = Source::new("pgtriage.toml", text);
            let _ = ConfigFile::parse(source, std::path::Path::new("/"));
            Ok(())
        })
        .unwrap();
    let page: &[u8] = include_bytes!("../../rules/index/duplicate.md");
    runs(2_000)
        .run(&damaged(page), |bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let _ = pgtriage::engine::Pages::load(vec![Source::new("index/mine.md", text)]);
            Ok(())
        })
        .unwrap();
}

#[test]
#[ignore = "slow: a process for each string"]
fn connection_strings_of_any_kind_are_answered() {
    let bits = prop::sample::select(vec![
        "postgres://",
        "postgresql://",
        "host=",
        "port=",
        "'",
        "\\",
        "%",
        "%2",
        "%00",
        "@",
        ":",
        "/",
        "?",
        "&",
        "=",
        "[",
        "]",
        "[::1]",
        "127.0.0.1",
        "1",
        "99999",
        "dbname=",
        "user=",
        "sslmode=",
        "verify-full",
        "disable",
        " ",
        "options=",
        "-c",
        "target_session_attrs=",
        "any",
        ",",
        "service=",
        "connect_timeout=1",
        "\u{e4}",
        "\0x",
    ]);
    let strings = prop::collection::vec(bits, 1..12).prop_map(|bits| bits.concat());
    let folder = tempfile::tempdir().unwrap();
    runs(500)
        .run(&strings, |string| {
            let string = string.replace('\0', "");
            let ran = Command::new(env!("CARGO_BIN_EXE_pgtriage"))
                .args(["check", "-d", &string])
                .env("HOME", folder.path())
                .env("PGCONNECT_TIMEOUT", "1")
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&ran.stderr);
            prop_assert!(!told.contains("panicked"), "{:?}: {}", string, told);
            prop_assert!(
                matches!(ran.status.code(), Some(0..=3)),
                "{:?}: {:?}",
                string,
                ran
            );
            Ok(())
        })
        .unwrap();
}
