//! Throwaway clusters on real servers: they start, answer, do as told, and leave nothing behind
//! however their owner ends.

use std::fs::{self, Permissions};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use pgtriage::cluster::{self, Cluster, ClusterError, Options, Place, StopMode};

use tokio_postgres::NoTls;

use crate::support::{
    Clients, eventually, loudly, newest, on_each_major, on_the_ends, private, runs, server,
    servers, template,
};

async fn ask(cluster: &Cluster, query: &str) -> String {
    let row = cluster.client("postgres").await.query_one(query, &[]).await;
    row.unwrap().get(0)
}

/// The process id of the postmaster.
fn postmaster(cluster: &Cluster) -> u32 {
    let text = fs::read_to_string(cluster.data_dir().join("postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn every_server_starts_and_answers() {
    on_each_major(async |cluster| {
        let number: u32 = ask(cluster, "SHOW server_version_num")
            .await
            .parse()
            .unwrap();
        assert_eq!(number / 10000, cluster.server().major);
        assert_eq!(number % 10000, cluster.server().minor);
        assert_eq!(ask(cluster, "SHOW server_encoding").await, "UTF8");
        assert_eq!(ask(cluster, "SHOW TimeZone").await, "UTC");
        assert_eq!(ask(cluster, "SHOW fsync").await, "off");
        let database = cluster.fresh_database().await;
        let client = cluster.client(&database).await;
        client
            .batch_execute("CREATE EXTENSION pg_stat_statements")
            .await
            .unwrap();
        let calls = client
            .query_one("SELECT count(*) FROM pg_stat_statements", &[])
            .await;
        assert!(calls.unwrap().get::<_, i64>(0) > 0);
        let url = cluster.url(&database).unwrap();
        assert!(tokio_postgres::connect(&url, NoTls).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_cluster_that_is_dropped_leaves_nothing() {
    on_the_ends(async |server| {
        let options = Options::default()
            .set("work_mem", "7MB")
            .set("search_path", "it's, b");
        let cluster = private(server, options);
        let home = cluster.home().to_owned();
        assert_eq!(
            fs::metadata(&home).unwrap().permissions().mode() & 0o777,
            0o700
        );
        assert_eq!(ask(&cluster, "SHOW work_mem").await, "7MB");
        assert_eq!(ask(&cluster, "SHOW search_path").await, "it's, b");
        assert_eq!(ask(&cluster, "SHOW listen_addresses").await, "");
        assert_eq!(cluster.url("postgres"), None);
        let postmaster = postmaster(&cluster);
        drop(cluster);
        assert!(!home.exists(), "{} is left", home.display());
        assert!(!runs(postmaster), "process {postmaster} is left");
    })
    .await;
}

#[tokio::test]
async fn a_cluster_does_as_told() {
    let Some(server) = newest() else { return };
    let mut cluster = private(
        server,
        Options {
            tcp: true,
            ..Options::default()
        },
    );
    let started = "SELECT pg_postmaster_start_time()::text";
    let first = ask(&cluster, started).await;

    cluster
        .configure(&[("log_lock_waits".to_owned(), "on".to_owned())])
        .unwrap();
    cluster.reload().unwrap();
    let client = cluster.client("postgres").await;
    for attempt in 1.. {
        let row = client.query_one("SHOW log_lock_waits", &[]).await.unwrap();
        if row.get::<_, &str>(0) == "on" {
            break;
        }
        assert!(attempt < 500, "the reload has no effect");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    let port = cluster.port();
    cluster.restart().unwrap();
    let second = ask(&cluster, started).await;
    assert_ne!(first, second);
    assert_eq!(port, cluster.port());

    cluster.stop(StopMode::Fast).unwrap();
    assert!(
        tokio_postgres::connect(&cluster.conninfo("postgres"), NoTls)
            .await
            .is_err()
    );
    cluster.resume().unwrap();
    cluster.stop(StopMode::Immediate).unwrap();
    cluster.resume().unwrap();
    assert!(
        fs::read_to_string(cluster.log_path())
            .unwrap()
            .contains("automatic recovery")
    );

    let killed = postmaster(&cluster);
    let home = cluster.home().to_owned();
    cluster.kill().unwrap();
    eventually("the postmaster is killed", || !runs(killed));
    drop(cluster);
    assert!(!home.exists());
}

#[tokio::test]
async fn options_reach_the_server() {
    let Some(server) = newest() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (crt, key) = (folder.path().join("crt"), folder.path().join("key"));
    let openssl = Command::new("openssl")
        .args([
            "req",
            "-new",
            "-x509",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-out",
        ])
        .arg(&crt)
        .arg("-keyout")
        .arg(&key)
        .output();
    let mut options = Options {
        tcp: true,
        hba: vec!["host all nobody_knows 127.0.0.1/32 reject".to_owned()],
        initdb: vec!["--data-checksums".to_owned()],
        durable: true,
        ..Options::default()
    };
    let ssl = openssl.is_ok_and(|o| o.status.success());
    if ssl {
        options = options.ssl(&fs::read(&crt).unwrap(), &fs::read(&key).unwrap());
    } else {
        loudly("=== SKIPPED: a cluster with TLS: no openssl here ===");
    }
    let cluster = Cluster::start(server, &options).unwrap();
    assert_eq!(ask(&cluster, "SHOW data_checksums").await, "on");
    assert_eq!(ask(&cluster, "SHOW fsync").await, "on");
    assert_eq!(
        ask(&cluster, "SHOW ssl").await,
        if ssl { "on" } else { "off" }
    );
    let url = cluster
        .url("postgres")
        .unwrap()
        .replace("postgres@", "nobody_knows@");
    let refused = tokio_postgres::connect(&url, NoTls).await.err().unwrap();
    let refused = refused.as_db_error().unwrap().message();
    assert!(
        refused.starts_with("pg_hba.conf rejects connection"),
        "{refused}"
    );
}

#[test]
fn a_broken_setting_is_told_in_the_servers_words() {
    for server in servers() {
        let options = Options {
            copy_of: Some(template(server)),
            ..Options::default().set("no_such_setting", "1")
        };
        let error = Cluster::start(server, &options)
            .err()
            .expect("it must not start");
        let text = error.to_string();
        let version = server.version();
        assert!(
            text.starts_with(&format!("PostgreSQL {version}: start failed; it says\n")),
            "{text}"
        );
        assert!(
            text.contains("unrecognized configuration parameter \"no_such_setting\""),
            "{text}"
        );
    }
}

#[test]
fn a_broken_argument_of_initdb_is_told() {
    let Some(server) = newest() else { return };
    let options = Options {
        initdb: vec!["--no-such-option".to_owned()],
        ..Options::default()
    };
    let text = Cluster::start(server, &options).err().unwrap().to_string();
    assert!(
        text.contains("initdb failed") && text.contains("no-such-option"),
        "{text}"
    );
}

#[test]
fn a_taken_port_is_replaced() {
    let Some(server) = newest() else { return };
    let mut cluster = private(
        server,
        Options {
            tcp: true,
            ..Options::default()
        },
    );
    cluster.stop(StopMode::Fast).unwrap();
    let taken = TcpListener::bind(("127.0.0.1", cluster.port())).unwrap();
    cluster.resume().unwrap();
    assert_ne!(cluster.port(), taken.local_addr().unwrap().port());
    assert!(TcpStream::connect(("127.0.0.1", cluster.port())).is_ok());
}

#[test]
fn a_named_folder_is_taken_or_refused() {
    let Some(newest) = newest() else { return };
    let best = cluster::best(Some(&newest.bin)).unwrap();
    assert_eq!((&best.bin, best.place), (&newest.bin, Place::Named));
    let empty = tempfile::tempdir().unwrap();
    let error = cluster::best(Some(empty.path())).unwrap_err();
    assert!(matches!(error, ClusterError::NotAServer { .. }));
    assert!(error.to_string().ends_with("it has no postgres"), "{error}");
    if let Some(old) = server(12) {
        let error = cluster::best(Some(&old.bin)).unwrap_err();
        assert!(
            error.to_string().ends_with("major 12 is not supported"),
            "{error}"
        );
    }
}

#[test]
fn the_script_and_the_program_agree_on_the_folder_of_servers() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cluster/fetch.sh");
    let told = Command::new("sh")
        .args([script, "--folder"])
        .output()
        .unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let folder = cluster::fetched_servers().unwrap();
    assert_eq!(told.trim_end(), folder.to_str().unwrap());
}

#[test]
fn a_server_that_was_fetched_costs_nothing_to_fetch_again() {
    let Some(server) = servers().iter().find(|s| s.place == Place::Fetched) else {
        return loudly("=== SKIPPED: fetching again: no server here was fetched ===");
    };
    let mut steps = Vec::new();
    cluster::fetch(&[server.major], |step| steps.push(step.to_owned())).unwrap();
    let start = format!("PostgreSQL {}: {}", server.major, server.version());
    assert!(
        steps.len() == 1 && steps[0].starts_with(&start) && steps[0].contains(" is in "),
        "{steps:?}"
    );
}

#[test]
fn what_cannot_be_fetched_is_said() {
    let mut steps = Vec::new();
    let error = cluster::fetch(&[11], |step| steps.push(step.to_owned())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "fetching PostgreSQL servers failed: no PostgreSQL server of major 11 can be fetched: 12 to 18 can",
    );
    assert!(steps.is_empty());
}

#[tokio::test]
#[ignore = "slow: downloads two servers of 22 MB"]
async fn fetched_servers_start() {
    let folder = tempfile::tempdir().unwrap();
    // As an ordinary user whose home is new, there is no other cache to find them in.
    fs::set_permissions(folder.path(), Permissions::from_mode(0o1777)).unwrap();
    let fetch = || {
        let mut command = Command::new("sh");
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cluster/fetch.sh"))
            .args(["13", "18"])
            .env("PGTRIAGE_SERVERS", folder.path().join("servers"))
            .env("HOME", folder.path())
            .env_remove("XDG_CACHE_HOME")
            .current_dir(folder.path())
            .stdin(Stdio::null());
        if fs::metadata(folder.path()).unwrap().uid() == 0 {
            command.uid(65534).gid(65534);
        }
        command
    };
    let two_at_a_time = [fetch().spawn().unwrap(), fetch().spawn().unwrap()];
    for mut run in two_at_a_time {
        assert!(run.wait().unwrap().success());
    }
    let again = String::from_utf8(fetch().output().unwrap().stdout).unwrap();
    assert_eq!(
        again
            .lines()
            .filter(|line| line.contains(" is in "))
            .count(),
        2,
        "{again}"
    );
    for major in [13, 18] {
        let bin = folder.path().join(format!("servers/pg{major}/native/bin"));
        let server = cluster::best(Some(&bin)).unwrap();
        let cluster = Cluster::start(&server, &Options::default()).unwrap();
        // Its library libpq is found by a link that the script has made.
        let client = cluster.client("postgres").await;
        client
            .batch_execute("CREATE EXTENSION postgres_fdw")
            .await
            .unwrap();
        assert_eq!(server.major, major);
    }
}
