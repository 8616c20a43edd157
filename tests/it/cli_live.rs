//! The command line on real servers and on what is none.

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use pgtriage::cluster::{Cluster, Options, StopMode};
use pgtriage::facts::Store;
use serde_json::Value;

use crate::support::{
    Clients, Program, eventually, loudly, newest, on_each_major, private, signal,
};

const TABLES: &str = "CREATE TABLE orders (id int, customer_id int);
    CREATE INDEX orders_a ON orders (customer_id);
    CREATE INDEX orders_b ON orders (customer_id);
    INSERT INTO orders SELECT i, i % 100 FROM generate_series(1, 20000) i;
    ANALYZE orders";

/// A cluster of the newest server with a table and two equal indexes, or none.
async fn cluster() -> Option<Cluster> {
    let Some(server) = newest() else {
        loudly("SKIPPED: the command line on a real server");
        return None;
    };
    let options = Options {
        preload: vec!["pg_stat_statements".to_owned()],
        ..Options::default()
    };
    let cluster = private(server, options);
    cluster
        .client("postgres")
        .await
        .batch_execute(TABLES)
        .await
        .unwrap();
    Some(cluster)
}

fn keys(json: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(json).unwrap();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["key"].as_str().unwrap().to_owned())
        .collect()
}

fn samples(path: &Path) -> i64 {
    let samples = "SELECT count(*) FROM samples WHERE database_id IS NULL";
    let store = Store::open(path).unwrap();
    store
        .connection()
        .query_row(samples, [], |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn check_and_snapshot_see_the_same_on_each_major() {
    on_each_major(async |cluster| {
        let database = cluster.fresh_database().await;
        cluster
            .client(&database)
            .await
            .batch_execute(TABLES)
            .await
            .unwrap();
        let conninfo = cluster.conninfo(&database);
        let program = Program::new();
        let families = ["--family", "index", "--family", "table", "--format", "json"];
        let live = program.run(&[&["check", "-d", &conninfo], &families[..]].concat());
        assert!(
            live.code == Some(0) || live.code == Some(1),
            "{}",
            live.all()
        );
        let found = keys(&live.stdout);
        let duplicate = format!("index/duplicate:{database}:public.orders_b");
        assert!(found.contains(&duplicate), "{found:?}");
        let taken = program.run(&["snapshot", &conninfo, "-o", "a.facts"]);
        assert_eq!(taken.code, Some(0), "{}", taken.all());
        assert!(taken.stdout.contains(&database), "{}", taken.stdout);
        let saved = program.run(&[&["check", "--snapshot", "a.facts"], &families[..]].concat());
        assert_eq!(keys(&saved.stdout), found);
    })
    .await;
}

#[tokio::test]
async fn what_a_source_costs_is_told_when_asked() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let ran = program.run(&["check", "-v", "--fail-on", "never", "-d", &conninfo]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    for part in [
        "server time",
        "settings",
        "Server time of all queries: ",
        "Time of all rules: ",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let ran = program.run(&[
        "sql",
        "-d",
        &conninfo,
        "SELECT object FROM findings WHERE rule = 'index/duplicate'",
    ]);
    assert!(ran.stdout.contains("public.orders_b"), "{}", ran.all());
    let ran = program.run(&["rules", "-d", &conninfo]);
    assert!(ran.stdout.contains("1 finding"), "{}", ran.all());
}

#[tokio::test]
async fn samples_are_taken_and_none_is_lost() {
    let Some(mut cluster) = cluster().await else {
        return;
    };
    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let ran = program.run(&[
        "snapshot",
        "-d",
        &conninfo,
        "-o",
        "a.facts",
        "--samples",
        "3",
        "--every",
        "50ms",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert_eq!(samples(&program.path("a.facts")), 3);

    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = sampling(&program, &conninfo);
        waits_for_a_sample(&cluster).await;
        signal(name, i64::from(child.id()));
        let said = ended(&mut child, code);
        assert!(
            said.contains("stopped after 1 of 9 samples; the file holds those that were taken"),
            "{said}"
        );
        assert_eq!(samples(&program.path("b.facts")), 1);
    }

    let mut child = sampling(&program, &conninfo);
    waits_for_a_sample(&cluster).await;
    cluster.stop(StopMode::Immediate).unwrap();
    let said = ended(&mut child, 3);
    assert!(
        said.contains("the file holds the 1 of 9 samples that were taken"),
        "{said}"
    );
    assert_eq!(samples(&program.path("b.facts")), 1);
}

/// A snapshot that waits two seconds between its samples.
fn sampling(program: &Program, conninfo: &str) -> Child {
    let arguments = [
        "snapshot",
        "-d",
        conninfo,
        "-o",
        "b.facts",
        "--force",
        "--samples",
        "9",
        "--every",
        "2s",
    ];
    let mut command = program.command(&arguments);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the program has read everything once and sits idle.
async fn waits_for_a_sample(cluster: &Cluster) {
    let client = cluster.client("postgres").await;
    let idle = "SELECT count(*) > 0 FROM pg_stat_activity
                WHERE application_name = 'pgtriage' AND state = 'idle'
                  AND state_change < clock_timestamp() - interval '700 ms'";
    let start = Instant::now();
    while !client.query_one(idle, &[]).await.unwrap().get::<_, bool>(0) {
        assert!(start.elapsed() < Duration::from_mins(1), "it never waits");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits for the end and gives what was said on stderr.
fn ended(child: &mut Child, code: i32) -> String {
    let status = child.wait().unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(status.code(), Some(code), "{said}");
    said
}

/// A server that takes connections and never says a word.
#[test]
fn a_signal_ends_whatever_waits_for_a_server() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let conninfo = format!("host=127.0.0.1 port={port} user=a dbname=b connect_timeout=60");
    let program = Program::new();
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let mut command = program.command(&["check", "-d", &conninfo]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _connection = silent.accept().unwrap();
        // Its first word has come: from now on it waits for an answer.
        let start = Instant::now();
        signal(name, i64::from(child.id()));
        assert_eq!(ended(&mut child, code), "");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_query_that_runs_is_cancelled_by_a_signal() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let client = cluster.client("postgres").await;
    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let mut command = program.command(&["check", "-d", &conninfo]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Stop its server process in the middle of its work, as a slow query would hold it.
    let pid = backend(&client).await;
    signal("STOP", i64::from(pid));
    std::thread::sleep(Duration::from_millis(300));
    signal("INT", i64::from(child.id()));
    std::thread::sleep(Duration::from_millis(300));
    signal("CONT", i64::from(pid));
    assert_eq!(ended(&mut child, 130), "");
    eventually("its session is gone", || !crate::support::runs(pid));
}

async fn backend(client: &tokio_postgres::Client) -> u32 {
    let active = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgtriage' LIMIT 1";
    let start = Instant::now();
    loop {
        if let Some(row) = client.query_opt(active, &[]).await.unwrap() {
            return row.get::<_, i32>(0).unsigned_abs();
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "it never connects"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_killed_is_told_in_a_sentence() {
    let Some(mut cluster) = cluster().await else {
        return;
    };
    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let client = cluster.client("postgres").await;
    let mut command = program.command(&["check", "-d", &conninfo]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = backend(&client).await;
    signal("STOP", i64::from(pid));
    signal("KILL", i64::from(pid));
    cluster.kill().unwrap();
    let said = ended(&mut child, 3);
    assert!(said.starts_with("pgtriage: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[tokio::test]
async fn databases_of_a_server_are_kept_apart() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let client = cluster.client("postgres").await;
    client.batch_execute("CREATE DATABASE other").await.unwrap();
    cluster
        .client("other")
        .await
        .batch_execute("CREATE TABLE orders (id int); CREATE INDEX orders_a ON orders (id)")
        .await
        .unwrap();
    let program = Program::new();
    let conninfo = cluster.conninfo("postgres");
    let check = |more: &[&str]| {
        let first = [
            "check",
            "-d",
            &conninfo,
            "--fail-on",
            "never",
            "--family",
            "index",
            "--format",
            "json",
        ];
        program.run(&[&first[..], more].concat())
    };
    for arguments in [
        &["--all-databases"][..],
        &["--database", "other", "--database", "postgres"],
    ] {
        let ran = check(arguments);
        let json: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(
            json["server"]["databases"],
            serde_json::json!(["other", "postgres"])
        );
        assert_eq!(
            keys(&ran.stdout),
            ["index/duplicate:postgres:public.orders_b"]
        );
    }
    let ran = check(&["--database", "nowhere"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    assert!(
        ran.stderr.contains("there is no database nowhere"),
        "{}",
        ran.stderr
    );
    let table = program.run(&[
        "check",
        "-d",
        &conninfo,
        "--all-databases",
        "--family",
        "index",
    ]);
    assert!(
        table.stdout.contains("postgres: public.orders_b"),
        "{}",
        table.stdout
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_password_is_not_in_the_process_list() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let program = Program::new();
    let conninfo = format!("{} password=own-secret", cluster.conninfo("postgres"));
    let arguments = [
        "snapshot",
        "-d",
        &conninfo,
        "-o",
        "a.facts",
        "--samples",
        "2",
        "--every",
        "1h",
    ];
    let mut child = program
        .command(&arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    waits_for_a_sample(&cluster).await;
    let listed = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    let listed = String::from_utf8(listed).unwrap();
    assert!(
        listed.contains("password=***") && !listed.contains("own-secret"),
        "{listed}"
    );
    signal("INT", i64::from(child.id()));
    child.wait().unwrap();
    let saved = std::fs::read(program.path("a.facts")).unwrap();
    assert!(!String::from_utf8_lossy(&saved).contains("own-secret"));
}
