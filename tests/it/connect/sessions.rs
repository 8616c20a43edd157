//! The sessions of a connection, as the server sees them.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pgtriage::cluster::{Cluster, Options, StopMode};
use pgtriage::collect::connect::{ReadError, Server};

use super::world::{World, ask, oldest_and_newest, read, tcp};
use crate::support::{Clients, private, servers};

/// A connection under a name of the test's own, by which its sessions are found.
pub async fn connect(cluster: &Cluster, name: &str) -> Server {
    let text = format!("{} application_name={name}", tcp(cluster));
    World::new().connect(&text).await.unwrap()
}

/// The states of the sessions of that name, sorted.
pub async fn states(cluster: &Cluster, name: &str) -> Vec<String> {
    let sql = "SELECT state FROM pg_stat_activity WHERE application_name = $1 ORDER BY 1";
    let rows = cluster
        .client("postgres")
        .await
        .query(sql, &[&name])
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Waits until `is` holds for the states of the sessions of that name.
async fn until(cluster: &Cluster, name: &str, is: impl Fn(&[String]) -> bool) {
    let start = Instant::now();
    loop {
        let states = states(cluster, name).await;
        if is(&states) {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "still {states:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until no session of that name does anything or is in a transaction.
pub async fn quiet(cluster: &Cluster, name: &str) {
    until(cluster, name, |states| {
        states.iter().all(|state| state == "idle")
    })
    .await;
}

/// Waits until the server has noticed that all sessions of that name have ended.
pub async fn gone(cluster: &Cluster, name: &str) {
    until(cluster, name, <[String]>::is_empty).await;
}

#[tokio::test]
async fn there_are_never_more_than_four_connections() {
    let server = servers().last().unwrap();
    let options = Options {
        tcp: true,
        ..Options::default()
    };
    let cluster = private(server, options);
    let server = connect(&cluster, "many").await;
    let mut databases = vec![server.clone()];
    for _ in 0..5 {
        databases.push(server.database(&cluster.fresh_database().await));
    }
    let work = (0..60).map(|number| {
        let server = databases[number % databases.len()].clone();
        async move {
            let answer = ask(
                &server,
                "SELECT current_database()::text || pg_sleep(0.02)::text",
            )
            .await;
            assert_eq!(answer, server.database_name());
        }
    });
    let watch = async {
        let client = cluster.client("postgres").await;
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'many'";
        let mut most = 0;
        for _ in 0..100 {
            let count: i64 = client.query_one(sql, &[]).await.unwrap().get(0);
            most = most.max(count);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        most
    };
    let (_, most) = tokio::join!(join_all(work), watch);
    assert_eq!(most, 4);
    // One after the other, as collectors do.
    for server in databases.iter().chain(&databases) {
        assert_eq!(
            ask(server, "SELECT current_database()::text").await,
            server.database_name()
        );
        assert!(states(&cluster, "many").await.len() <= 4);
    }
    // A database that is not there is told, and costs nothing.
    for _ in 0..6 {
        let error = server
            .database("nosuch")
            .read(Duration::ZERO, Duration::ZERO)
            .await
            .err()
            .unwrap();
        let expect = format!(
            "could not connect to 127.0.0.1:{}: database \"nosuch\" does not exist; give another dbname (postgres nearly always exists)",
            cluster.port()
        );
        assert_eq!(error.to_string(), expect);
    }
    server.close().await;
    gone(&cluster, "many").await;
}

#[tokio::test]
async fn a_goodbye_leaves_nothing_in_the_servers_log() {
    for server in oldest_and_newest() {
        let options = Options {
            tcp: true,
            ..Options::default()
        };
        let cluster = private(server, options.set("log_disconnections", "on"));
        let server = connect(&cluster, "polite").await;
        ask(&server, "SELECT 'x'").await;
        let read = server
            .read(Duration::from_mins(1), Duration::from_mins(1))
            .await
            .unwrap();
        drop(read);
        server.close().await;
        let server = connect(&cluster, "polite").await;
        ask(&server, "SELECT 'x'").await;
        drop(server);
        quiet(&cluster, "polite").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let log = std::fs::read_to_string(cluster.log_path())
            .unwrap()
            .to_lowercase();
        for noise in [
            "unexpected eof",
            "reset by peer",
            "could not",
            "error",
            "fatal",
        ] {
            assert!(!log.contains(noise), "{log}");
        }
        assert!(
            log.matches("disconnection: session time").count() >= 2,
            "{log}"
        );
    }
}

#[tokio::test]
async fn a_server_that_goes_away_is_told_and_found_again() {
    let options = Options {
        tcp: true,
        ..Options::default()
    };
    let mut cluster = private(servers().last().unwrap(), options);
    let server = connect(&cluster, "away").await;
    ask(&server, "SELECT 'x'").await;
    let mut transaction = read(&server).await;
    cluster.stop(StopMode::Immediate).unwrap();
    let error = transaction.query_all("SELECT 1", &[]).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    drop(transaction);
    let error = server
        .read(Duration::ZERO, Duration::ZERO)
        .await
        .err()
        .unwrap();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(matches!(&error, ReadError::Connect(_)), "{error:?}");
    assert!(
        error
            .to_string()
            .ends_with("connection refused; is the server running there, and is the port right?"),
        "{error}"
    );
    cluster.restart().unwrap();
    assert_eq!(ask(&server, "SELECT 'back'").await, "back");
}
