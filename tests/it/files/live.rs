//! What a server gives as files is what it gives itself.

use pgtriage::facts::Store;

use super::support::{list, read};
use crate::support::{Clients, collect, on_each_major};

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
