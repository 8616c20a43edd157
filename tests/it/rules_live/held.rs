//! Sessions that are held open while a world is looked at.

use std::net::{IpAddr, UdpSocket};

use pgtriage::cluster::Cluster;
use serde::Deserialize;
use tokio_postgres::{Client, NoTls};

use super::world::send;
use crate::support::Clients;

/// A session to be held.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    #[serde(default = "postgres")]
    role: String,
    #[serde(default)]
    app: String,
    /// By the network and not by the socket.
    #[serde(default)]
    remote: bool,
    /// What it runs, one by one.
    #[serde(default)]
    run: Vec<String>,
    /// What it runs then without coming to an end.
    #[serde(default)]
    waits: Option<String>,
    #[serde(default = "one")]
    times: u32,
}

fn postgres() -> String {
    "postgres".to_owned()
}

fn one() -> u32 {
    1
}

/// Those that are open; they end when this is dropped.
#[derive(Default)]
pub struct Sessions(Vec<Client>);

impl Sessions {
    pub async fn open(&mut self, cluster: &Cluster, held: &Held) {
        for _ in 0..held.times {
            let client = connect(cluster, &held.role, &held.app, held.remote).await;
            for sql in &held.run {
                send(&client, sql).await;
            }
            if let Some(sql) = held.waits.clone() {
                let waiting = connect(cluster, &held.role, &held.app, held.remote).await;
                tokio::spawn(async move { waiting.batch_execute(&sql).await });
            }
            self.0.push(client);
        }
    }

    /// Sends a statement to a cluster in a session that stays.
    pub async fn send(&mut self, cluster: &Cluster, sql: &str) {
        let client = cluster.client("postgres").await;
        send(&client, sql).await;
        self.0.push(client);
    }
}

/// An address of this machine that is not its loopback. Nothing is sent.
pub fn own_address() -> IpAddr {
    let found = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    found
        .unwrap_or_else(|e| panic!("this machine has no address but its loopback: {e}"))
        .ip()
}

/// A connection under a name.
pub async fn connect(cluster: &Cluster, role: &str, app: &str, remote: bool) -> Client {
    let mut target = format!(
        "{} user={role} application_name='{app}'",
        cluster.conninfo("postgres")
    );
    if remote {
        let (address, port) = (own_address(), cluster.port());
        target = format!(
            "host={address} port={port} dbname=postgres user={role} application_name='{app}'"
        );
    }
    let connected = tokio_postgres::connect(&target, NoTls).await;
    let (client, connection) =
        connected.unwrap_or_else(|e| panic!("cannot connect by {target}: {e}"));
    tokio::spawn(async {
        // It ends in an error where the server is stopped under it.
        let _ = connection.await;
    });
    client
}

/// Two sessions that wait for each other; the server ends one of them.
pub async fn deadlock(cluster: &Cluster) {
    let admin = cluster.client("postgres").await;
    let pair = "CREATE TABLE IF NOT EXISTS pair (id int PRIMARY KEY, n int);
        INSERT INTO pair VALUES (1, 0), (2, 0) ON CONFLICT DO NOTHING";
    send(&admin, pair).await;
    let one = cluster.client("postgres").await;
    let two = cluster.client("postgres").await;
    for (client, id) in [(&one, 1), (&two, 2)] {
        let begin = format!(
            "SET deadlock_timeout = '20ms'; BEGIN; UPDATE pair SET n = n + 1 WHERE id = {id}"
        );
        send(client, &begin).await;
    }
    let (first, second) = tokio::join!(
        one.batch_execute("UPDATE pair SET n = n + 1 WHERE id = 2; COMMIT"),
        two.batch_execute("UPDATE pair SET n = n + 1 WHERE id = 1; COMMIT")
    );
    assert!(first.is_err() || second.is_err(), "no deadlock");
}
