//! Logs that are given by hand feed the search: statements, and their values.

use std::path::Path;

use pgtriage::cluster::{Cluster, Options, ServerBinaries};
use pgtriage::collect::files::{self, Files, FilesOptions};
use pgtriage::collect::logs::{LiveLogs, LogOptions};
use pgtriage::facts::Store;
use serde_json::Value;

use crate::support::{Clients, Program, loudly, newest, private};
use crate::tui::terminal::Terminal;

/// A log that shows one statement, a little slower each time.
fn log(path: &Path) {
    let line = |n: usize| {
        format!(
            "2026-03-04 10:00:{n:02}.000 UTC [123] LOG:  duration: {}.000 ms  statement: SELECT id FROM parcels WHERE state = 'lost'\n",
            800 + n
        )
    };
    std::fs::write(path, (0..40).map(line).collect::<String>()).unwrap();
}

async fn world(server: &ServerBinaries) -> Cluster {
    let cluster = private(server, Options::default().set("autovacuum", "off"));
    let tables = "CREATE TABLE parcels (id int PRIMARY KEY, state text, note text);
        INSERT INTO parcels SELECT g, CASE WHEN g % 5000 = 0 THEN 'lost' ELSE 'there' END, repeat('x', 100)
        FROM generate_series(1, 50000) g; VACUUM ANALYZE parcels";
    let client = cluster.client("postgres").await;
    for sql in tables.split(';') {
        client.batch_execute(sql).await.unwrap();
    }
    cluster
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_a_log_feed_the_search() {
    let Some(server) = newest() else {
        return loudly("SKIPPED: advice by a log that is given by hand");
    };
    let cluster = world(server).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("postgresql.log");
    log(&path);
    let (conninfo, bin) = (
        cluster.conninfo("postgres"),
        server.bin.display().to_string(),
    );
    let args = [
        "advise",
        "index",
        "-d",
        &conninfo,
        "--server-bin",
        &bin,
        "--format",
        "json",
        "--logs",
        path.to_str().unwrap(),
    ];
    let ran = tokio::task::block_in_place(|| Program::new().run(&args));
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let advice: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.all()));
    let index = &advice["create"][0];
    assert_eq!(index["table"], "public.parcels", "{advice:#}");
    // By the value that the log has, not by one that statistics draw.
    assert_eq!(index["confidence"], "high", "{advice:#}");
    // Texts of statements have no values all the same.
    assert!(
        !advice["statements"].to_string().contains("lost"),
        "{advice:#}"
    );

    let Some(terminal) = Terminal::open(120, 40, &format!("PG_BIN='{bin}'")) else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    terminal.types(&format!(
        "{program} -d \"{conninfo}\" --logs {}",
        path.display()
    ));
    terminal.sees("1 Findings");
    terminal.keys(&["5", "]"]);
    terminal.sees("Tables: Indexes");
    terminal.keys(&["a"]);
    terminal.sees("[x] create  public.parcels_");
    terminal.keys(&["q"]);
    terminal.is_back(0);
}

#[test]
fn values_of_a_log_that_is_followed_are_for_the_search_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("postgresql.log");
    log(&path);
    for (keep_literals, kept) in [(false, [0, 1, 0]), (true, [1, 1, 1])] {
        let options = LogOptions {
            keep_literals,
            keep_samples: true,
            ..LogOptions::default()
        };
        let store = Store::in_memory().unwrap();
        let ground = FilesOptions {
            keep_literals,
            ..FilesOptions::default()
        };
        files::load(&Files::default(), &store, true, ground).unwrap();
        let mut logs = LiveLogs::new(std::slice::from_ref(&path), &options).unwrap();
        logs.poll(&mut |_, _| true).unwrap();
        logs.finish();
        let holds = |table: &str| -> i64 {
            let sql = format!("SELECT max(coalesce(text, '') LIKE '%lost%') FROM {table}");
            store
                .connection()
                .query_row(&sql, [], |row| row.get(0))
                .unwrap()
        };
        logs.write(&store).unwrap();
        let shown = holds("log_samples");
        logs.write_with_samples(&store).unwrap();
        let found = [shown, holds("log_samples"), holds("statements")];
        assert_eq!(found, kept, "keep_literals {keep_literals}");
    }
}
