//! Several hosts: which one is taken, and what is said when none will do.

use std::collections::BTreeSet;
use std::net::TcpListener;

use pgtriage::cluster::{Cluster, Options, ServerBinaries};

use super::world::{World, ask};
use crate::support::{Clients, on_the_ends, private, servers};

fn options() -> Options {
    Options {
        tcp: true,
        hba: vec!["host all scram 127.0.0.1/32 scram-sha-256".to_owned()],
        ..Options::default()
    }
}

/// A server in recovery. It waits for a primary that does not exist.
fn standby(server: &ServerBinaries) -> Cluster {
    let mut options = options();
    options
        .files
        .push(("standby.signal".to_owned(), Vec::new()));
    private(server, options)
}

fn to(hosts: &[u16], rest: &str) -> String {
    let names = vec!["127.0.0.1"; hosts.len()].join(",");
    let ports: Vec<String> = hosts.iter().map(u16::to_string).collect();
    let ports = ports.join(",");
    format!("host={names} port={ports} user=postgres dbname=postgres {rest}")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn the_first_host_of_the_wanted_kind_is_taken() {
    on_the_ends(async |server| {
        let primary = private(server, options());
        let standby = standby(server);
        let roles = "CREATE ROLE reader SUPERUSER LOGIN; ALTER ROLE reader SET default_transaction_read_only = on";
        primary.client("postgres").await.batch_execute(roles).await.unwrap();
        let (p, s, dead) = (primary.port(), standby.port(), free_port());
        for (hosts, target, expect) in [
            (vec![dead, p], "any", Some(p)),
            (vec![dead, s, p], "any", Some(s)),
            (vec![p, s], "primary", Some(p)),
            (vec![s, p], "primary", Some(p)),
            (vec![s, p], "read-write", Some(p)),
            (vec![p, s], "standby", Some(s)),
            (vec![p, s], "read-only", Some(s)),
            (vec![p, s], "prefer-standby", Some(s)),
            (vec![p, dead], "prefer-standby", Some(p)),
            (vec![s, dead], "primary", None),
            (vec![p, dead], "standby", None),
        ] {
            let text = to(&hosts, &format!("target_session_attrs={target}"));
            match (World::new().connect(&text).await, expect) {
                (Ok(server), Some(port)) => {
                    let expect = format!("postgres@127.0.0.1:{port}");
                    assert_eq!(server.display_target(), expect, "{target} of {hosts:?}");
                    assert_eq!(server.info().in_recovery, port == s);
                    // Other databases are looked at on the same server.
                    let other = server.database("template1");
                    let recovers = ask(&other, "SELECT pg_is_in_recovery()::text").await;
                    assert_eq!(recovers, (port == s).to_string());
                }
                (Err(error), None) => {
                    let told = error.to_string();
                    let wrong = format!("127.0.0.1:{} (the server is not what target_session_attrs={target} asks for)", hosts[0]);
                    assert!(told.contains(&wrong), "{told}");
                    assert!(told.contains(&format!("127.0.0.1:{dead} (connection refused)")), "{told}");
                }
                (Ok(server), None) => panic!("{target} of {hosts:?}: {server:?}"),
                (Err(error), Some(_)) => panic!("{target} of {hosts:?}: {error}"),
            }
        }
        for (target, accepted) in [("read-only", true), ("read-write", false), ("primary", true)] {
            let text = to(&[p], &format!("user=reader target_session_attrs={target}"));
            assert_eq!(World::new().connect(&text).await.is_ok(), accepted, "{target}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_final_and_a_dead_host_is_not() {
    let server = servers().last().unwrap();
    let cluster = private(server, options());
    let role = "CREATE ROLE scram LOGIN PASSWORD 'secret'";
    cluster
        .client("postgres")
        .await
        .batch_execute(role)
        .await
        .unwrap();
    let other = private(server, options());
    let cold = private(server, {
        let mut options = options().set("hot_standby", "off");
        options
            .files
            .push(("standby.signal".to_owned(), Vec::new()));
        options
    });
    let world = World::new();
    let (here, there, dead) = (cluster.port(), other.port(), free_port());

    // libpq does not go on after a refusal, either.
    let told = world
        .refused(&to(&[here, there], "user=scram password=wrong"))
        .await;
    assert_eq!(
        told,
        format!(
            "could not connect to 127.0.0.1:{here}: password authentication failed for user \"scram\"; the password came from the connection string"
        )
    );
    let told = world
        .refused(&to(&[dead, here], "user=scram password=wrong"))
        .await;
    assert_eq!(
        told,
        format!(
            "could not connect to any of 127.0.0.1:{dead} (connection refused), 127.0.0.1:{here} (password authentication failed for user \"scram\"); the password came from the connection string"
        )
    );
    let second = free_port();
    let told = world.refused(&to(&[dead, second], "")).await;
    assert_eq!(
        told,
        format!(
            "could not connect to any of 127.0.0.1:{dead} (connection refused), 127.0.0.1:{second} (connection refused); is the server running there, and is the port right?"
        )
    );

    // A server that takes no connections now is passed over.
    let told = world.refused(&to(&[cold.port()], "")).await;
    assert!(
        told.starts_with(&format!(
            "could not connect to 127.0.0.1:{}: the database system is not accepting connections",
            cold.port()
        )),
        "{told}"
    );
    assert!(told.ends_with("; try again in a moment"), "{told}");
    let server = world.connect(&to(&[cold.port(), here], "")).await.unwrap();
    assert_eq!(
        server.display_target(),
        format!("postgres@127.0.0.1:{here}")
    );

    // By chance, when asked for.
    let mut found = BTreeSet::new();
    for _ in 0..40 {
        let text = to(&[here, there], "load_balance_hosts=random");
        found.insert(world.connect(&text).await.unwrap().display_target());
    }
    assert_eq!(found.len(), 2);
    for _ in 0..5 {
        let server = world.connect(&to(&[here, there], "")).await.unwrap();
        assert_eq!(
            server.display_target(),
            format!("postgres@127.0.0.1:{here}")
        );
    }
}
