//! `pgtriage lint --trace` as a user runs it.

use pgtriage::cluster::{Cluster, Options};
use serde_json::Value;

use crate::support::{Clients, Program, Ran, loudly, newest, private};

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
