//! Read-only transactions: what they allow, and what they leave behind.

use std::time::{Duration, Instant};

use pgtriage::collect::connect::MARK;
use tokio_postgres::types::Type;

use super::sessions::{connect, gone, quiet, states};
use super::world::{World, ask, read, tcp};
use crate::support::{Clients, on_each_major};

#[tokio::test]
async fn a_transaction_has_its_settings_and_the_session_has_none() {
    on_each_major(async |cluster| {
        let server = connect(cluster, "settings").await;
        let info = server.info();
        let binaries = cluster.server();
        let number = i64::from(binaries.major * 10_000 + binaries.minor);
        assert_eq!(i64::from(info.version), number);
        assert!(!info.in_recovery && !info.read_only_by_default && !info.pooled && !info.encrypted);
        assert_eq!(info.user, "postgres");
        let target = format!("postgres@127.0.0.1:{}", cluster.port());
        assert_eq!(server.display_target(), target);

        let limits = (Duration::from_millis(1500), Duration::ZERO);
        let mut transaction = server.read(limits.0, limits.1).await.unwrap();
        let process = |rows: Vec<tokio_postgres::Row>| rows[0].get::<_, i32>(0);
        let pid = "SELECT pg_backend_pid()";
        let inside = process(transaction.query_all(pid, &[]).await.unwrap());
        for (name, expect) in [
            ("transaction_read_only", "on"),
            ("statement_timeout", "1500ms"),
            // Zero would mean no limit.
            ("lock_timeout", "1ms"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("search_path", "pg_catalog"),
            ("jit", "off"),
            ("max_parallel_workers_per_gather", "0"),
            ("application_name", "settings"),
        ] {
            let rows = transaction
                .query_all(&format!("SHOW {name}"), &[])
                .await
                .unwrap();
            assert_eq!(rows[0].get::<_, &str>(0), expect, "{name}");
        }
        let sql = "SELECT $1 || $2::text";
        let parameters = [(&"a" as _, Type::TEXT), (&7_i32 as _, Type::INT4)];
        let rows = transaction.query_all(sql, &parameters).await.unwrap();
        assert_eq!(rows[0].get::<_, &str>(0), "a7");
        let error = transaction
            .query_all("CREATE TABLE t ()", &[])
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some("25006"), "{error}");
        assert_eq!(
            error.to_string(),
            "cannot execute CREATE TABLE in a read-only transaction (SQLSTATE 25006)"
        );
        drop(transaction);

        // The connection is used again once it is rolled back, and nothing of the above is left.
        quiet(cluster, "settings").await;
        let client = server.read(limits.0, limits.1).await.unwrap();
        client.commit().await.unwrap();
        let mut transaction = read(&server).await;
        assert_eq!(
            process(transaction.query_all(pid, &[]).await.unwrap()),
            inside
        );
        let rows = transaction
            .query_all("SELECT count(*) FROM pg_prepared_statements", &[])
            .await
            .unwrap();
        assert_eq!(rows[0].get::<_, i64>(0), 0);
        let rows = transaction
            .query_all(
                "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(rows[0].get::<_, &str>(0), "0");
        transaction.commit().await.unwrap();
        assert_eq!(states(cluster, "settings").await, ["idle"]);
        server.close().await;
        gone(cluster, "settings").await;
    })
    .await;
}

/// Whatever tokio-postgres might send by itself would stand there without the mark.
#[tokio::test]
async fn every_statement_carries_the_mark() {
    on_each_major(async |cluster| {
        let admin = cluster.client(&cluster.fresh_database().await).await;
        admin
            .batch_execute("CREATE EXTENSION pg_stat_statements; CREATE ROLE marked LOGIN")
            .await
            .unwrap();
        let text = format!("{} user=marked", tcp(cluster));
        let server = World::new().connect(&text).await.unwrap();
        for sql in [
            "SELECT oid, relname, relkind, reltuples, relfrozenxid, reloptions, relpartbound, relacl::text FROM pg_class",
            "SELECT * FROM pg_index",
            "SELECT schemaname, tablename, attname, n_distinct, most_common_vals::text, most_common_freqs FROM pg_stats",
            "SELECT * FROM pg_stat_activity",
            "SELECT * FROM pg_settings",
            "SELECT adbin FROM pg_attrdef",
            "-- with a word before it\nSELECT '0/0'::pg_lsn, now() - now(), '{}'::jsonb, 1.5, '::1'::inet, 1::regclass",
            "SHOW work_mem",
        ] {
            let mut transaction = read(&server).await;
            let answer = transaction.query_all(sql, &[]).await;
            answer.unwrap_or_else(|e| panic!("{sql}: {e}"));
            transaction.commit().await.unwrap();
        }
        let mut transaction = read(&server).await;
        transaction.query_all("SELECT 1 / 0", &[]).await.unwrap_err();
        drop(transaction);
        ask(&server, "SELECT 'rolled back by now'").await;
        server.close().await;
        let sql = "SELECT query FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE rolname = 'marked'";
        let queries: Vec<String> = admin.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        assert!(queries.len() > 10, "{queries:#?}");
        for query in &queries {
            assert!(query.contains(MARK), "{query}");
        }
        for word in ["BEGIN", "COMMIT", "SET", "SELECT", "SHOW", "ROLLBACK"] {
            assert!(queries.iter().any(|query| query.starts_with(word)), "{word}: {queries:#?}");
        }
    })
    .await;
}

#[tokio::test]
async fn failures_have_their_kind() {
    on_each_major(async |cluster| {
        let database = cluster.fresh_database().await;
        let admin = cluster.client(&database).await;
        admin.batch_execute("CREATE TABLE held ()").await.unwrap();
        let here = format!("{} dbname={database}", tcp(cluster));
        let server = World::new().connect(&here).await.unwrap();
        let limit = Duration::from_millis(300);

        let mut transaction = server.read(limit, limit).await.unwrap();
        let start = Instant::now();
        let error = transaction.query_all("SELECT pg_sleep(60)", &[]).await.unwrap_err();
        assert!(error.is_timeout() && !error.is_connection_lost(), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(3));

        admin.batch_execute("BEGIN; LOCK TABLE held").await.unwrap();
        let mut transaction = server.read(Duration::from_mins(1), limit).await.unwrap();
        let error = transaction.query_all("SELECT * FROM public.held", &[]).await.unwrap_err();
        assert!(error.is_lock_not_available(), "{error:?}");
        admin.batch_execute("ROLLBACK").await.unwrap();

        admin.batch_execute("DROP ROLE IF EXISTS bare; CREATE ROLE bare LOGIN").await.unwrap();
        let bare = World::new().connect(&format!("{here} user=bare")).await.unwrap();
        let mut transaction = read(&bare).await;
        let error = transaction.query_all("SELECT * FROM pg_authid", &[]).await.unwrap_err();
        assert!(error.is_permission_denied(), "{error:?}");
        assert_eq!(error.to_string(), "permission denied for table pg_authid (SQLSTATE 42501)");

        // The server ends our session between two statements, and within one.
        let mut transaction = read(&server).await;
        let rows = transaction.query_all("SELECT pg_backend_pid()", &[]).await.unwrap();
        let pid: i32 = rows[0].get(0);
        admin.execute("SELECT pg_terminate_backend($1)", &[&pid]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let error = transaction.query_all("SELECT 1", &[]).await.unwrap_err();
        assert!(error.is_connection_lost(), "{error:?}");
        let mut transaction = read(&server).await;
        let (answer, ()) = tokio::join!(transaction.query_all("SELECT pg_sleep(60)", &[]), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT %pg_sleep(60)' AND datname = $1";
            admin.execute(sql, &[&database]).await.unwrap();
        });
        let error = answer.unwrap_err();
        assert!(error.is_connection_lost(), "{error:?}");
        assert!(error.to_string().starts_with("terminating connection due to administrator command"), "{error}");
        drop(transaction);
        // And all is well again.
        assert_eq!(ask(&server, "SELECT 'well'").await, "well");
    })
    .await;
}

#[tokio::test]
async fn an_abandoned_read_leaves_no_open_transaction() {
    on_each_major(async |cluster| {
        let server = connect(cluster, "abandoned").await;
        let busy = async |sql: &'static str| {
            let server = server.clone();
            let task = tokio::spawn(async move {
                let mut transaction = read(&server).await;
                let mut rows = transaction.query(sql, &[]).await.unwrap();
                while rows.next().await.unwrap().is_some() {}
            });
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert_eq!(states(cluster, "abandoned").await, ["active"], "{sql}");
            task.abort();
            quiet(cluster, "abandoned").await;
        };
        busy("SELECT pg_sleep(600)").await;
        busy("SELECT a, repeat('x', 1000) FROM generate_series(1, 1000000000) a").await;

        // In the middle of the rows, between statements, and before the end.
        let mut transaction = read(&server).await;
        let mut rows = transaction
            .query("SELECT generate_series(1, 1000000000)", &[])
            .await
            .unwrap();
        for expect in 1..=3 {
            assert_eq!(rows.next().await.unwrap().unwrap().get::<_, i32>(0), expect);
        }
        drop(rows);
        drop(transaction);
        quiet(cluster, "abandoned").await;
        let mut transaction = read(&server).await;
        transaction.query_all("SELECT 1", &[]).await.unwrap();
        drop(transaction);
        quiet(cluster, "abandoned").await;

        // At any moment at all.
        for round in 0..60_u64 {
            let work = async {
                let mut transaction = read(&server).await;
                let sql = format!("SELECT {round}::bigint, pg_sleep(0.002)");
                let rows = transaction.query_all(&sql, &[]).await.unwrap();
                assert_eq!(rows[0].get::<_, i64>(0), round as i64);
                transaction.commit().await.unwrap();
            };
            let _ = tokio::time::timeout(Duration::from_micros(round * 150), work).await;
        }
        quiet(cluster, "abandoned").await;
        assert_eq!(ask(&server, "SELECT 'well'").await, "well");
        assert!(states(cluster, "abandoned").await.len() <= 4);
        server.close().await;
        gone(cluster, "abandoned").await;
    })
    .await;
}
