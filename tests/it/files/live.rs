//! What a server gives as files is what it gives itself.

use pgtriage::facts::Store;

use super::support::{check, list, read, try_read};
use crate::support::{Clients, collect, judge, on_each_major};

const TOTALS: &str =
    "SELECT text, longest_list, calls, rows, total_exec_ms, stddev, shared_blks_hit, blk_read_ms
    FROM (SELECT t.*, s.longest_list, round(t.variance_exec_ms2, 9) AS stddev
          FROM statement_totals t JOIN statements s ON s.id = t.statement_id)
    WHERE text LIKE '%sent%' AND text LIKE 'SELECT%' AND text NOT LIKE '%json_agg%' ORDER BY text";

fn totals(store: &Store) -> String {
    list(store, TOTALS)
}

#[tokio::test]
async fn exported_statements_have_the_same_totals() {
    on_each_major(async |cluster| {
        let admin = cluster.client("postgres").await;
        for sql in ["DROP DATABASE IF EXISTS sent", "CREATE DATABASE sent"] {
            admin.batch_execute(sql).await.unwrap();
        }
        let client = cluster.client("sent").await;
        client
            .batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements; CREATE TABLE sent (id int, note text)")
            .await
            .unwrap();
        for sql in [
            "SELECT * FROM sent WHERE note = 'secret'",
            "SELECT count(*) FROM sent WHERE id IN (1, 2, 3)",
            "SELECT count(*) FROM sent WHERE id IN (1, 2, 3)",
        ] {
            client.batch_execute(sql).await.unwrap();
        }
        let live = collect(&cluster.conninfo("sent")).await;
        let sql = "SELECT json_agg(t)::text FROM pg_stat_statements t
                   WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'sent')";
        let rows: String = client.query_one(sql, &[]).await.unwrap().get(0);
        let sent = read(&[("statements", &rows)]);
        assert!(totals(&live).contains("note = $1"), "{}", totals(&live));
        assert_eq!(totals(&sent), totals(&live));
    })
    .await;
}

/// Views that `--facts` takes, and the version that has them first.
const VIEWS: [(&str, u32); 26] = [
    ("pg_database", 12),
    ("pg_roles", 12),
    ("pg_settings", 12),
    ("pg_extension", 12),
    ("pg_namespace", 12),
    ("pg_class", 12),
    ("pg_stats", 12),
    ("pg_sequences", 12),
    ("pg_stat_user_tables", 12),
    ("pg_stat_all_tables", 12),
    ("pg_statio_user_tables", 12),
    ("pg_stat_user_indexes", 12),
    ("pg_statio_user_indexes", 12),
    ("pg_stat_database", 12),
    ("pg_stat_activity", 12),
    ("pg_stat_replication", 12),
    ("pg_replication_slots", 12),
    ("pg_prepared_xacts", 12),
    ("pg_locks", 12),
    ("pg_stat_archiver", 12),
    ("pg_stat_checkpointer", 17),
    ("pg_stat_bgwriter", 12),
    ("pg_stat_wal", 14),
    ("pg_stat_wal_receiver", 12),
    ("pg_stat_io", 16),
    ("pg_stat_statements_info", 14),
];

#[tokio::test]
async fn every_view_of_every_major_is_understood_whole() {
    on_each_major(async |cluster| {
        let client = cluster.client("postgres").await;
        client
            .batch_execute(
                "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
                 CREATE TABLE IF NOT EXISTS kept (id serial PRIMARY KEY, note text) WITH (fillfactor = 70);
                 INSERT INTO kept (note) VALUES ('a'), ('b'); ANALYZE kept",
            )
            .await
            .unwrap();
        let version: i32 = client
            .query_one("SELECT current_setting('server_version_num')::int", &[])
            .await
            .unwrap()
            .get(0);
        let mut rows = Vec::new();
        for (view, _) in VIEWS.iter().filter(|(_, first)| *first <= version as u32 / 10_000) {
            // Columns whose types JSON cannot tell are texts there too.
            let sql = format!(
                "SELECT coalesce(json_agg(t)::text, '[]') FROM (SELECT extract(epoch FROM now()) AS captured_at, * FROM {view}) t"
            );
            let text: String = client.query_one(&sql, &[]).await.unwrap().get(0);
            rows.push((*view, text));
        }
        let sql = "SELECT json_agg(t)::text FROM (SELECT extract(epoch FROM now()) AS captured_at, * FROM pg_stat_statements) t";
        rows.push(("statements", client.query_one(sql, &[]).await.unwrap().get(0)));
        let given: Vec<(&str, &str)> = rows.iter().map(|(view, text)| (*view, text.as_str())).collect();
        let (store, notes) = try_read(&given).unwrap_or_else(|error| panic!("{error}"));
        let odd: Vec<_> = notes
            .iter()
            .filter(|note| !note.text.contains("databases; the one with") && !note.text.contains("are not known")
                    && !note.text.contains("(on_table)"))
            .collect();
        assert!(odd.is_empty(), "{odd:?}");
        check(
            &store,
            "SELECT r.name, r.row_estimate > 0, r.options, r.has_triggers, s.n_tup_ins >= 0,
                    (SELECT count(*) FROM column_statistics c WHERE c.relation_id = r.id)
             FROM relations r JOIN relation_stats_latest s ON s.relation_id = r.id WHERE r.name = 'kept'",
            "kept|1|{\"fillfactor\":\"70\"}|0|1|2",
        );
        let mut store = store;
        let outcome = judge(&mut store, "");
        // Rules of tables need a schema; those of the server have all they need.
        let skipped: Vec<&str> = outcome.skipped.iter().map(|skipped| skipped.rule.as_str()).collect();
        for rule in ["setting/fsync-off", "lock/xmin-held", "replication/slot-lost", "query/slow-mean"] {
            assert!(!skipped.contains(&rule), "{:?}", outcome.skipped);
        }
        let found = outcome.findings.iter().filter(|finding| {
            let families = ["backup/", "setting/", "security/", "query/", "server/"];
            !families.iter().any(|family| finding.rule.starts_with(family))
        });
        let found: Vec<&str> = found.map(|finding| finding.rule.as_str()).collect();
        assert_eq!(found, Vec::<&str>::new());
        check(&store, "SELECT version_num FROM nodes", &version.to_string());
        let gone = "SELECT count(*) FROM relations WHERE name LIKE 'pg!_%' ESCAPE '!' AND name NOT LIKE 'pg_stat_statements%'";
        check(&store, gone, "0");
    })
    .await;
}
