//! `check` as a user runs it, on each major and with each kind of access: what is found is stated
//! once for all majors, and a snapshot gives what the live server gave.

use pgtriage::cluster::{Cluster, Options};
use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{Clients, Program, Ran, on_each_server, private};

const WORLD: &str = "
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    CREATE ROLE bare LOGIN; CREATE ROLE mon LOGIN; GRANT pg_monitor TO mon;
    ALTER ROLE bare PASSWORD 'role-secret';
    CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO bare, mon;
    CREATE TABLE app.customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
    CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int REFERENCES app.customers, note text);
    CREATE TABLE app.events (at timestamptz, what text) WITH (autovacuum_enabled = off);
    CREATE INDEX events_at ON app.events (at);
    CREATE INDEX events_at_again ON app.events (at);
    CREATE INDEX events_at_what ON app.events (at, what);
    INSERT INTO app.customers (name) SELECT 'value-secret' FROM generate_series(1, 20000);
    INSERT INTO app.orders SELECT i, i, 'x' FROM generate_series(1, 20000) i;
    INSERT INTO app.events SELECT now(), 'x' FROM generate_series(1, 20000) i;
    ALTER TABLE app.customers ALTER id RESTART WITH 2000000000;
    INSERT INTO app.customers (name) VALUES ('value-secret');
    ALTER TABLE app.orders ADD CONSTRAINT orders_note CHECK (note <> '') NOT VALID;
    CREATE FUNCTION app.powerful() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    ANALYZE;";

const SECRETS: [&str; 3] = ["role-secret", "value-secret", "standby-secret"];

fn keys(ran: &Ran) -> Vec<String> {
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.all());
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap().iter();
    let mut keys: Vec<String> = findings
        .map(|finding| {
            let severity = finding["severity"].as_str().unwrap();
            format!("{severity} {}", finding["key"].as_str().unwrap())
        })
        .collect();
    keys.sort();
    keys
}

/// What `user` finds; the same live and from a snapshot, with no secret anywhere.
fn found(program: &Program, cluster: &Cluster, user: &str) -> String {
    let target = format!("{} user={user}", cluster.conninfo("postgres"));
    // What the machine has is told, so that it is the same everywhere.
    let machine = "--cores=2 --memory=4GB --storage=hdd --disk=100GB";
    let machine: Vec<&str> = machine.split(' ').collect();
    let check = ["check", "--format", "json", "-d", &target];
    let live = program.run(&[&check[..], &machine].concat());
    let file = format!("{user}.facts");
    let snapshot = ["snapshot", "--force", "-d", &target, "-o", &file];
    let taken = program.run(&[&snapshot[..], &machine].concat());
    assert_eq!(taken.code, Some(0), "{}", taken.all());
    let saved = program.run(&["check", "--format", "json", "--snapshot", &file]);
    assert_eq!(keys(&live), keys(&saved));
    let bytes = std::fs::read(program.path(&file)).unwrap();
    let bytes = String::from_utf8_lossy(&bytes);
    for secret in SECRETS {
        for told in [&live.all(), &saved.all(), &taken.all(), &*bytes] {
            assert!(!told.contains(secret), "{user}: {secret}");
        }
    }
    // Ages of versions are another matter: each has its own. 13 knows no check of clients.
    let others = [" server/", " setting/client-check-off"];
    let findings = keys(&live);
    let findings = findings
        .iter()
        .filter(|key| !others.iter().any(|other| key.contains(other)));
    findings.cloned().collect::<Vec<_>>().join("\n")
}

async fn counted(client: &Client) {
    let counted = "SELECT n_tup_ins > 0 FROM pg_stat_user_tables WHERE relname = 'events'";
    for _ in 0..100 {
        if client.query_one(counted, &[]).await.unwrap().get(0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no counters came out");
}

#[tokio::test]
async fn findings_are_the_same_on_all_majors_for_each_kind_of_access() {
    on_each_server(async |server| {
        // What the majors have by default differs; here it is the same.
        let settings = [
            ("primary_conninfo", "host=nowhere password=standby-secret"),
            ("fsync", "on"),
            ("full_page_writes", "on"),
            ("synchronous_commit", "on"),
            ("password_encryption", "scram-sha-256"),
            ("log_autovacuum_min_duration", "10min"),
            ("log_checkpoints", "on"),
            ("checkpoint_completion_target", "0.9"),
        ];
        let options = Options {
            preload: vec!["pg_stat_statements".to_owned()],
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Options::default()
        };
        let cluster = private(server, options);
        let client = cluster.client("postgres").await;
        let recreate = |with: &str| format!("DROP EXTENSION IF EXISTS pg_stat_statements; {with}");
        client
            .batch_execute(&recreate("CREATE EXTENSION pg_stat_statements"))
            .await
            .unwrap();
        client.batch_execute(WORLD).await.unwrap();
        counted(&client).await;
        let program = Program::new();
        for user in ["postgres", "mon", "bare"] {
            insta::assert_snapshot!(format!("found_by_{user}"), found(&program, &cluster, user));
        }
        let whole = found(&program, &cluster, "postgres");
        for extension in [
            "CREATE SCHEMA tools; CREATE EXTENSION pg_stat_statements SCHEMA tools",
            "CREATE EXTENSION pg_stat_statements SCHEMA tools VERSION '1.6'",
        ] {
            client.batch_execute(&recreate(extension)).await.unwrap();
            assert_eq!(found(&program, &cluster, "postgres"), whole, "{extension}");
        }
        client.batch_execute(&recreate("")).await.unwrap();
        insta::assert_snapshot!(
            "found_without_statements",
            found(&program, &cluster, "postgres")
        );
    })
    .await;
}
