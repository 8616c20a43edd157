//! A shadow of the shop: every statement that it counted is planned as by the original.

use std::time::Instant;

use pgtriage::advise::index::{Question, WhatIf};
use pgtriage::cli::what_if::shadow::{Options, Shadow};
use pgtriage::cluster::world::{DATABASE, Variant};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::shadow_script::facts;
use crate::support::{Clients, loudly, on_the_ends, saved, shop};

/// How far costs may be apart, as a share.
const APART: f64 = 0.001;

/// Statements that the shop ran, by their own texts.
const STATEMENTS: &str = "SELECT DISTINCT query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = current_database() AND query ~* '^\\s*(select|insert|update|delete|with)' AND query !~ 'pg_catalog|pg_stat|/\\* pgtriage'
    ORDER BY query";

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_is_planned_as_by_the_original() {
    on_the_ends(async |server| {
        let cluster = shop(server, Variant::Planted, &[]);
        let client = cluster.client(DATABASE).await;
        let mut store = facts(&cluster.conninfo(DATABASE), DATABASE, true).await;
        // What is read back from a file has all that a shadow needs.
        let store = saved(&mut store);
        let database = store.connection().query_row(
            "SELECT id FROM databases WHERE name = ?1", [DATABASE], |row| row.get(0));
        let start = Instant::now();
        let options = Options::default();
        let shadow = || Shadow::start(store.connection(), database.unwrap(), server, &options).unwrap();
        let mut shadow = tokio::task::block_in_place(shadow);
        let took = start.elapsed().as_secs_f64();

        let settings = [("search_path".to_owned(), "shop, billing, inventory, ops, public".to_owned())];
        client.batch_execute("SET search_path = shop, billing, inventory, ops, public; SET plan_cache_mode = force_generic_plan").await.unwrap();
        let texts: Vec<String> = client.query(STATEMENTS, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        let questions: Vec<Question<'_>> = texts
            .iter()
            .map(|text| Question {
                text,
                is_generic: text.contains('$'),
                settings: &settings,
                with: &[],
                without: &[],
            })
            .collect();
        let plans = tokio::task::block_in_place(|| shadow.plan(&questions).unwrap());
        let (mut planned, mut to_the_cent) = (0, 0);
        for (text, plan) in texts.iter().zip(plans) {
            let Some(cost) = cost(&client, text).await else {
                assert!(plan.is_err(), "the original does not plan {text}");
                continue;
            };
            let plan = plan.unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!((plan.cost - cost).abs() <= cost * APART, "{text}: {} in place of {cost}\n{}", plan.cost, plan.json);
            planned += 1;
            to_the_cent += usize::from((plan.cost - cost).abs() < 0.011);
        }
        loudly(&format!(
            "shadow of the shop on {server}: made in {took:.1} s, {planned} of {} statements planned, {to_the_cent} to the cent; left out: {:?}",
            texts.len(), shadow.left_out().iter().map(|one| &one.object).collect::<Vec<_>>()
        ));
        assert!(planned > 30, "{planned}");
    })
    .await;
}

/// Cost of the plan for any values of the parameters; none where there is no plan.
async fn cost(client: &Client, text: &str) -> Option<f64> {
    client
        .batch_execute(&format!("PREPARE it AS {text}"))
        .await
        .ok()?;
    let count = client.query_one(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'it'",
        &[],
    );
    let count: i32 = count.await.unwrap().get(0);
    let nulls = vec!["NULL"; count as usize].join(", ");
    let nulls = if count == 0 {
        nulls
    } else {
        format!("({nulls})")
    };
    let answer = client
        .simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE it{nulls}"))
        .await;
    client.batch_execute("DEALLOCATE it").await.unwrap();
    let answer = answer.ok()?;
    let json = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let json: serde_json::Value = serde_json::from_str(json.unwrap()).unwrap();
    json[0]["Plan"]["Total Cost"].as_f64()
}
