//! What an index costs those who write its table: by counters that are made up, and on servers of every major.

use pgtriage::advise::index::{Activity, IndexSpec, Key, Sized, WriteCost, sized};
use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{CollectOptions, Collector};
use pgtriage::derive::sizes::Tables;
use pgtriage::facts::Store;
use tokio_postgres::Client;

use crate::support::{Clients, loudly, on_the_ends, shared};

/// An hour of counters: 1000 inserts, 10,000 updates of which 8000 are HOT, 500 deletes.
const HOUR: &str = "
INSERT INTO nodes (id, version_num) VALUES (1, 170002);
INSERT INTO databases (id, name, is_collected) VALUES (1, 'shop', 1);
INSERT INTO samples (id, captured_at, postmaster_started_at, statements_reset_at)
  VALUES (1, 1767229200000000, 1767225600000000, 1767225600000000);
INSERT INTO database_stats (sample_id, database_id, stats_reset_at, active_time_ms) VALUES (1, 1, 1767225600000000, 60000);
INSERT INTO relations (id, name, row_estimate, size_bytes, pages) VALUES (1, 'orders', 1000000, 81920000, 10000);
INSERT INTO columns (relation_id, position, name, type, length, alignment, storage) VALUES
  (1, 1, 'id', 'bigint', 8, 'd', 'p'), (1, 2, 'state', 'integer', 4, 'i', 'p'), (1, 3, 'note', 'text', -1, 'i', 'x');
INSERT INTO indexes (id, relation_id, name, is_unique) VALUES (1, 1, 'orders_pkey', 1);
INSERT INTO index_columns (index_id, position, column_name) VALUES (1, 1, 'id');
INSERT INTO relation_stats (relation_id, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del) VALUES (1, 1000, 10000, 8000, 500);
INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'UPDATE orders SET state = $1 WHERE id = $2'),
  (2, 'f1:2', 'UPDATE orders SET note = $1 WHERE id = $2');
INSERT INTO statement_shapes (statement_id, kind) VALUES (1, 'update'), (2, 'update');
INSERT INTO query_relations (statement_id, relation_id, name, usage) VALUES (1, 1, 'orders', 'written'), (2, 1, 'orders', 'written');
INSERT INTO column_refs (statement_id, relation_id, column_name, usage) VALUES (1, 1, 'state', 'set'), (2, 1, 'note', 'set');
INSERT INTO statement_counters (statement_id, calls, rows, total_exec_ms) VALUES (1, 2500, 2500, 100), (2, 7500, 7500, 300);
";

fn index(columns: &[&str]) -> Sized {
    Sized {
        spec: IndexSpec {
            relation: 1,
            schema: "public".into(),
            table: "orders".into(),
            method: "btree".into(),
            keys: columns.iter().map(|name| Key::column(name)).collect(),
            include: Vec::new(),
            predicate: None,
        },
        pages: 3000,
        rows: 1e6,
        height: 2,
    }
}

fn activity(more: &str, least_ms: f64) -> Option<Activity> {
    let store = Store::in_memory().unwrap();
    store.connection().execute_batch(HOUR).unwrap();
    store.connection().execute_batch(more).unwrap();
    Activity::read(store.connection(), 1, least_ms).unwrap()
}

fn cost(more: &str, index: &Sized, share: f64) -> WriteCost {
    activity(more, 0.0).unwrap().cost(index, share)
}

#[track_caller]
fn is_near(value: f64, expected: f64) {
    assert!(
        (value - expected).abs() < 1e-6 * expected.abs().max(1.0),
        "{value} for {expected}"
    );
}

#[test]
fn inserts_and_updates_that_are_not_hot_are_entered() {
    let of_id = cost("", &index(&["id"]), 1.0);
    is_near(of_id.writes_per_hour, 3000.0);
    assert_eq!(of_id.lost_hot_per_hour, Some(0.0));
    // Of 11,500 row versions and 3000 entries of the one index that there is.
    is_near(of_id.share_of_table_writes, 3000.0 / 14_500.0);
    is_near(cost("", &index(&["id"]), 0.1).writes_per_hour, 300.0);
}

