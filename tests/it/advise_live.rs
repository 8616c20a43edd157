//! Advice from servers under a load whose figures the test knows, and a pooler that takes it.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pgtriage::advise::pool;
use pgtriage::cluster::{Cluster, Options, ServerBinaries};
use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{CollectOptions, Collector};
use pgtriage::facts::Store;
use pgtriage::report::pool::{Settings, ini};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::support::{Clients, eventually, loudly, newest, private, server};

/// What the sessions of a load know of it.
#[derive(Default)]
struct Known {
    stop: AtomicBool,
    transactions: AtomicU64,
    held_us: AtomicU64,
}

/// Sessions that each begin a transaction 20 times a second and pause in it for 20 ms.
async fn load(cluster: &Cluster, sessions: usize, known: Arc<Known>) {
    let work = (0..sessions).map(|_| async {
        let client = cluster.client("postgres").await;
        let mut tick = interval(Duration::from_millis(50));
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        while !known.stop.load(Ordering::Relaxed) {
            tick.tick().await;
            let start = Instant::now();
            client.batch_execute("BEGIN").await.unwrap();
            client
                .batch_execute("SELECT count(*) FROM pg_class")
                .await
                .unwrap();
            sleep(Duration::from_millis(20)).await;
            client.batch_execute("COMMIT").await.unwrap();
            let held = start.elapsed().as_micros() as u64;
            known.held_us.fetch_add(held, Ordering::Relaxed);
            known.transactions.fetch_add(1, Ordering::Relaxed);
        }
    });
    join_all(work).await;
}

/// Looks at a server under that load and compares what is found with what its sessions know.
async fn compare(server: &ServerBinaries) {
    let cluster = private(server, Options::default());
    let known = Arc::new(Known::default());
    let looks = async {
        let target = cluster.conninfo("postgres");
        let info = ConnInfo::resolve(Some(&target), &Environment::empty()).unwrap();
        let mut collector = Collector::connect(&[info], CollectOptions::default())
            .await
            .unwrap();
        let mut store = Store::in_memory().unwrap();
        collector.collect(&mut store, &mut |_| {}).await.unwrap();
        let now = || {
            (
                known.transactions.load(Ordering::Relaxed),
                known.held_us.load(Ordering::Relaxed),
                Instant::now(),
            )
        };
        let before = now();
        let mut told = 0.0;
        let never = std::future::pending();
        collector
            .watch(&store, Duration::from_secs(12), never, &mut |share| {
                told = share;
            })
            .await
            .unwrap();
        let after = now();
        known.stop.store(true, Ordering::Relaxed);
        collector.close().await;
        assert!(told > 0.8, "{told}");
        (store, before, after)
    };
    let ((store, before, after), ()) = tokio::join!(looks, load(&cluster, 4, Arc::clone(&known)));
    let transactions = (after.0 - before.0) as f64;
    let per_s = transactions / (after.2 - before.2).as_secs_f64();
    let hold_ms = (after.1 - before.1) as f64 / 1e3 / transactions;

    pool::write(store.connection(), &pool::Inputs::default()).unwrap();
    let (method, found_hold, found_rate, busy): (String, f64, f64, f64) = store
        .connection()
        .query_row(
            "SELECT method, hold_ms, transactions / window_ms * 1e3, busy_connections
             FROM pool_advice WHERE database_id IS NULL AND peak = 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let context = format!(
        "{server}: {per_s:.1}/s for {hold_ms:.1} ms; found {found_rate:.1}/s, {found_hold:.1} ms, {busy:.2} busy"
    );
    loudly(&context);
    assert_eq!(
        method,
        if server.major >= 14 {
            "counters"
        } else {
            "activity samples"
        }
    );
    let near = |found: f64, known: f64, share: f64| (found - known).abs() <= known * share;
    assert!(near(found_rate, per_s, 0.2), "{context}");
    assert!(near(found_hold, hold_ms, 0.3), "{context}");
    assert!(near(busy, per_s * hold_ms / 1e3, 0.35), "{context}");
    let spells: i64 = store
        .connection()
        .query_row(
            "SELECT sum(spells) FROM activity_spells WHERE kind = 'idle in transaction' AND duration_ms < 500",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(spells > 20, "{spells} pauses were seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_load_that_is_found_is_the_load_there_is() {
    for major in [13, 17, 18] {
        if let Some(server) = server(major) {
            compare(server).await;
        }
    }
}

#[tokio::test]
async fn pgbouncer_takes_the_settings() {
    if Command::new("pgbouncer").arg("--version").output().is_err() {
        loudly("=== SKIPPED: settings of PgBouncer: no pgbouncer here ===");
        return;
    }
    let Some(server) = newest() else { return };
    let cluster = private(server, Options::default());
    let settings = Settings {
        size: 7,
        total: 7,
        instances: Some(3),
        clients: 100,
        databases: vec![("postgres".to_owned(), 5), ("my shop".to_owned(), 2)],
        server: Some((
            cluster.home().display().to_string(),
            cluster.port().to_string(),
        )),
    };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    // What depends on the place; the later ones hold.
    let place = format!(
        "listen_port = {port}\nunix_socket_dir = {here}\nauth_type = trust\nauth_file = {here}/users\nlogfile = {here}/log\n"
    );
    std::fs::write(
        folder.path().join("ini"),
        format!("{}{place}", ini(&settings)),
    )
    .unwrap();
    std::fs::write(folder.path().join("users"), "\"postgres\" \"\"\n").unwrap();
    let owner = std::fs::metadata(cluster.data_dir()).unwrap();
    let mut command = Command::new("pgbouncer");
    command
        .arg("-q")
        .arg(folder.path().join("ini"))
        .stderr(Stdio::null());
    if std::fs::metadata(folder.path()).unwrap().uid() != owner.uid() {
        chown(folder.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        command.uid(owner.uid()).gid(owner.gid());
    }
    let mut process = command.spawn().unwrap();
    let socket = folder.path().join(format!(".s.PGSQL.{port}"));
    eventually("pgbouncer listens", || socket.exists());
    let target = format!("host={here} port={port} user=postgres dbname=postgres");
    let (client, connection) = tokio_postgres::connect(&target, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let rows = client.simple_query("SELECT 1").await;
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let _ = process.kill();
    let _ = process.wait();
    rows.unwrap_or_else(|error| panic!("{error}\n{log}"));
    for bad in ["unknown", "ERROR", "WARNING", "invalid"] {
        assert!(!log.contains(bad), "{log}");
    }
}
