//! HypoPG of a running server: two sessions, the indexes that it passes over, those that it hides.
//!
//! Runs on each server whose HypoPG is installed beside it, and says so loudly where there is none.

use std::collections::BTreeSet;

use pgtriage::advise::index::{Handle, IndexSpec, Key, Planned, Question, Sized, WhatIf};
use pgtriage::cli::what_if::HypoPg;
use pgtriage::cluster::{self, Cluster, Options, SUPPORTED_MAJORS, ServerBinaries};
use pgtriage::collect::connect::{ConnInfo, Environment};
use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{Clients, Program, collect, loudly, private};

mod led;
mod sessions;

const TABLES: &str = "
CREATE EXTENSION hypopg;
CREATE TABLE customers (id int PRIMARY KEY, city text, mail text);
CREATE TABLE orders (id int PRIMARY KEY, customer int, status text, note text);
INSERT INTO customers SELECT g, 'city ' || g % 50, 'User' || g || '@example.com' FROM generate_series(1, 5000) g;
INSERT INTO orders SELECT g, g % 5000, CASE WHEN g % 100 = 0 THEN 'open' ELSE 'done' END, repeat('x', 80)
  FROM generate_series(1, 60000) g;
CREATE INDEX orders_status ON orders (status);
CREATE ROLE few LOGIN CONNECTION LIMIT 4;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO few;
ANALYZE;";

/// Servers that have HypoPG, of each version one at least.
fn servers() -> Vec<ServerBinaries> {
    let all = cluster::servers(None).unwrap_or_default().into_iter();
    let mut known = BTreeSet::new();
    let with: Vec<ServerBinaries> = all
        .filter(|server| SUPPORTED_MAJORS.contains(&server.major))
        .filter(|server| server.has_extension("hypopg"))
        // The same programs may be found at several places.
        .filter(|server| known.insert(std::fs::canonicalize(server.bin.join("postgres")).unwrap()))
        .collect();
    if with.is_empty() {
        loudly("SKIPPED: HypoPG: no server of this machine has it (Debian: postgresql-NN-hypopg)");
    }
    with
}

/// A server with tables, and HypoPG asked by some role.
struct World {
    cluster: Cluster,
    client: Client,
    hypopg: HypoPg,
}

impl World {
    async fn new(server: &ServerBinaries) -> Self {
        let cluster = private(server, Options::default().set("autovacuum", "off"));
        let client = cluster.client("postgres").await;
        client.batch_execute(TABLES).await.unwrap();
        loudly(&format!("HypoPG of {server}"));
        Self {
            hypopg: connect(&cluster, "postgres").await,
            cluster,
            client,
        }
    }

    fn plan(&mut self, text: &str, with: &[Handle]) -> Planned {
        self.plan_without(text, with, &[]).unwrap()
    }

    fn plan_without(
        &mut self,
        text: &str,
        with: &[Handle],
        without: &[i64],
    ) -> Result<Planned, String> {
        let question = Question {
            text,
            is_generic: text.contains("$1"),
            settings: &[],
            with,
            without,
        };
        blocking(|| self.hypopg.plan(&[question]).unwrap()).remove(0)
    }

    /// What was not told yet, but for what it cannot hide.
    fn notes(&mut self) -> Vec<String> {
        told(&mut self.hypopg)
    }