#[test]
fn updates_of_a_column_of_the_index_are_hot_no_more() {
    // A quarter of the updates set the column, so of the HOT ones.
    let of_state = cost("", &index(&["state"]), 1.0);
    assert_eq!(of_state.lost_hot_per_hour, Some(2000.0));
    is_near(of_state.writes_per_hour, 5000.0);
    // The primary key gets 2000 entries more as well.
    is_near(of_state.share_of_table_writes, 7000.0 / 14_500.0);
    // So does INCLUDE, a predicate, an expression.
    let mut other = index(&["id"]);
    other.spec.include = vec!["state".into()];
    assert_eq!(cost("", &other, 1.0).lost_hot_per_hour, Some(2000.0));
    let mut other = index(&["id"]);
    other.spec.predicate = Some("state = 1 AND note <> 'id'".into());
    assert_eq!(cost("", &other, 1.0).lost_hot_per_hour, Some(8000.0));
}

#[test]
fn updates_that_touch_an_index_already_lose_nothing() {
    let taken = "INSERT INTO indexes (id, relation_id, name, method) VALUES (2, 1, 'by_state', 'btree');
                 INSERT INTO index_columns (index_id, position, column_name) VALUES (2, 1, 'state');";
    assert_eq!(
        cost(taken, &index(&["state"]), 1.0).lost_hot_per_hour,
        Some(0.0)
    );
    // All that are HOT are then those of the other column.
    assert_eq!(
        cost(taken, &index(&["note"]), 1.0).lost_hot_per_hour,
        Some(8000.0)
    );
    let brin = taken.replace("'btree'", "'brin'");
    assert_eq!(
        cost(&brin, &index(&["note"]), 1.0).lost_hot_per_hour,
        Some(6000.0)
    );
    let before = format!("{brin} UPDATE nodes SET version_num = 150004;");
    assert_eq!(
        cost(&before, &index(&["note"]), 1.0).lost_hot_per_hour,
        Some(8000.0)
    );
    let mut new = index(&["state"]);
    new.spec.method = "brin".into();
    assert_eq!(cost("", &new, 1.0).lost_hot_per_hour, Some(0.0));
    assert_eq!(
        cost("UPDATE nodes SET version_num = 150004", &new, 1.0).lost_hot_per_hour,
        Some(2000.0)
    );
}

#[test]
fn what_is_not_known_is_no_zero() {
    assert_eq!(activity("", 86_400_000.0), None);
    assert_eq!(activity("DELETE FROM relation_stats", 0.0), None);
    let uncounted = "DELETE FROM statement_counters;";
    let of_state = cost(uncounted, &index(&["state"]), 1.0);
    assert_eq!(
        (
            of_state.lost_hot_per_hour,
            of_state.predicted_throughput_loss
        ),
        (None, None)
    );
    // Without HOT updates there is nothing to lose.
    let never = format!("{uncounted} UPDATE relation_stats SET n_tup_hot_upd = 0;");
    assert_eq!(
        cost(&never, &index(&["state"]), 1.0).lost_hot_per_hour,
        Some(0.0)
    );
    let unread = format!("{never} UPDATE database_stats SET active_time_ms = NULL;");
    assert_eq!(
        cost(&unread, &index(&["state"]), 1.0).predicted_throughput_loss,
        None
    );
}

#[test]
fn throughput_falls_by_the_time_of_entries() {
    let of_state = cost("", &index(&["state"]), 1.0);
    let added = of_state.added_ms_per_hour.unwrap();
    // 7000 entries of some 15 microseconds, by a minute of work.
    assert!((70.0..300.0).contains(&added), "{added}");
    is_near(
        of_state.predicted_throughput_loss.unwrap(),
        added / (60_000.0 + added),
    );
    is_near(of_state.added_share_of_writers.unwrap(), added / 400.0);
    // Indexes whose pages are not in memory cost reads.
    let cold = "UPDATE relation_stats SET idx_blks_read = 50, idx_blks_hit = 50;
                UPDATE database_stats SET blk_read_time_ms = 1000, blks_read = 1000;";
    let added = cost(cold, &index(&["state"]), 1.0)
        .added_ms_per_hour
        .unwrap()
        - added;
    is_near(added, 7000.0 * 0.5);
}

