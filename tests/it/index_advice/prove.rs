//! `advise index --prove` and `--write` on the shop.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use pgtriage::cluster::Cluster;
use pgtriage::cluster::world::{DATABASE, Variant};
use serde_json::Value;

use crate::support::{
    Clients, Program, Ran, eventually, loudly, runs, server, servers, shop, signal,
};

/// Majors that are tried: the oldest and the newest.
const MAJORS: [u32; 2] = [13, 18];
/// The copy.
const COPY: &str = "shop_copy";
/// Lower ages for a world that is seconds old.
const CONFIG: &str = include_str!("../../../fixtures/shop/pgtriage.toml");

/// A shop after its rounds, a copy of it, and a folder to run the program in.
struct Ground {
    cluster: Cluster,
    program: Program,
    server_bin: String,
}

async fn ground(major: u32) -> Option<Ground> {
    let Some(server) = server(major) else {
        loudly(&format!("SKIPPED on {major}: proof of index advice"));
        return None;
    };
    let cluster = shop(server, Variant::Planted, &[("archive_mode", "off")]);
    let client = cluster.client("postgres").await;
    let program = Program::new();
    program.write("pgtriage.toml", CONFIG);
    // A prepared transaction belongs to the planted problems, and nobody copies one.
    let shop = cluster.client(DATABASE).await;
    for row in shop
        .query("SELECT gid FROM pg_prepared_xacts", &[])
        .await
        .unwrap()
    {
        let gid: String = row.get(0);
        shop.batch_execute(&format!("ROLLBACK PREPARED '{gid}'"))
            .await
            .unwrap();
    }
    drop(shop);
    let kill = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{DATABASE}'"
    );
    client.execute(&kill, &[]).await.unwrap();
    let copy = format!("CREATE DATABASE {COPY} TEMPLATE {DATABASE}");
    for _ in 0..100 {
        if client.batch_execute(&copy).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    client
        .batch_execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
        .await
        .unwrap();
    Some(Ground {
        cluster,
        program,
        server_bin: server.bin.display().to_string(),
    })
}

