//! The running shadow: it plans as the original does, and its hypothetical indexes as real ones.

use std::time::{Duration, Instant};

use pgtriage::advise::index::{Handle, IndexSpec, Key, Part, Planned, Question, Sized, WhatIf};
use pgtriage::cli::what_if::shadow::{Keep, Lanes, Options, Original, Shadow, Size};
use pgtriage::cluster::{Cluster, Kept, ServerBinaries};
use pgtriage::derive::shadow::Script;
use tokio_postgres::Client;

use crate::support::{Clients, loudly, newest, on_the_ends, private};

mod by_hand;
mod odd;
mod shop;

/// How far two costs may be apart and still be the same: as `EXPLAIN` rounds them.
const CENT: f64 = 0.011;

const QUERIES: &[&str] = &[
    "SELECT * FROM orders WHERE id = 5",
    "SELECT * FROM orders WHERE id > 299900 ORDER BY id LIMIT 5",
    "SELECT * FROM orders WHERE customer = 17",
    "SELECT count(*) FROM orders WHERE placed > date '2025-06-01' AND status = 'open'",
    "SELECT * FROM orders WHERE placed > date '2030-01-01'",
    "SELECT c.city, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer WHERE c.city = 'city 7' GROUP BY 1",
    "SELECT * FROM customers WHERE lower(email) = 'user7@example.com'",
    "SELECT max(id), min(id) FROM orders",
    "SELECT max(placed) FROM orders WHERE status = 'open'",
    "SELECT * FROM orders o WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.city IS NULL)",
    "UPDATE orders SET status = 'done' WHERE customer BETWEEN 5 AND 30",
    "SELECT * FROM \"Empty One\" WHERE x = 'a'",
];

/// An original with rows, and a shadow of it.
struct Pair {
    original: Client,
    _cluster: Cluster,
    shadow: Shadow,
    script: Script,
    of: Original,
}

impl Pair {
    async fn new(server: &'static ServerBinaries, options: &Options) -> Self {
        let cluster = private(
            server,
            pgtriage::cluster::Options::default().set("autovacuum", "off"),
        );
        let original = cluster.client("postgres").await;
        for sql in by_hand::TABLES.iter().chain(by_hand::INDEXES) {
            original.batch_execute(sql).await.unwrap();
        }
        for sql in by_hand::ROWS.split(';') {
            original.batch_execute(sql).await.unwrap();
        }
        let script = by_hand::script(&original).await;
        let of = Original {
            name: "shop Ä".to_owned(),
            encoding: Some("UTF8".to_owned()),
            major: server.major,
            indexes: [(1, ("public".to_owned(), "orders_pkey".to_owned()))].into(),
            ..Original::default()
        };
        let start = Instant::now();
        let shadow = blocking(|| Shadow::of(&script, of.clone(), server, options).unwrap());
        let took = start.elapsed().as_secs_f64();
        loudly(&format!("shadow by hand on {server}: {took:.2} s"));
        assert_eq!(shadow.left_out(), []);
        Self {
            original,
            _cluster: cluster,
            shadow,
            script,
            of,
        }
    }

    /// What the original plans.
    async fn planned(&self, sql: &str) -> (f64, String) {
        let explain = format!("EXPLAIN (FORMAT JSON) {sql}");
        let messages = self.original.simple_query(&explain).await.unwrap();
        let json = messages.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        let json: serde_json::Value = serde_json::from_str(json.unwrap()).unwrap();
        (
            json[0]["Plan"]["Total Cost"].as_f64().unwrap(),
            json.to_string(),
        )
    }

    /// Compares plans of all queries, and gives the handles that the shadow used.
    async fn compare(&mut self, with: &[Handle], without: &[i64], what: &str) -> Vec<Handle> {
        let plans = self.ask(QUERIES, with, without);
        let mut used = Vec::new();
        for (sql, plan) in QUERIES.iter().zip(plans) {
            let plan = plan.unwrap_or_else(|e| panic!("{sql}: {e}"));
            let (cost, json) = self.planned(sql).await;
            assert!(
                (plan.cost - cost).abs() < CENT,
                "{what}: {sql}: {} in place of {cost}\n{}\n{json}",
                plan.cost,
                plan.json
            );
            used.extend(plan.used.into_keys());
        }
        used.sort();
        used.dedup();
        used
    }