/// Updates of one column and inserts, on a connection of its own: its end makes the server count them.
async fn work(client: Client) {
    for statement in [
        "UPDATE books SET state = state + 1 WHERE id = $1",
        "INSERT INTO books (state, shelf) VALUES (1, $1)",
    ] {
        let statement = client.prepare(statement).await.unwrap();
        for i in 0..1500_i32 {
            client
                .execute(&statement, &[&(i * 7919 % 20_000 + 1)])
                .await
                .unwrap();
        }
    }
}

async fn wal(client: &Client) -> i64 {
    let sql = "SELECT (pg_current_wal_insert_lsn() - '0/0')::int8";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn costs_are_near_what_servers_measure() {
    on_the_ends(async |server| {
        let cluster = shared(server);
        let name = cluster.fresh_database().await;
        let client = cluster.client(&name).await;
        // On a connection of its own: what it wrote is counted with its end.
        cluster
            .client(&name)
            .await
            .batch_execute(
                "CREATE EXTENSION pg_stat_statements;
                 CREATE TABLE books (id serial PRIMARY KEY, state int, shelf int, note text) WITH (fillfactor = 70, autovacuum_enabled = off);
                 INSERT INTO books (state, shelf, note) SELECT i % 5000, i % 100, repeat('x', 60) FROM generate_series(1, 20000) AS i;
                 ANALYZE books; CHECKPOINT",
            )
            .await
            .unwrap();
        // Images of all pages, out of the way.
        work(cluster.client(&name).await).await;
        let info = ConnInfo::resolve(Some(&cluster.conninfo(&name)), &Environment::empty()).unwrap();
        let mut collector = Collector::connect(&[info], CollectOptions::default()).await.unwrap();
        let mut store = Store::in_memory().unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        collector.collect(&mut store, &mut |_| {}).await.unwrap();
        let before = wal(&client).await;
        work(cluster.client(&name).await).await;
        let plain = wal(&client).await - before;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        collector.sample(&mut store).await.unwrap();
        collector.close().await;

        let facts = store.connection();
        let (relation, database): (i64, i64) = facts
            .query_row("SELECT id, database_id FROM relations WHERE name = 'books'", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let activity = Activity::read(facts, relation, 0.0).unwrap().unwrap();
        let tables = Tables::read(facts, database).unwrap();
        let mut spec = index(&["state"]).spec;
        (spec.relation, spec.table) = (relation, "books".into());
        let (new, _) = sized(&tables, spec, 1.0).unwrap();
        let said = activity.cost(&new, 1.0);
        let window: f64 = facts
            .query_row("SELECT interval_us / 3.6e9 FROM relation_delta WHERE relation_id = ?1", [relation], |row| row.get(0))
            .unwrap();

        client.batch_execute("CREATE INDEX ON books (state); CHECKPOINT").await.unwrap();
        work(cluster.client(&name).await).await;
        let hot = "SELECT pg_stat_clear_snapshot(), n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'books'";
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let hot_before: i64 = client.query_one(hot, &[]).await.unwrap().get(1);
        let before = wal(&client).await;
        work(cluster.client(&name).await).await;
        let more = wal(&client).await - before - plain;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let hot_left: i64 = client.query_one(hot, &[]).await.unwrap().get(1);

        let lost = said.lost_hot_per_hour.unwrap() * window;
        let wal_said = said.wal_bytes_per_day / 24.0 * window;
        loudly(&format!(
            "{} entries {:.0} lost HOT {lost:.0}; WAL said {wal_said:.0}, {more} more; added {:?} ms, loss {:?}",
            cluster.server().version(),
            said.writes_per_hour * window,
            said.added_ms_per_hour.map(|ms| ms * window),
            said.predicted_throughput_loss,
        ));
        assert_eq!(hot_left - hot_before, 0, "updates of an indexed column are not HOT");
        assert!((1200.0..1501.0).contains(&lost), "of 1500 updates {lost} lose HOT");
        let ratio = wal_said / more as f64;
        assert!((0.7..2.0).contains(&ratio), "WAL said {wal_said}, measured {more}");
        // Before 14 the time of commits is not counted, so that what an entry takes is more beside the rest.
        let most = if cluster.server().major < 14 { 0.75 } else { 0.5 };
        let loss = said.predicted_throughput_loss.unwrap();
        assert!(loss > 0.0 && loss < most, "{loss}");
    })
    .await;
}
