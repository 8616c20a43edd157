//! Sizes of indexes that are not there, against those of indexes that are built then, on servers of every major.

use std::fmt::Write as _;

use pgtriage::derive::sizes::{Size, Tables, Wanted, WantedKey};
use pgtriage::facts::Store;
use tokio_postgres::Client;

use crate::shadow_script::facts;
use crate::support::collect;
use crate::support::{Clients, loudly, newest, on_the_ends, private, shared};

const SHAPES: &str = include_str!("sizes_live/shapes.sql");

/// Of fewer pages one more or less is much.
const FEW_PAGES: u64 = 40;

/// An index: table, keys, columns of INCLUDE, predicate.
pub(crate) struct Case(
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub &'static str,
);

/// How an index came out.
pub(crate) struct Built {
    pub name: String,
    pub said: Size,
    pub pages: u64,
    pub height: u32,
}

impl Built {
    pub fn error(&self) -> f64 {
        (self.said.pages as f64 / self.pages as f64 - 1.0) * 100.0
    }

    fn is_within(&self) -> bool {
        (self.said.low..=self.said.high).contains(&self.pages)
    }

    pub fn line(&self) -> String {
        format!(
            "{:<60} {:>7} said {:>7} ({:>6} to {:>7}) {:>6.1} % height {} said {}{}",
            self.name,
            self.pages,
            self.said.pages,
            self.said.low,
            self.said.high,
            self.error(),
            self.height,
            self.said.height,
            if self.is_within() { "" } else { " OUTSIDE" },
        )
    }
}

fn relation(store: &Store, name: &str) -> (i64, i64) {
    let (schema, name) = name.split_once('.').unwrap();
    let sql = "SELECT id, database_id FROM relations WHERE schema = ?1 AND name = ?2";
    let row = store
        .connection()
        .query_row(sql, [schema, name], |row| Ok((row.get(0)?, row.get(1)?)));
    row.unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Says what an index would take, builds it in a transaction, and takes it away again.
pub(crate) async fn built(store: &Store, client: &Client, case: &Case) -> Built {
    let Case(table, keys, include, predicate) = *case;
    let (id, database) = relation(store, table);
    let tables = Tables::read(store.connection(), database).unwrap();
    let wanted: Vec<WantedKey<'_>> = keys
        .split(", ")
        .map(|key| {
            if key.starts_with('(') {
                return WantedKey {
                    column: None,
                    expression: key,
                    opclass: None,
                };
            }
            let (name, opclass) = key
                .split_once(' ')
                .map_or((key, None), |(name, class)| (name, Some(class)));
            WantedKey {
                column: Some(name),
                expression: "",
                opclass,
            }
        })
        .collect();
    let include_list: Vec<String> = include
        .split(", ")
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    let mut share = 1.0;
    let mut sql = format!("CREATE INDEX sized ON {table} ({keys})");
    if !include.is_empty() {
        write!(sql, " INCLUDE ({include})").unwrap();
    }
    let mut not_null = Vec::new();
    if !predicate.is_empty() {
        write!(sql, " WHERE {predicate}").unwrap();
        let counted =
            format!("SELECT (count(*) FILTER (WHERE {predicate}))::float8 / count(*) FROM {table}");
        share = client.query_one(&counted, &[]).await.unwrap().get(0);
        not_null.extend(predicate.strip_suffix(" IS NOT NULL").map(str::to_owned));
    }
    let said = tables.size(&Wanted {
        include: &include_list,
        share,
        not_null: &not_null,
        ..Wanted::btree(id, &wanted)
    });
    client
        .batch_execute(&format!("BEGIN; {sql}"))
        .await
        .unwrap();
    // Of a partitioned index, the parts.
    let parts = "WITH RECURSIVE parts(oid) AS (
                   SELECT (SELECT indexrelid FROM pg_index WHERE indrelid = $1::text::regclass ORDER BY indexrelid DESC LIMIT 1)
                   UNION ALL SELECT i.inhrelid FROM parts JOIN pg_inherits i ON i.inhparent = parts.oid)
                 SELECT sum(pg_relation_size(oid) / 8192)::int8, max((bt_metap(oid::regclass::text)).fastlevel)::int4
                 FROM parts WHERE (SELECT relkind FROM pg_class c WHERE c.oid = parts.oid) = 'i'";
    let row = client.query_one(parts, &[&table]).await.unwrap();
    client.batch_execute("ROLLBACK").await.unwrap();
    Built {
        name: sql.trim_start_matches("CREATE INDEX sized ON ").to_owned(),
        said: said.unwrap(),
        pages: row.get::<_, i64>(0).unsigned_abs(),
        height: row.get::<_, i32>(1).unsigned_abs(),
    }
}

