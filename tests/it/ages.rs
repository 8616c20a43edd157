//! Since when indexes are there, as far as facts and servers tell.

use pgtriage::derive::ages;
use pgtriage::facts::Store;

use crate::support::{Clients, collect, loudly, private, server};

/// Two indexes of which only the transactions are known, one that is not even known by that.
const INDEXES: &str = "
INSERT INTO nodes (id, version_num, next_xid) VALUES (1, 170002, '900');
INSERT INTO samples (id, captured_at) VALUES (1, 9000);
INSERT INTO relations (id, name) VALUES (1, 'orders');
INSERT INTO indexes (id, relation_id, name, made_xid) VALUES (1, 1, 'a', 100), (2, 1, 'b', 200), (3, 1, 'c', NULL);
";

fn known(facts: &rusqlite::Connection) -> Vec<Option<i64>> {
    let mut read = facts
        .prepare("SELECT there_since_at FROM indexes ORDER BY id")
        .unwrap();
    let rows = read.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn there_since(store: &Store, index: &str) -> i64 {
    let sql = "SELECT there_since_at FROM indexes WHERE name = ?1";
    let found = store.connection().query_row(sql, [index], |row| row.get(0));
    found.unwrap()
}

#[track_caller]
fn check(more: &str, expected: &[Option<i64>]) {
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts.execute_batch(INDEXES).unwrap();
    facts.execute_batch(more).unwrap();
    ages::all(facts).unwrap();
    assert_eq!(known(facts), expected);
    // Again nothing changes.
    ages::all(facts).unwrap();
    assert_eq!(known(facts), expected);
}

#[test]
fn what_was_written_later_shows_that_an_index_was_there() {
    // The collection itself is the least that is known.
    check("", &[Some(9000), Some(9000), None]);
    // A number is above those below it only.
    check(
        "INSERT INTO xid_times VALUES (100, 1000), (101, 2000), (150, 1500), (200, 3000)",
        &[Some(1500), Some(9000), None],
    );
    check(
        "INSERT INTO xid_times VALUES (201, 4000), (50, 1)",
        &[Some(4000), Some(4000), None],
    );
    check(
        "UPDATE indexes SET made_at = 77 WHERE id IN (1, 3)",
        &[Some(77), Some(9000), Some(77)],
    );
    // It was counted in an earlier sample, and scanned before that.
    check(
        "INSERT INTO samples (id, captured_at) VALUES (2, 12000);
         INSERT INTO index_stats (sample_id, index_id, last_idx_scan_at) VALUES (1, 3, NULL), (2, 3, 11000), (2, 1, 800)",
        &[Some(800), Some(9000), Some(9000)],
    );
    // A sample without a moment tells none.
    check(
        "INSERT INTO samples (id, captured_at, is_timed) VALUES (2, 2, 0);
         INSERT INTO index_stats (sample_id, index_id) VALUES (2, 3)",
        &[Some(9000), Some(9000), None],
    );
}

#[test]
fn an_older_snapshot_tells_how_far_transactions_had_come() {
    let (store, older) = (Store::in_memory().unwrap(), Store::in_memory().unwrap());
    let facts = store.connection();
    facts.execute_batch(INDEXES).unwrap();
    older
        .connection()
        .execute_batch(
            "INSERT INTO nodes (id, version_num, next_xid) VALUES (1, 170002, '150');
             INSERT INTO samples (id, captured_at) VALUES (1, 500);
             INSERT INTO xid_times VALUES (120, 300)",
        )
        .unwrap();
    ages::take(facts, older.connection()).unwrap();
    ages::all(facts).unwrap();
    assert_eq!(known(facts), [Some(300), Some(9000), None]);
}

/// What a server tells, to a superuser and to a role that may only monitor.
#[tokio::test]
async fn a_new_index_is_told_from_an_old_one() {
    for major in [13, 15, 18] {
        let Some(server) = server(major) else {
            loudly(&format!("SKIPPED on {major}: ages of indexes"));
            continue;
        };
        let options = pgtriage::cluster::Options::default().set("autovacuum", "off");
        let cluster = private(server, options);
        let client = cluster.client("postgres").await;
        let now = async || -> i64 {
            let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
            client.query_one(sql, &[]).await.unwrap().get(0)
        };
        let run = async |sql: &str| {
            client
                .batch_execute(sql)
                .await
                .unwrap_or_else(|e| panic!("{major}: {sql}: {e:?}"));
        };
        run("CREATE ROLE watcher LOGIN IN ROLE pg_monitor").await;
        run("CREATE TABLE a AS SELECT n, n::text AS t FROM generate_series(1, 1000) n").await;
        run("CREATE INDEX a_old ON a (n)").await;
        // Made after the index, and vacuumed: the role that monitors knows the index by it.
        run("CREATE TABLE b (t text)").await;
        run("VACUUM ANALYZE b").await;
        run("VACUUM ANALYZE a").await;
        let between = now().await;
        run("CREATE INDEX CONCURRENTLY a_new ON a (n, t)").await;
        run("CLUSTER a USING a_old").await;
        let made = now().await;
        for user in ["postgres", "watcher"] {
            let conninfo = format!("{} user={user}", cluster.conninfo("postgres"));
            let store = collect(&conninfo).await;
            let of = |name: &str| there_since(&store, name);
            assert!(of("a_new") >= between, "{major} {user}");
            // CLUSTER wrote the row of this one anew.
            assert!(
                of("a_old") >= between && of("a_old") <= now().await,
                "{major} {user}"
            );
            assert!(made >= between);
        }
        run("CREATE TABLE c (t text)").await;
        run("VACUUM ANALYZE c").await;
        let known = now().await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        run("CREATE INDEX a_newer ON a (t, n)").await;
        for user in ["postgres", "watcher"] {
            let conninfo = format!("{} user={user}", cluster.conninfo("postgres"));
            // Before 14 counters reach the views within half a second.
            let mut old = i64::MAX;
            for _ in 0..40 {
                let store = collect(&conninfo).await;
                let of = |name: &str| there_since(&store, name);
                assert!(of("a_newer") > known, "{major} {user}");
                old = of("a_new").max(of("a_old"));
                if old <= known {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            }
            assert!(
                old <= known,
                "{major} {user}: nothing shows that the old ones are old"
            );
        }
    }
}
