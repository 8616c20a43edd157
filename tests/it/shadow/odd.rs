//! A shadow of a database with what is met in the field, by a superuser and by a role that only reads.

use pgtriage::advise::index::{Handle, Question, WhatIf};
use pgtriage::cli::what_if::shadow::{Lanes, Options, Shadow, Size};
use pgtriage::cluster::ServerBinaries;
use pgtriage::facts::Store;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::shadow_script::facts;
use crate::support::{Clients, loudly, on_the_ends, private};

const SETUP: &str = include_str!("odd.sql");
const QUERIES: &str = include_str!("odd_queries.sql");

/// How far costs may be apart, as a share.
const APART: f64 = 0.001;

/// Expressions, a statement that looks for their values, and the greatest factor that its cost may be off once ANALYZE
/// has seen the index. What would be guessed without statistics is further off.
const EXPRESSIONS: [(&str, &str, f64); 7] = [
    ("lower(email)", "lower(email) = 'user7@x1.org'", 1.01),
    (
        "lower(email) text_pattern_ops",
        "lower(email) LIKE 'user77%'",
        1.5,
    ),
    ("upper(city)", "upper(city) = 'CITY 7'", 1.3),
    ("(doc->>'kind')", "doc->>'kind' = 'k7'", 1.4),
    (
        "EXTRACT(year FROM born)",
        "EXTRACT(year FROM born) = 1971",
        1.3,
    ),
    ("(email || '!')", "email || '!' = 'x'", 1.01),
    (
        "((at AT TIME ZONE 'UTC')::date)",
        "(at AT TIME ZONE 'UTC')::date = '2024-01-09'",
        1.2,
    ),
];

/// Expressions that a sample tells nothing of: they are as in an index that ANALYZE has not seen.
const GUESSED: [(&str, &str); 4] = [
    ("(email || city)", "email || city = 'x'"),
    ("(doc->>'who')", "doc->>'who' = 'x'"),
    ("(id % 50)", "id % 50 = 7"),
    ("(id / 10)", "id / 10 = 3"),
];

fn queries() -> impl Iterator<Item = &'static str> {
    QUERIES.split(";\n").filter(|sql| !sql.is_empty())
}

fn blocking<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn shadow(store: &Store, server: &ServerBinaries) -> Shadow {
    let database =
        store
            .connection()
            .query_row("SELECT id FROM databases WHERE name = 'odd'", [], |row| {
                row.get(0)
            });
    let options = Options {
        lanes: Lanes(1),
        keep: None,
    };
    blocking(|| Shadow::start(store.connection(), database.unwrap(), server, &options).unwrap())
}

async fn cost(client: &Client, sql: &str) -> Option<f64> {
    let explain = format!("EXPLAIN (FORMAT JSON) {sql}");
    let messages = client.simple_query(&explain).await.ok()?;
    let json = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let json: serde_json::Value = serde_json::from_str(json?).unwrap();
    json[0]["Plan"]["Total Cost"].as_f64()
}

fn planned(shadow: &mut Shadow, text: &str, with: &[Handle]) -> Result<f64, String> {
    let question = Question {
        text,
        is_generic: false,
        settings: &[],
        with,
        without: &[],
    };
    blocking(|| shadow.plan(&[question]).unwrap())
        .remove(0)
        .map(|plan| plan.cost)
}

