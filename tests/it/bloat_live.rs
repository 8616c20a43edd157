//! Estimates of bloat against what a rewrite of a copy gives back, and what stands in their way, on
//! servers of every major.

use std::collections::HashMap;
use std::time::Duration;

use pgtriage::cluster::Cluster;
use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{BloatLimits, CollectOptions, Collector};
use pgtriage::facts::Store;
use tokio_postgres::Client;

use crate::support::{Clients, loudly, on_each_major, on_the_ends, shared};

const SHAPES: &str = include_str!("bloat_live/shapes.sql");

const SIZES: &str = "
    SELECT c.relname, 'table', pg_relation_size(c.oid) FROM pg_class c
    WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'shapes'::regnamespace
    UNION ALL
    SELECT c.relname, 'toast', pg_relation_size(c.reltoastrelid) FROM pg_class c
    WHERE c.relkind IN ('r', 'm') AND c.reltoastrelid <> 0 AND c.relnamespace = 'shapes'::regnamespace
    UNION ALL
    SELECT c.relname, 'index', pg_relation_size(c.oid) FROM pg_class c
    WHERE c.relkind = 'i' AND c.relnamespace = 'shapes'::regnamespace";

/// Smaller relations are a few pages, of which one more or less is much.
const LEAST: i64 = 65_536;

type Sizes = HashMap<(String, String), i64>;

async fn sizes(client: &Client) -> Sizes {
    let rows = client.query(SIZES, &[]).await.unwrap();
    let size = |row: tokio_postgres::Row| ((row.get(0), row.get(1)), row.get(2));
    rows.into_iter().map(size).collect()
}

async fn estimated(conninfo: &str, limits: BloatLimits) -> Store {
    let info = ConnInfo::resolve(Some(conninfo), &Environment::empty()).unwrap();
    let options = CollectOptions {
        bloat: Some(limits),
        ..CollectOptions::default()
    };
    let mut collector = Collector::connect(&[info], options).await.unwrap();
    let mut store = Store::in_memory().unwrap();
    collector.collect(&mut store, &mut |_| {}).await.unwrap();
    collector.close().await;
    store
}

/// All rows of a query, its columns joined.
fn list(store: &Store, sql: &str) -> String {
    let mut statement = store.connection().prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let value = |at| row.get::<_, rusqlite::types::Value>(at);
        let text = |at| {
            Ok(match value(at)? {
                rusqlite::types::Value::Null => "-".to_owned(),
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Real(n) => n.to_string(),
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Blob(_) => "blob".to_owned(),
            })
        };
        let texts = (0..columns)
            .map(text)
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(texts.join(" "))
    });
    let rows = rows.unwrap().collect::<rusqlite::Result<Vec<_>>>();
    rows.unwrap().join("\n")
}

#[track_caller]
fn check(store: &Store, sql: &str, expected: &str) {
    assert_eq!(list(store, sql), expected, "{sql}");
}

/// Error of each estimate in points of its size, and whether its interval holds the truth.
fn errors(store: &Store, before: &Sizes, after: &Sizes, kind: &str) -> Vec<(String, f64, bool)> {
    let mut statement = store
        .connection()
        .prepare("SELECT name, bloat_bytes, plus_minus_bytes FROM bloat_figures WHERE kind = ?1")
        .unwrap();
    let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(String, i64, i64)> = rows.unwrap().collect::<Result<_, _>>().unwrap();
    let mut errors = Vec::new();
    for (name, bloat, plus_minus) in rows {
        let key = (name, kind.to_owned());
        let size = before[&key];
        if size >= LEAST {
            let truth = (size - after[&key]).max(0);
            let error = (bloat - truth).abs();
            let points = 100.0 * error as f64 / size as f64;
            errors.push((key.0, points, error <= plus_minus));
        }
    }
    errors
}

async fn shapes(cluster: &Cluster) -> (Client, String) {
    let name = cluster.fresh_database().await;
    let client = cluster.client(&name).await;
    let factor = "CREATE SCHEMA shapes; CREATE FUNCTION shapes.n(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'";
    client.batch_execute(factor).await.unwrap();
    // One by one, since VACUUM stands alone.
    for statement in SHAPES.split(";\n") {
        client.batch_execute(statement).await.unwrap();
    }
    (client, name)
}