/// What ANALYZE left of extended statistics, which is read on request only.
async fn with_ndistinct(store: &Store, client: &Client) {
    let sql = "SELECT encode(pg_ndistinct_send(d.stxdndistinct), 'hex') FROM pg_statistic_ext s
               JOIN pg_statistic_ext_data d ON d.stxoid = s.oid WHERE s.stxname = 'pairs'";
    let data: String = client.query_one(sql, &[]).await.unwrap().get(0);
    let (relation, database) = relation(store, "shapes.visits");
    let data = format!(r#"[{{"inherited": false, "ndistinct": "{data}"}}]"#);
    let sql = "INSERT INTO extended_statistics (database_id, relation_id, name, data) VALUES (?1, ?2, 'more', ?3)";
    store
        .connection()
        .execute(sql, (database, relation, data))
        .unwrap();
}

const CASES: &[Case] = &[
    Case("shapes.visits", "person", "", ""),
    Case("shapes.visits", "basket", "", ""),
    Case("shapes.visits", "at", "", ""),
    Case("shapes.visits", "state", "", ""),
    Case("shapes.visits", "state, at", "", ""),
    Case("shapes.visits", "person, at", "", ""),
    Case("shapes.visits", "person, state", "", ""),
    Case("shapes.visits", "price", "", ""),
    Case("shapes.visits", "score", "", ""),
    Case("shapes.visits", "token", "", ""),
    Case("shapes.visits", "uuid", "", ""),
    Case("shapes.visits", "label", "", ""),
    Case("shapes.visits", "label text_pattern_ops", "", ""),
    Case("shapes.visits", "rare", "", ""),
    Case("shapes.visits", "rare", "", "rare IS NOT NULL"),
    Case("shapes.visits", "rare, person", "", ""),
    Case("shapes.visits", "flag", "", ""),
    Case("shapes.visits", "flag, rare, state", "", ""),
    Case("shapes.visits", "skewed", "", ""),
    Case("shapes.visits", "pair_a, pair_b", "", ""),
    Case("shapes.visits", "person", "price, at", ""),
    Case("shapes.visits", "person", "", "state = 'paid'"),
    Case("shapes.visits", "id, state", "", ""),
    Case("shapes.visits", "(lower(label))", "", ""),
    Case("shapes.small", "mood", "", ""),
    Case("shapes.small", "mode", "", ""),
    Case("shapes.small", "id", "", ""),
    Case("shapes.none", "id, at", "", ""),
    Case("shapes.zipf", "word", "", ""),
    Case("shapes.zipf", "word, place", "", ""),
    Case("shapes.parted", "kind", "", ""),
    Case("shapes.parted", "id", "", ""),
];

#[tokio::test]
async fn sizes_are_near_those_of_indexes_that_are_built() {
    on_the_ends(async |server| {
        let cluster = shared(server);
        let name = cluster.fresh_database().await;
        let client = cluster.client(&name).await;
        client
            .batch_execute(
                "CREATE EXTENSION pageinspect; CREATE SCHEMA shapes; SELECT setseed(0.5)",
            )
            .await
            .unwrap();
        // One by one, since VACUUM stands alone.
        for statement in SHAPES.split(";\n") {
            client.batch_execute(statement).await.unwrap();
        }
        let store = collect(&cluster.conninfo(&name)).await;
        with_ndistinct(&store, &client).await;
        let mut all = Vec::new();
        for case in CASES {
            all.push(built(&store, &client, case).await);
        }
        let mut lines = String::new();
        for one in &all {
            writeln!(lines, "{}", one.line()).unwrap();
        }
        loudly(&lines);
        let large: Vec<&Built> = all.iter().filter(|one| one.pages >= FEW_PAGES).collect();
        let near = large.iter().filter(|one| one.error().abs() <= 3.0).count();
        let far: Vec<&str> = (large.iter())
            .filter(|one| one.error().abs() > 12.0)
            .map(|one| one.name.as_str())
            .collect();
        let outside: Vec<&str> = (all.iter())
            .filter(|one| !one.is_within() || one.height != one.said.height)
            .map(|one| one.name.as_str())
            .collect();
        assert!(
            near * 10 >= large.len() * 6,
            "{near} of {} are within 3 %\n{lines}",
            large.len()
        );
        assert_eq!(far, Vec::<&str>::new(), "further off than 12 %\n{lines}");
        assert_eq!(outside, Vec::<&str>::new(), "beyond what was said\n{lines}");
    })
    .await;
}

/// Columns that go together: the second is near the first, or one value of the first has one of the second, in rows
/// that stand together.
const TRIPS: [&str; 2] = [
    "CREATE TABLE public.trips AS
       SELECT start, start + (random() * 3)::int AS finish, i / 8 AS basket, i / 8 * 7919 % 9973 AS buyer,
              CASE WHEN i % 9 > 0 THEN i / 8 % 331 END AS shop, md5(i::text) AS filler
       FROM (SELECT i, (random() * 20000)::int AS start FROM generate_series(1, 200000) AS i) AS one",
    "VACUUM ANALYZE public.trips",
];

#[tokio::test]
async fn columns_that_go_together_are_told_by_a_few_blocks() {
    let Some(server) = newest() else { return };
    let cluster = private(server, pgtriage::cluster::Options::default());
    let client = cluster.client("postgres").await;
    client
        .batch_execute("CREATE EXTENSION pageinspect; SELECT setseed(0.5)")
        .await
        .unwrap();
    for statement in TRIPS {
        client.batch_execute(statement).await.unwrap();
    }
    let store = facts(&cluster.conninfo("postgres"), "postgres", true).await;
    for (keys, most) in [
        ("start, finish", 12.0),
        ("buyer, basket", 12.0),
        ("basket, shop", 25.0),
        ("start, buyer", 3.0),
    ] {
        let case = Case("public.trips", keys, "", "");
        let with = built(&store, &client, &case).await;
        loudly(&with.line());
        assert!(
            with.error().abs() <= most && with.is_within(),
            "{}",
            with.line()
        );
    }
    let without = "DELETE FROM column_samples";
    assert!(store.connection().execute(without, []).unwrap() > 5);
    let alone = built(
        &store,
        &client,
        &Case("public.trips", "start, finish", "", ""),
    )
    .await;
    assert!(alone.error() > 30.0, "{}", alone.line());
}