/// What differs, and the tables that the shadow says it has not as the original.
async fn compare(
    client: &Client,
    store: &Store,
    shadow: &mut Shadow,
) -> (Vec<&'static str>, Vec<String>) {
    let mut names = store
        .connection()
        .prepare("SELECT name FROM relations WHERE id = ?1")
        .unwrap();
    let told: Vec<String> = (shadow.left_out().iter())
        .flat_map(|one| one.relations.clone())
        .map(|id| names.query_row([id], |row| row.get(0)).unwrap())
        .collect();
    let mut other = Vec::new();
    for sql in queries() {
        let (original, made) = (cost(client, sql).await, planned(shadow, sql, &[]));
        let is_same = match (original, &made) {
            (Some(original), Ok(made)) => (original - made).abs() <= original * APART + 0.011,
            _ => false,
        };
        if !is_same {
            let is_told = told.iter().any(|name| sql.contains(name.as_str()));
            assert!(
                is_told,
                "{sql}: {made:?} in place of {original:?}; told are {told:?}"
            );
            other.push(sql);
        }
    }
    (other, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_met_in_the_field_is_planned_as_by_the_original() {
    on_the_ends(async |server| {
        let cluster = private(
            server,
            pgtriage::cluster::Options::default().set("autovacuum", "off"),
        );
        let postgres = cluster.client("postgres").await;
        postgres.batch_execute("CREATE DATABASE odd").await.unwrap();
        let client = cluster.client("odd").await;
        for batch in SETUP.split(";\n") {
            client
                .batch_execute(batch)
                .await
                .unwrap_or_else(|e| panic!("{batch}: {e:?}"));
        }
        let target = cluster.conninfo("odd");
        let store = facts(&target, "odd", true).await;
        let mut made = shadow(&store, server);
        let (other, _) = compare(&client, &store, &mut made).await;
        assert!(other.iter().all(|sql| sql.contains("far_away") || sql.contains("foreign")), "{other:?}");
        expressions(&client, &mut made).await;
        drop(made);

        let store = facts(&format!("{target} user=shadow_reader"), "odd", true).await;
        let mut made = shadow(&store, server);
        let (other, told) = compare(&client, &store, &mut made).await;
        for table in ["rls", "many"] {
            assert!(told.iter().any(|name| name == table), "{told:?}");
        }
        loudly(&format!("shadow of what is met in the field on {server}: of a role that reads, {} plans are other, as told", other.len()));
    })
    .await;
}

/// Statistics of expressions are near those that ANALYZE finds, or are not there.
async fn expressions(client: &Client, shadow: &mut Shadow) {
    let cases = EXPRESSIONS
        .iter()
        .map(|(expression, condition, off)| (expression, condition, Some(*off)));
    let guessed = GUESSED
        .iter()
        .map(|(expression, condition)| (expression, condition, None));
    for (expression, condition, off) in cases.chain(guessed) {
        let ddl = format!("CREATE INDEX made ON field.people (({expression}))");
        let ddl = match expression.strip_suffix(" text_pattern_ops") {
            Some(bare) => format!("CREATE INDEX made ON field.people (({bare}) text_pattern_ops)"),
            None => ddl,
        };
        let sql = format!("SELECT * FROM field.people WHERE {condition}");
        client.batch_execute("BEGIN").await.unwrap();
        client.batch_execute(&ddl).await.unwrap();
        let pages = client.query_one("SELECT relpages FROM pg_class WHERE relname = 'made'", &[]);
        let size = Size {
            pages: pages.await.unwrap().get::<_, i32>(0) as u64,
            rows: 8000.0,
            height: 1,
        };
        let fresh = cost(client, &sql).await.unwrap();
        client.batch_execute("ANALYZE field.people").await.unwrap();
        let analyzed = cost(client, &sql).await.unwrap();
        client.batch_execute("ROLLBACK").await.unwrap();
        let made = blocking(|| shadow.create_as(&ddl, |_| size).unwrap());
        let (handle, _) = made.unwrap();
        let in_shadow = planned(shadow, &sql, &[handle]).unwrap();
        blocking(|| shadow.forget(&[handle]).unwrap());
        let wanted = if off.is_some() { analyzed } else { fresh };
        let factor = (in_shadow / wanted).max(wanted / in_shadow);
        assert!(
            factor <= off.unwrap_or(1.0 + APART),
            "{sql}: {in_shadow} in place of {wanted}; {fresh} before ANALYZE, {analyzed} after"
        );
    }
}