/// What a rewrite makes of a copy. VACUUM FULL builds indexes without regard to their uniqueness and
/// merges entries that REINDEX would not, so indexes are built once more.
async fn rewritten(cluster: &Cluster, database: &str) -> Sizes {
    let admin = cluster.client("postgres").await;
    let copy = format!("{database}_copy");
    for sql in [
        format!("DROP DATABASE IF EXISTS {copy}"),
        format!("CREATE DATABASE {copy} TEMPLATE {database}"),
    ] {
        admin.batch_execute(&sql).await.unwrap();
    }
    let client = cluster.client(&copy).await;
    let tables = "SELECT format('VACUUM FULL shapes.%I', relname) FROM pg_class
                  WHERE relkind IN ('r', 'm') AND relnamespace = 'shapes'::regnamespace";
    for row in client.query(tables, &[]).await.unwrap() {
        client.batch_execute(row.get(0)).await.unwrap();
    }
    client.batch_execute("REINDEX SCHEMA shapes").await.unwrap();
    let after = sizes(&client).await;
    drop(client);
    let drop = format!("DROP DATABASE {copy} WITH (FORCE)");
    admin.batch_execute(&drop).await.unwrap();
    after
}

#[tokio::test]
async fn estimates_are_near_what_a_rewrite_gives_back() {
    on_the_ends(async |server| {
        let cluster = shared(server);
        let (client, name) = shapes(cluster).await;
        let before = sizes(&client).await;
        drop(client);
        let store = estimated(&cluster.conninfo(&name), BloatLimits::default()).await;
        let after = rewritten(cluster, &name).await;
        check(
            &store,
            "SELECT object, reason FROM missing_facts WHERE table_name = 'bloat_estimates'",
            "",
        );
        // Large tables are sampled, small ones are read.
        check(
            &store,
            "SELECT DISTINCT method FROM bloat_estimates WHERE blocks > 1024",
            "sample",
        );
        check(
            &store,
            "SELECT DISTINCT method FROM bloat_estimates WHERE blocks <= 1024",
            "all blocks",
        );
        let mut all = Vec::new();
        for (kind, least, most) in [("table", 9, 0.5), ("index", 22, 1.0), ("toast", 1, 0.5)] {
            let errors = errors(&store, &before, &after, kind);
            assert!(errors.len() >= least, "{kind}: {errors:?}");
            let mean = errors.iter().map(|error| error.1).sum::<f64>() / errors.len() as f64;
            assert!(mean <= most, "{kind}: {mean} points: {errors:?}");
            all.extend(errors);
        }
        let held = all.iter().filter(|error| error.2).count();
        assert!(
            held * 10 >= all.len() * 9,
            "{held} of {}: {all:?}",
            all.len()
        );
    })
    .await;
}

