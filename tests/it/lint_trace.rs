//! `pgtriage lint --trace` as a user runs it.

use std::process::Stdio;
use std::time::Duration;

use pgtriage::cluster::{Cluster, Options};
use serde_json::Value;

use crate::support::{Clients, Program, Ran, loudly, newest, private, runs, signal};

const WORLD: &str = "
    CREATE TABLE birds (id int PRIMARY KEY, name text);
    INSERT INTO birds SELECT g, 'b' FROM generate_series(1, 50) g;";

/// A program in a folder with a migration, and a server with a database for it.
async fn ground(migration: &str) -> Option<(Program, Cluster)> {
    let Some(server) = newest() else {
        loudly("=== SKIPPED: lint --trace: no server ===");
        return None;
    };
    let cluster = private(server, Options::default().set("autovacuum", "off"));
    let client = cluster.client("postgres").await;
    client
        .batch_execute("CREATE DATABASE aviary")
        .await
        .unwrap();
    let client = cluster.client("aviary").await;
    client.batch_execute(WORLD).await.unwrap();
    drop(client);
    let program = Program::new();
    program.write("m.sql", migration);
    Some((program, cluster))
}

/// Runs it. Sessions that have just ended may be in the way at first.
fn trace(program: &Program, cluster: &Cluster, more: &[&str]) -> Ran {
    let target = cluster.conninfo("aviary");
    let mut arguments = vec!["lint", "m.sql", "--trace", &target, "--format", "json"];
    arguments.extend(more);
    for _ in 0..50 {
        let ran = program.run(&arguments);
        if !ran.stderr.contains("others are connected") {
            return ran;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    program.run(&arguments)
}

async fn databases(cluster: &Cluster) -> i64 {
    let client = cluster.client("postgres").await;
    let count = "SELECT count(*) FROM pg_database";
    client.query_one(count, &[]).await.unwrap().get(0)
}

/// Whether the table has the column that the migration adds.
async fn is_changed(cluster: &Cluster) -> bool {
    let client = cluster.client("aviary").await;
    let column = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attname = 'wings')";
    client.query_one(column, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_changed_and_dropped() {
    let migration =
        "ALTER TABLE birds ADD COLUMN wings int;\nCREATE INDEX CONCURRENTLY ON birds (name);\n";
    let Some((program, cluster)) = ground(migration).await else {
        return;
    };
    let ran = trace(&program, &cluster, &["--scratch"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let locks: Vec<&str> = (json["statements"].as_array().unwrap().iter())
        .map(|said| said["relations"][0]["seen"]["lock"].as_str().unwrap())
        .collect();
    assert_eq!(locks, ["ACCESS EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"]);
    assert!(!is_changed(&cluster).await);
    assert_eq!(databases(&cluster).await, 4);
    let ran = trace(&program, &cluster, &["--scratch", "--in-place"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(is_changed(&cluster).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_as_predicted_fails() {
    // What the rows hold nobody can predict.
    let Some((program, cluster)) =
        ground("CREATE UNIQUE INDEX ON birds (name);\nSELECT 1;\n").await
    else {
        return;
    };
    let ran = trace(&program, &cluster, &["--scratch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["statements"][0]["seen_error"], "23505");
    assert_eq!(json["statements"][1]["is_run"], false);
    assert_eq!(json["differing"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_scratch_database_is_refused() {
    let Some((program, cluster)) = ground("SELECT 1;\n").await else {
        return;
    };
    let refused = |ran: Ran, because: &str| {
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        assert!(ran.stderr.contains(because), "{}", ran.all());
    };
    refused(trace(&program, &cluster, &[]), "--scratch");
    let client = cluster.client("aviary").await;
    let target = cluster.conninfo("aviary");
    let arguments = ["lint", "m.sql", "--scratch", "--trace", &target];
    refused(program.run(&arguments), "others are connected");
    drop(client);
    let slot = "SELECT pg_create_physical_replication_slot('standby')";
    let client = cluster.client("postgres").await;
    client.batch_execute(slot).await.unwrap();
    refused(
        trace(&program, &cluster, &["--scratch"]),
        "replication slots",
    );
    assert_eq!(databases(&cluster).await, 4);
}

/// Starts a trace that never ends, and waits until it runs its migration.
async fn started(program: &Program, cluster: &Cluster) -> std::process::Child {
    let target = cluster.conninfo("aviary");
    let mut trace = program.command(&["lint", "m.sql", "--scratch", "--trace", &target]);
    trace.stdout(Stdio::piped()).stderr(Stdio::piped());
    let client = cluster.client("postgres").await;
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
    for _ in 0..50 {
        let mut child = trace.spawn().unwrap();
        while runs(child.id()) {
            let sleeping = client.query_one(sleeping, &[]).await.unwrap();
            if sleeping.get::<_, i64>(0) > 0 {
                return child;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // A session that has just ended was in the way.
        child.wait().unwrap();
    }
    panic!("it does not start");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_trace_drops_its_copy() {
    let Some((program, cluster)) = ground("SELECT pg_sleep(600);\n").await else {
        return;
    };
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = started(&program, &cluster).await;
        assert_eq!(databases(&cluster).await, 5);
        signal(name, i64::from(child.id()));
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(databases(&cluster).await, 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_trace_has_its_copy_dropped_by_the_next() {
    let Some((program, cluster)) = ground("SELECT pg_sleep(600);\n").await else {
        return;
    };
    let mut child = started(&program, &cluster).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(databases(&cluster).await, 5);
    // Whoever held the copy is seen to be gone after a moment.
    program.write("m.sql", "SELECT 1;\n");
    let client = cluster.client("postgres").await;
    let maker = "SELECT count(*) FROM pg_stat_activity, pg_database d
        WHERE d.datname ~ '^pgtriage_trace' AND pid::text = split_part(d.datname, '_', 3)";
    while client.query_one(maker, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let ran = trace(&program, &cluster, &["--scratch"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert_eq!(databases(&cluster).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_in_the_file_are_copied() {
    let migration = "SELECT 1;\nCOPY birds (id, name) FROM STDIN;\n51\tjay\n52\twren\n\\.\n\nCREATE UNIQUE INDEX ON birds (id) WHERE id > 50;\n";
    let Some((program, cluster)) = ground(migration).await else {
        return;
    };
    let ran = trace(&program, &cluster, &["--scratch", "--in-place"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let copy = &json["statements"][1];
    assert_eq!(copy["relations"][0]["seen"]["lock"], "ROW EXCLUSIVE");
    let client = cluster.client("aviary").await;
    let rows = "SELECT count(*) FROM birds WHERE name IN ('jay', 'wren')";
    let rows: i64 = client.query_one(rows, &[]).await.unwrap().get(0);
    assert_eq!(rows, 2);
    // Rows that the table refuses are an error of the statement.
    drop(client);
    program.write("m.sql", "COPY birds FROM STDIN;\n1\tjay\n\\.\n");
    let ran = trace(&program, &cluster, &["--scratch"]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        json["statements"][0]["seen_error"],
        "23505",
        "{}",
        ran.all()
    );
}
