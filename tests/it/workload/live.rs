//! Texts of real servers, mended and planned.

use pgtriage::advise::workload::plannable;
use pgtriage::parse::{ItemKind, split};

use super::support::{Planner, SCHEMA, normalized};
use crate::support::{Clients, loudly, on_each_major};

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
            let mended = plannable(text, &mut |text| planner.check(text));
            if std::env::var("SHOW").is_ok() && mended.as_ref().is_ok_and(|m| m != text) {
                loudly(&format!("{text}\n  => {}\n", mended.as_ref().unwrap()));
            }
            if let Err(why) = mended {
                failed.push(format!("{text}\n    {why}"));
            }
        }
        loudly(&format!(
            "  of {} texts {raw} plan as they are, {} after repair\n",
            texts.len(),
            texts.len() - failed.len()
        ));
        assert_eq!(failed, Vec::<String>::new());
    })
    .await;
}
