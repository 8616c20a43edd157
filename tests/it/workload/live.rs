//! Texts of real servers, mended and planned.

use std::convert::Infallible;

use pgtriage::advise::workload::{Limits, plannable, read};
use pgtriage::cluster::world::{DATABASE, Variant};
use pgtriage::parse::{ItemKind, redact_statement, split};

use super::support::{Planner, SCHEMA, normalized};
use crate::support::{Clients, collect, loudly, newest, on_each_major, shop};

const NASTY: &str = include_str!("nasty.sql");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_of_the_server_can_be_planned() {
    on_each_major(async |cluster| {
        let database = cluster.fresh_database().await;
        let client = cluster.client(&database).await;
        client.batch_execute(SCHEMA).await.unwrap();
        let items = split(NASTY);
        let originals: Vec<String> = (items.iter())
            .filter(|item| item.kind == ItemKind::Sql)
            .map(|item| item.text(NASTY).into_owned())
            .collect();
        let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
        let texts = normalized(cluster, &database, &originals).await;
        let planner = Planner::new(cluster, &database).await;
        let mut raw = 0;
        let mut failed = Vec::new();
        for text in &texts {
            raw += usize::from(planner.cost(text).await.is_ok());
            // As they are, and as facts keep them: without the constants that the server leaves.
            for text in [text.clone(), redact_statement(text)] {
                if let Err(why) = plannable(&text, &mut |text| planner.check(text)) {
                    failed.push(format!("{text}\n    {why}"));
                }
            }
        }
        loudly(&format!(
            "  of {} texts {raw} plan as they are; after repair these do not: {failed:#?}\n",
            texts.len()
        ));
        assert_eq!(failed, Vec::<String>::new());
        assert!(raw < texts.len());
    })
    .await;
}

/// The shop's own workload, from a real server to texts that it plans.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_can_be_planned() {
    let Some(server) = newest() else {
        loudly("SKIPPED: the workload of the shop: no PostgreSQL server on this machine\n");
        return;
    };
    let cluster = shop(server, Variant::Planted, &[]);
    let store = collect(&cluster.conninfo(DATABASE)).await;
    let facts = store.connection();
    let sql = "SELECT id FROM databases WHERE name = ?1";
    let database: i64 = facts.query_row(sql, [DATABASE], |row| row.get(0)).unwrap();
    let limits = Limits {
        share: 1.0,
        ..Limits::default()
    };
    let mut workload = read(facts, database, &limits).unwrap();
    let before = workload.queries.len();
    let planner = Planner::new(&cluster, DATABASE).await;
    let settled: Result<(), Infallible> = workload.settle(|_, text| Ok(planner.check(text)));
    settled.unwrap();
    loudly(&format!(
        "  {before} statements of the shop, {} planned; not: {:#?}\n",
        workload.queries.len(),
        workload.unplanned
    ));
    assert!(before > 20, "{before}");
    assert_eq!(workload.queries.len(), before);
}