/// Waits until the counters of a table are out.
async fn counted(client: &Client, table: &str) {
    let counted =
        format!("SELECT n_dead_tup > 0 FROM pg_stat_user_tables WHERE relid = '{table}'::regclass");
    for _ in 0..100 {
        if client.query_one(&counted, &[]).await.unwrap().get(0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no counters of {table} came out");
}

#[tokio::test]
async fn what_stands_in_the_way_is_told() {
    on_each_major(async |cluster| {
        let name = cluster.fresh_database().await;
        let client = cluster.client(&name).await;
        client
            .batch_execute(
                "DROP ROLE IF EXISTS bloat_reader;
                 DROP ROLE IF EXISTS bloat_owner;
                 CREATE ROLE bloat_reader LOGIN; CREATE ROLE bloat_owner;
                 GRANT pg_monitor TO bloat_reader;
                 CREATE TABLE hidden AS SELECT g AS id, 'x' AS t FROM generate_series(1, 5000) g;
                 CREATE INDEX hidden_id ON hidden (id);
                 CREATE TABLE policed AS SELECT * FROM hidden;
                 ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
                 CREATE TABLE locked AS SELECT * FROM hidden;
                 CREATE TABLE open AS SELECT * FROM hidden;
                 CREATE INDEX open_id ON open (id);
                 GRANT SELECT ON policed, locked, open TO bloat_reader;
                 DELETE FROM hidden WHERE id <= 1000;",
            )
            .await
            .unwrap();
        counted(&client, "hidden").await;
        client.batch_execute("BEGIN; LOCK TABLE locked").await.unwrap();
        let as_reader = format!("{} user=bloat_reader", cluster.conninfo(&name));
        let store = estimated(&as_reader, BloatLimits::default()).await;
        client.batch_execute("ROLLBACK").await.unwrap();
        check(
            &store,
            "SELECT name, method, CASE method WHEN 'dead rows' THEN CAST(round(10.0 * bloat_bytes / size_bytes) AS INTEGER) ELSE bloat_bytes IS NOT NULL END
             FROM bloat_figures WHERE table_name IN ('hidden', 'open') ORDER BY 1",
            "hidden dead rows 2\nhidden_id none 0\nopen all blocks 1\nopen_id all blocks 1",
        );
        let grant = if cluster.server().major >= 14 {
            "GRANT pg_read_all_data TO bloat_reader;"
        } else {
            "GRANT USAGE ON SCHEMA public TO bloat_reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO bloat_reader;"
        };
        check(
            &store,
            "SELECT object, reason, remedy FROM missing_facts WHERE table_name = 'bloat_estimates' ORDER BY 1",
            &format!(
                "public.hidden role bloat_reader may not read the table {grant}\n\
                 public.locked another session holds a lock on it run again when that lock is gone\n\
                 public.policed row security hides rows of it from role bloat_reader ALTER ROLE bloat_reader BYPASSRLS;"
            ),
        );
        // By the extension that a role for monitoring may use, where there is one.
        let extension = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgstattuple'";
        if client.query_one(extension, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            client.batch_execute("CREATE EXTENSION pgstattuple").await.unwrap();
            let store = estimated(&as_reader, BloatLimits::default()).await;
            check(
                &store,
                "SELECT name, method, bloat_bytes * 10 > size_bytes FROM bloat_figures WHERE table_name = 'hidden' ORDER BY 1",
                "hidden pgstattuple_approx 1\nhidden_id pgstatindex 0",
            );
        } else {
            loudly(&format!("=== SKIPPED: {} has no pgstattuple ===", cluster.server()));
        }
        // The limit of bytes holds.
        let little = BloatLimits { bytes: 8192, ..BloatLimits::default() };
        let store = estimated(&cluster.conninfo(&name), little).await;
        check(
            &store,
            "SELECT count(*) FROM missing_facts WHERE table_name = 'bloat_estimates' AND remedy = 'give more with --bloat-limit'",
            "3",
        );
    })
    .await;
}

#[tokio::test]
async fn functions_of_users_are_not_run() {
    on_each_major(async |cluster| {
        let name = cluster.fresh_database().await;
        let client = cluster.client(&name).await;
        client
            .batch_execute(
                "DROP ROLE IF EXISTS bloat_author;
                 CREATE ROLE bloat_author;
                 GRANT CREATE ON SCHEMA public TO bloat_author;
                 SET ROLE bloat_author;
                 CREATE FUNCTION trap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                   $$ BEGIN IF current_setting('application_name') = 'pgtriage' THEN RAISE EXCEPTION 'sprung'; END IF; RETURN $1; END $$;
                 CREATE TABLE baited (id int, t text);
                 INSERT INTO baited SELECT g, 'x' || g FROM generate_series(1, 5000) g;
                 CREATE INDEX baited_trap ON baited (trap(id));
                 CREATE INDEX baited_part ON baited (t) WHERE trap(id) > 10;
                 CREATE INDEX baited_lower ON baited (lower(t));
                 CREATE INDEX baited_fails ON baited ((100 / nullif(id, 0)));
                 RESET ROLE;",
            )
            .await
            .unwrap();
        let store = estimated(&cluster.conninfo(&name), BloatLimits::default()).await;
        check(
            &store,
            "SELECT name, method FROM bloat_figures ORDER BY 1",
            "baited all blocks\nbaited_fails all blocks\nbaited_lower all blocks\nbaited_part none\nbaited_trap none",
        );
        check(
            &store,
            "SELECT object, reason FROM missing_facts WHERE table_name = 'bloat_estimates' ORDER BY 1",
            "public.baited_part its expressions call functions of users, which are not run here\n\
             public.baited_trap its expressions call functions of users, which are not run here",
        );
    })
    .await;
}
