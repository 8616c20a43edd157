//! The healthy server of `docs/healthy-server.md`: nothing to warn of on any major, for whoever looks.

use pgtriage::cluster::{Cluster, Options};
use serde_json::Value;

use super::held::connect;
use super::world::send;
use crate::connect::certificates::Authority;
use crate::support::{Clients, Program, loudly, on_each_server, private};

const CONF: &str = include_str!("../../../fixtures/healthy/server.conf");
const SCHEMA: &str = include_str!("../../../fixtures/healthy/schema.sql");
const WORKLOAD: &str = include_str!("../../../fixtures/healthy/workload.sql");

/// Rounds of the workload.
const ROUNDS: u32 = 300;

/// `name = value` lines, unquoted.
fn settings() -> Vec<(String, String)> {
    let lines = CONF
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (name, value) = line.split_once(" = ").unwrap();
        (name.to_owned(), value.trim_matches('\'').to_owned())
    };
    lines.map(pair).collect()
}

async fn work(cluster: &Cluster) {
    let mut client = None;
    for line in WORKLOAD.lines() {
        if let Some(role) = line.strip_prefix("-- as ") {
            client = Some(connect(cluster, role, "ledger", false).await);
        } else if !line.starts_with("--") {
            for i in 1..=ROUNDS {
                send(
                    client.as_ref().unwrap(),
                    &line.replace("{i}", &i.to_string()),
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn a_healthy_server_gives_nothing_to_warn_of() {
    let Some(authority) = Authority::new("test") else {
        return;
    };
    let pair = authority.self_signed("localhost");
    on_each_server(async |server| {
        let options = Options {
            settings: settings(),
            initdb: vec!["--data-checksums".to_owned()],
            durable: true,
            ..Options::default()
        };
        let options = options.ssl(&pair.certificate, &pair.key);
        let cluster = private(server, options);
        let client = cluster.client("postgres").await;
        send(&client, SCHEMA).await;
        send(&client, "VACUUM (ANALYZE)").await;
        send(&client, "SELECT pg_switch_wal()").await;
        work(&cluster).await;
        let program = Program::new();
        let mut wrong = Vec::new();
        for role in ["postgres", "watcher"] {
            let target = format!("{} user={role}", cluster.conninfo("postgres"));
            let ran = program.run(&[
                "check",
                "--format",
                "json",
                "--fail-on",
                "warning",
                "-d",
                &target,
            ]);
            let json: Value =
                serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.all()));
            let findings = json["findings"].as_array().unwrap();
            let graver = findings.iter().filter(|f| f["severity"] != "info");
            wrong.extend(
                graver.map(|f| format!("{role}: {} {}: {}", f["rule"], f["object"], f["detail"])),
            );
            let info = findings
                .iter()
                .map(|f| format!("{} {}", f["rule"], f["object"]));
            loudly(&format!(
                "healthy {server} for {role}: info: {}",
                info.collect::<Vec<_>>().join(", ")
            ));
            if ran.code != Some(0) {
                wrong.push(format!("{role}: exit {:?}: {}", ran.code, ran.stderr));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    })
    .await;
}