    /// Processes of sessions of ours.
    async fn sessions(&self) -> Vec<i32> {
        let sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgtriage' ORDER BY backend_start";
        let rows = self.client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn end(&self, session: i32) {
        let sql = "SELECT pg_terminate_backend($1)";
        self.client.query(sql, &[&session]).await.unwrap();
        while self.sessions().await.contains(&session) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

async fn connect(cluster: &Cluster, user: &str) -> HypoPg {
    let conninfo = cluster.conninfo("postgres");
    let store = collect(&conninfo).await;
    let conninfo = format!("{conninfo} user={user}");
    let info = ConnInfo::resolve(Some(&conninfo), &Environment::empty()).unwrap();
    blocking(|| HypoPg::connect(&info, store.connection(), 1).unwrap())
}

fn told(hypopg: &mut HypoPg) -> Vec<String> {
    let mut notes = hypopg.notes();
    notes.retain(|note| !note.contains("takes no index for gone"));
    notes
}

fn make(hypopg: &mut HypoPg, specs: &[IndexSpec]) -> Vec<Handle> {
    let sized = specs.iter().map(|spec| Sized {
        spec: spec.clone(),
        pages: 10,
        rows: 1.0,
        height: 1,
    });
    let sized: Vec<Sized> = sized.collect();
    let made = blocking(|| hypopg.create(&sized).unwrap());
    made.into_iter().map(Result::unwrap).collect()
}

/// HypoPG's sessions have a runtime of their own.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn spec(table: &str, keys: Vec<Key>, predicate: Option<&str>) -> IndexSpec {
    IndexSpec {
        relation: 0,
        schema: "public".to_owned(),
        table: table.to_owned(),
        method: "btree".to_owned(),
        keys,
        include: Vec::new(),
        predicate: predicate.map(str::to_owned),
    }
}

fn open_orders() -> IndexSpec {
    spec(
        "orders",
        vec![Key::column("customer")],
        Some("status = 'open'"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_are_taken_for_gone_where_hypopg_hides_them() {
    for server in servers() {
        let mut world = World::new(&server).await;
        let store = collect(&world.cluster.conninfo("postgres")).await;
        let id = "SELECT id FROM indexes WHERE name = 'orders_status'";
        let id: i64 = store
            .connection()
            .query_row(id, [], |row| row.get(0))
            .unwrap();
        let version = "SELECT extversion FROM pg_extension WHERE extname = 'hypopg'";
        let version: String = world.client.query_one(version, &[]).await.unwrap().get(0);
        let text = "SELECT note FROM orders WHERE status = 'open'";
        let with = world.plan(text, &[]);
        assert_eq!(with.used_existing, ["orders_status"]);
        let without = world.plan_without(text, &[], &[id]);
        if version.starts_with("1.3") {
            let notes = world.hypopg.notes();
            let note = "not weighed by plans";
            assert!(
                matches!(notes.as_slice(), [told] if told.contains(note)),
                "{notes:?}"
            );
            loudly(&format!(
                "HypoPG {version} of {server} hides nothing: not tested there"
            ));
            let because = without.unwrap_err();
            assert!(
                because.contains("takes no index for gone, which 1.4 and newer do"),
                "{because}"
            );
        } else {
            let without = without.unwrap();
            assert!(
                without.used_existing.is_empty() && without.cost > with.cost,
                "{without:?}"
            );
        }
        assert_eq!(world.plan(text, &[]), with);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_by_hypopg_makes_nothing() {
    for server in servers() {
        let World {
            cluster,
            client,
            hypopg,
        } = World::new(&server).await;
        drop(hypopg);
        let folder = tempfile::tempdir().unwrap();
        let workload = folder.path().join("workload.sql");
        let text = "SELECT o.note FROM customers c, orders o WHERE o.customer = c.id AND c.city = 'city 7' AND o.status = 'open';
            SELECT id FROM orders WHERE customer = 77;";
        std::fs::write(&workload, text).unwrap();
        let conninfo = cluster.conninfo("postgres");
        let args = [
            "advise",
            "index",
            "-d",
            &conninfo,
            "--no-remote-logs",
            "--planner",
            "hypopg",
            "--format",
            "json",
            "--workload",
            workload.to_str().unwrap(),
        ];
        let ran = blocking(|| Program::new().run(&args));
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        let advice: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.all()));
        assert_eq!(advice["planner"], "the server, by HypoPG");
        let create = advice["create"].as_array().unwrap();
        let on_customer = |index: &Value| index["columns"][0] == "customer";
        assert!(create.iter().any(on_customer), "{advice:#}");
        assert_eq!(
            ran.stderr
                .matches("considers partial and expression indexes")
                .count(),
            1,
            "{}",
            ran.stderr
        );
        let made = "SELECT count(*) FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace";
        assert_eq!(
            client.query_one(made, &[]).await.unwrap().get::<_, i64>(0),
            3
        );
    }
}