impl Ground {
    fn arguments<'a>(&'a self, shop: &'a str, further: &[&'a str]) -> Vec<&'a str> {
        let mut all = vec!["advise", "index", "-d", shop, "--no-remote-logs"];
        all.extend(["--server-bin", &self.server_bin]);
        all.extend(further);
        all
    }

    fn run(&self, further: &[&str]) -> Ran {
        let shop = self.cluster.conninfo(DATABASE);
        let run = || self.program.run(&self.arguments(&shop, further));
        tokio::task::block_in_place(run)
    }

    /// Definitions of all indexes of a database.
    async fn indexes(&self, database: &str) -> Vec<String> {
        let client = self.cluster.client(database).await;
        let sql = "SELECT pg_get_indexdef(indexrelid) || coalesce(obj_description(indexrelid), '')
            FROM pg_index ORDER BY 1";
        let rows = client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

async fn on_majors(test: impl AsyncFn(Ground)) {
    assert!(!servers().is_empty(), "there is no server");
    for major in MAJORS {
        if let Some(ground) = ground(major).await {
            test(ground).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_missing_index_of_the_shop_is_proved_and_the_copy_left_as_it_was() {
    on_majors(async |ground| {
        let copy = ground.cluster.conninfo(COPY);
        let before = ground.indexes(COPY).await;
        let ran = ground.run(&["--prove", &copy, "--scratch", "--format", "json"]);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        let advice: Value = serde_json::from_str(&ran.stdout).unwrap();
        let proof = &advice["proof"];
        let indexes = proof["indexes"].as_array().unwrap();
        let index = &indexes[0];
        assert_eq!(index["name"], "payments_order_id_idx", "{proof:#}");
        // What else is advised is for statements whose values nobody knows.
        let pay: Vec<bool> = indexes
            .iter()
            .map(|index| index["verdict"] == "pays")
            .collect();
        assert_eq!(pay.iter().position(|pays| *pays), Some(0), "{proof:#}");
        assert_eq!(pay.iter().filter(|pays| **pays).count(), 1, "{proof:#}");
        let number = |value: &Value| value.as_f64().unwrap();
        let real = number(&index["size_bytes"]);
        let told = number(&index["predicted_bytes"]);
        assert!((0.5..2.0).contains(&(told / real)), "{index:#}");
        let (was, is) = (
            number(&proof["total_ms_before"]),
            number(&proof["total_ms_after"]),
        );
        assert!(is < was, "{proof:#}");
        let statements = proof["statements"].as_array().unwrap();
        let paid = statements.iter().find(|one| {
            one["query"]
                .as_str()
                .unwrap()
                .contains("FROM billing.payments WHERE order_id")
        });
        let paid = paid.unwrap_or_else(|| panic!("{proof:#}"));
        assert!(
            number(&paid["after"]["blocks"]) * 10.0 < number(&paid["before"]["blocks"]),
            "{paid:#}"
        );
        let not_run = proof["not_run"].as_array().unwrap();
        assert!(
            not_run.iter().any(|one| one["because"] == "it writes"),
            "{proof:#}"
        );
        for one in statements {
            let query = one["query"].as_str().unwrap().trim_start().to_lowercase();
            assert!(
                query.starts_with("select") || query.starts_with("with"),
                "{query}"
            );
        }
        assert_eq!(ground.indexes(COPY).await, before);
        // The same for people, and it stays there on request.
        let ran = ground.run(&[
            "--prove",
            &copy,
            "--scratch",
            "--prove-keep",
            "--prove-rounds",
            "1",
        ]);
        assert!(ran.stdout.contains("Measured in"), "{}", ran.all());
        let kept = ground.indexes(COPY).await;
        assert_eq!(kept.len(), before.len() + indexes.len());
        assert!(
            !kept.iter().any(|index| index.contains("pgtriage")),
            "{kept:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_copy_is_refused() {
    let Some(ground) = ground(18).await else {
        return;
    };
    let copy = ground.cluster.conninfo(COPY);
    let refused = |ran: Ran, because: &str| {
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        assert!(ran.stderr.contains(because), "{}", ran.all());
    };
    refused(ground.run(&["--prove", &copy]), "--scratch");
    let client = ground.cluster.client(COPY).await;
    refused(
        ground.run(&["--prove", &copy, "--scratch"]),
        "others are connected",
    );
    // Plans without statistics are guesses.
    let forget = "DELETE FROM pg_statistic; UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relname = 'payments'";
    client
        .batch_execute(&format!("SET allow_system_table_mods = on; {forget}"))
        .await
        .unwrap();
    drop(client);
    refused(
        ground.run(&["--prove", &copy, "--scratch"]),
        "run ANALYZE there first",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_proof_leaves_nothing() {
    let Some(ground) = ground(18).await else {
        return;
    };
    let before = ground.indexes(COPY).await;
    let (shop, copy) = (
        ground.cluster.conninfo(DATABASE),
        ground.cluster.conninfo(COPY),
    );
    let further = ["--prove", &copy, "--scratch", "--prove-rounds", "100"];
    let mut command = ground.program.command(&ground.arguments(&shop, &further));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let client = ground.cluster.client("postgres").await;
    let running = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{COPY}' AND query LIKE 'EXPLAIN%ANALYZE%'"
    );
    loop {
        let count: i64 = client.query_one(&running, &[]).await.unwrap().get(0);
        if count > 0 || !runs(child.id()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    if !runs(child.id()) {
        let told = child.wait_with_output().unwrap();
        panic!("it ended before it could be interrupted: {told:?}");
    }
    signal("INT", i64::from(child.id()));
    tokio::task::block_in_place(|| {
        eventually("the proof has ended", || {
            child.try_wait().unwrap().is_some()
        });
    });
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(ground.indexes(COPY).await, before);
}

/// Runs the files of a folder, in order or backwards.
async fn apply(ground: &Ground, folder: &Path, end: &str) {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    if end == ".down.sql" {
        names.reverse();
    }
    let client = ground.cluster.client(DATABASE).await;
    for path in names
        .iter()
        .filter(|path| path.display().to_string().ends_with(end))
    {
        let text = std::fs::read_to_string(path).unwrap();
        // One statement at a time, as psql sends them.
        for statement in pgtriage::parse::split(&text) {
            let sql = &text[statement.text.clone()];
            let ran = client.batch_execute(sql).await;
            ran.unwrap_or_else(|e| panic!("{}: {sql}: {e:?}", path.display()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn written_advice_leaves_no_finding_and_goes_back() {
    on_majors(async |ground| {
        let before = ground.indexes(DATABASE).await;
        let ran = ground.run(&["--write", "out", "--layout", "golang-migrate"]);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        let folder = ground.program.path("out");
        let linted = ground
            .program
            .run(&["lint", "out", "--min-severity", "warning"]);
        assert_eq!(linted.code, Some(0), "{}", linted.all());
        apply(&ground, &folder, ".up.sql").await;
        // The shop goes on, so that the new index has its use.
        let client = ground.cluster.client(DATABASE).await;
        let paid = "SET enable_seqscan = off; SELECT * FROM billing.payments WHERE order_id = 7";
        client.batch_execute(paid).await.unwrap();
        drop(client);
        let shop = ground.cluster.conninfo(DATABASE);
        let check = || {
            ground.program.run(&[
                "check",
                "-d",
                &shop,
                "--family",
                "index",
                "--format",
                "json",
                "--no-remote-logs",
            ])
        };
        let checked = tokio::task::block_in_place(check);
        let found: Value = serde_json::from_str(&checked.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}", checked.all()));
        let left: Vec<&str> = (found["findings"].as_array().unwrap().iter())
            .filter(|finding| finding["severity"] != "info")
            .filter(|finding| {
                // A new index may be without use yet, and how slow a search of few rows is depends on the machine.
                let object = finding["object"].as_str().unwrap();
                let name = object.rsplit('.').next().unwrap();
                let is_known = before.iter().any(|index| index.contains(name));
                let is_passing = match finding["rule"].as_str() {
                    Some("index/unused") => !is_known,
                    Some("index/missing") => true,
                    _ => false,
                };
                !is_passing || object.contains("payments")
            })
            .map(|finding| finding["rule"].as_str().unwrap())
            .collect();
        // A unique index that could not be built is a matter of its rows: that is done by hand.
        assert_eq!(left, ["index/invalid"], "{}\n{}", checked.all(), ran.all());
        let hand = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let hand = hand.filter(|path| path.display().to_string().contains("by_hand"));
        let hand: Vec<String> = hand
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        assert!(
            hand.len() == 1 && hand[0].contains("customers_phone_key"),
            "{hand:?}"
        );
        apply(&ground, &folder, ".down.sql").await;
        assert_eq!(ground.indexes(DATABASE).await, before);
    })
    .await;
}