    fn ask(
        &mut self,
        queries: &[&str],
        with: &[Handle],
        without: &[i64],
    ) -> Vec<Result<Planned, String>> {
        let questions: Vec<Question<'_>> = queries
            .iter()
            .map(|text| Question {
                text,
                is_generic: text.contains("$1"),
                settings: &[],
                with,
                without,
            })
            .collect();
        let shadow = &mut self.shadow;
        tokio::task::block_in_place(|| shadow.plan(&questions).unwrap())
    }
}

/// A shadow has a runtime of its own.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn spec(table: &str, keys: Vec<Key>) -> IndexSpec {
    IndexSpec {
        relation: 0,
        schema: "public".to_owned(),
        table: table.to_owned(),
        method: "btree".to_owned(),
        keys,
        include: Vec::new(),
        predicate: None,
    }
}

fn wanted() -> Vec<IndexSpec> {
    let column = Key::column;
    vec![
        spec("orders", vec![column("customer"), column("placed")]),
        IndexSpec {
            include: vec!["total".to_owned()],
            ..spec("orders", vec![column("customer")])
        },
        IndexSpec {
            predicate: Some("status = 'open'".to_owned()),
            ..spec("orders", vec![column("customer")])
        },
        spec(
            "customers",
            vec![Key {
                part: Part::Expression("upper(city)".to_owned()),
                opclass: None,
                is_descending: true,
            }],
        ),
        spec("customers", vec![column("city")]),
        IndexSpec {
            method: "brin".to_owned(),
            ..spec("orders", vec![column("placed")])
        },
        IndexSpec {
            method: "hash".to_owned(),
            ..spec("orders", vec![column("customer")])
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_plans_as_the_original() {
    on_the_ends(async |server| {
        let mut pair = Pair::new(server, &Options::default()).await;
        pair.compare(&[], &[], "as it is").await;
        for (number, spec) in wanted().into_iter().enumerate() {
            // Really built, one at a time.
            let build = format!("CREATE INDEX real ON {}", spec.target());
            pair.original.batch_execute(&build).await.unwrap();
            let size = pair
                .original
                .query_one("SELECT relpages, reltuples, (pg_relation_size(oid) / 8192)::int FROM pg_class WHERE relname = 'real'", &[])
                .await
                .unwrap();
            let height = if spec.method == "btree" {
                let row = pair.original.query_one("SELECT fastlevel::int FROM bt_metap('real')", &[]);
                row.await.unwrap().get::<_, i32>(0) as u32
            } else {
                0
            };
            let sized = Sized {
                spec: spec.clone(),
                pages: size.get::<_, i32>(2) as u64,
                rows: f64::from(size.get::<_, f32>(1)),
                height,
            };
            let handle = blocking(|| pair.shadow.create(&[sized]).unwrap()).remove(0).unwrap();
            let used = pair.compare(&[handle], &[], &spec.target()).await;
            loudly(&format!("  {}: used {}, height {height}", spec.target(), !used.is_empty()));
            pair.original.batch_execute("DROP INDEX real").await.unwrap();
            pair.compare(&[], &[], &format!("{} switched off", spec.target())).await;
            if number % 2 == 0 {
                blocking(|| pair.shadow.forget(&[handle]).unwrap());
                pair.compare(&[], &[], &format!("{} forgotten", spec.target())).await;
            }
        }
        pair.original.batch_execute("BEGIN; ALTER TABLE orders DROP CONSTRAINT orders_pkey").await.unwrap();
        pair.compare(&[], &[1], "primary key gone").await;
        pair.original.batch_execute("ROLLBACK").await.unwrap();
        pair.compare(&[], &[], "primary key there").await;
    })
    .await;
}

/// A question about one statement, without indexes and settings.
fn question(text: &str) -> Question<'_> {
    Question {
        text,
        is_generic: false,
        settings: &[],
        with: &[],
        without: &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_users_and_mistakes() {
    let Some(server) = newest() else { return };
    let mut pair = Pair::new(server, &Options::default()).await;
    let shadow = &mut pair.shadow;
    let wanted = "CREATE INDEX CONCURRENTLY ON orders USING btree (customer DESC, lower(note)) INCLUDE (total) WHERE status <> 'x'";
    let size = Size {
        pages: 1500,
        rows: 300_000.0,
        height: 2,
    };
    let made =
        |shadow: &mut Shadow, ddl: &str| blocking(|| shadow.create_as(ddl, |_| size).unwrap());
    let (mine, spec) = made(shadow, wanted).unwrap();
    assert_eq!(
        spec.target(),
        "public.orders (customer DESC, (lower(note))) INCLUDE (total) WHERE (status <> 'x'::text)"
    );
    for (ddl, because) in [
        (
            "CREATE INDEX i ON nowhere (a)",
            "the shadow has no table nowhere",
        ),
        (
            "CREATE INDEX i ON orders (nothing)",
            "column \"nothing\" does not exist",
        ),
        (
            "CREATE INDEX IF NOT EXISTS orders_open ON orders (id)",
            "it makes nothing: there is an index of this name",
        ),
        (
            "DROP TABLE orders",
            "this is no CREATE INDEX: DROP TABLE orders",
        ),
        (
            "CREATE INDEX i ON orders (id); DROP TABLE orders",
            "give one CREATE INDEX at a time",
        ),
    ] {
        assert_eq!(made(shadow, ddl).unwrap_err(), because, "{ddl}");
    }
    let text = "SELECT total FROM orders WHERE customer = 9 AND status <> 'x' ORDER BY lower(note)";
    let ask = |shadow: &mut Shadow, question: Question<'_>| {
        blocking(|| shadow.plan(&[question]).unwrap()).remove(0)
    };
    let with = Question {
        with: &[mine],
        ..question(text)
    };
    let used = |planned: Planned| planned.used.into_keys().collect::<Vec<_>>();
    assert_eq!(used(ask(shadow, with).unwrap()), [mine]);
    assert_eq!(used(ask(shadow, question(text)).unwrap()), []);

    let cost = |plan: Result<Planned, String>| plan.unwrap().cost;
    let same = |a: f64, b: f64| assert!((a - b).abs() < CENT, "{a} {b}");
    let usual = cost(ask(shadow, question("SELECT * FROM orders WHERE id = 3")));
    let settings = [("random_page_cost".to_owned(), "40".to_owned())];
    let dear = Question {
        settings: &settings,
        ..question("SELECT * FROM orders WHERE id = 3")
    };
    let dear = cost(ask(shadow, dear));
    assert!(dear > 5.0 * usual, "{dear} {usual}");
    same(
        cost(ask(shadow, question("SELECT * FROM orders WHERE id = 3"))),
        usual,
    );
    assert!(blocking(|| shadow.set("random_page_cost", "dear").unwrap()).is_err());
    same(
        cost(ask(shadow, question("SELECT * FROM orders WHERE id = 3"))),
        usual,
    );
    blocking(|| shadow.set("random_page_cost", "40").unwrap()).unwrap();
    same(
        cost(ask(shadow, question("SELECT * FROM orders WHERE id = 3"))),
        dear,
    );

    for (text, because) in [
        (
            "SELECT * FROM nowhere",
            "relation \"nowhere\" does not exist",
        ),
        (
            "SELECT 1; DROP TABLE orders",
            "one statement is planned at a time, and here are 2",
        ),
        ("VACUUM", "statements that begin with VACUUM have no plan"),
    ] {
        assert_eq!(ask(shadow, question(text)).unwrap_err(), because, "{text}");
    }
    let bad = [("work_mem".to_owned(), "none".to_owned())];
    let bad = Question {
        settings: &bad,
        ..question("SELECT 1")
    };
    assert!(ask(shadow, bad).unwrap_err().contains("work_mem"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_are_alike_and_a_shadow_is_kept() {
    let Some(server) = newest() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep {
        kept: Kept::at(folder.path().to_owned()),
        from: Duration::ZERO,
    };
    let options = Options {
        lanes: Lanes(2),
        keep: Some(keep.clone()),
    };
    let mut pair = Pair::new(server, &options).await;
    pair.compare(&[], &[], "two lanes").await;
    let plain = Sized {
        spec: spec("orders", vec![Key::column("customer")]),
        pages: 900,
        rows: 300_000.0,
        height: 2,
    };
    let handle = blocking(|| pair.shadow.create(&[plain]).unwrap())
        .remove(0)
        .unwrap();
    let costs = |pair: &mut Pair| -> Vec<f64> {
        let plans = pair.ask(QUERIES, &[handle], &[]);
        plans.into_iter().map(|plan| plan.unwrap().cost).collect()
    };
    let first = costs(&mut pair);
    assert_eq!(costs(&mut pair), first);

    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let again = || Shadow::of(&pair.script, pair.of.clone(), server, &options).unwrap();
    pair.shadow = blocking(again);
    pair.compare(&[], &[], "the one that was kept").await;
    assert_eq!(keep.kept.forget().unwrap(), 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
