//! What a shadow is made of, on real servers: the catalogs agree with those of the original.

use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{CollectOptions, Collector, Databases};
use pgtriage::derive::shadow::{Script, script};
use pgtriage::facts::Store;
use tokio_postgres::Client;

use crate::support::{Clients, on_each_major};

const ODD: &str = include_str!("shadow_script/odd.sql");

/// What has to be the same in the original and in its shadow: a query each.
const SAME: &[(&str, &str)] = &[
    (
        "relations",
        "SELECT schema, name, replace(kind, 'materialized view', 'table'), persistence, is_partition, inherits,
                partition_bound, partition_key, access_method, tuples, pages, pages_all_visible
         FROM relations WHERE extension IS NULL AND kind <> 'foreign table' ORDER BY schema, name",
    ),
    (
        "columns",
        "SELECT r.schema, r.name, c.position, iif(c.is_dropped, '', c.name), c.type, c.not_null, c.generated,
                c.collation, c.is_dropped, iif(c.generated IS NULL, '', c.default_expression)
         FROM columns c JOIN relations r ON r.id = c.relation_id WHERE c.position > 0 ORDER BY 1, 2, 3",
    ),
    (
        "planner statistics",
        "SELECT coalesce(r.schema, i.schema), coalesce(r.name, i.name), s.position, s.inherited, s.null_frac,
                s.avg_width, s.n_distinct, s.slots
         FROM planner_statistics s LEFT JOIN relations r ON r.id = s.relation_id LEFT JOIN indexes i ON i.id = s.index_id
         ORDER BY 1, 2, 3, 4",
    ),
    (
        "indexes",
        "SELECT schema, name, method, is_unique, nulls_not_distinct, is_primary, is_exclusion, is_immediate, is_valid,
                is_ready, is_partitioned, constraint_name, key_columns, predicate, definition, row_estimate, pages
         FROM indexes ORDER BY schema, name",
    ),
    (
        "constraints",
        // The planner takes no note of foreign keys of partitioned tables, so they are not made.
        "SELECT r.schema, r.name, c.kind, iif(r.is_partition AND (c.is_inherited OR c.kind = 'foreign key'), '', c.name), c.columns, c.on_update,
                c.on_delete, c.is_validated, c.is_enforced, c.is_deferrable, c.definition
         FROM constraints c JOIN relations r ON r.id = c.relation_id
         WHERE NOT (c.kind = 'foreign key' AND r.kind = 'partitioned table')
         ORDER BY 1, 2, 3, c.definition, 4",
    ),
    (
        "extended statistics",
        "SELECT schema, name, kinds, columns, definition, iif(name = 'together', json_extract(data, '$[0].ndistinct', '$[0].dependencies'), data)
         FROM extended_statistics ORDER BY 1, 2",
    ),
    (
        "types",
        "SELECT schema, name, kind, labels, base_type, not_null, checks, collation, length, attributes
         FROM types ORDER BY 1, 2",
    ),
    (
        "functions",
        "SELECT schema, name, arguments, kind, language, volatility, result, definition FROM functions ORDER BY 1, 2, 3",
    ),
    (
        "views",
        "SELECT schema, name, options, definition FROM relations WHERE kind = 'view' ORDER BY 1, 2",
    ),
    (
        "order of tables and indexes",
        "SELECT * FROM (SELECT 'table', schema || '.' || name FROM relations WHERE kind <> 'view' ORDER BY oid)
         UNION ALL SELECT * FROM (SELECT 'index', schema || '.' || name FROM indexes ORDER BY oid)",
    ),
];

pub async fn facts(target: &str, database: &str, with_values: bool) -> Store {
    let info = ConnInfo::resolve(Some(target), &Environment::empty()).unwrap();
    let options = CollectOptions {
        databases: Databases::Named(vec![database.to_owned()]),
        with_values,
        ..CollectOptions::default()
    };
    let mut collector = Collector::connect(&[info], options).await.unwrap();
    let mut store = Store::in_memory().unwrap();
    collector.collect(&mut store, &mut |_| {}).await.unwrap();
    collector.close().await;
    store
}

fn made(store: &Store) -> Script {
    let facts = store.connection();
    let sql = "SELECT id FROM databases WHERE is_collected";
    let database = facts.query_row(sql, [], |row| row.get(0)).unwrap();
    script(facts, database).unwrap()
}

/// Runs all statements in order and gives what failed.
async fn run(script: &Script, client: &Client) -> Vec<String> {
    let mut failed = Vec::new();
    for statement in script.statements() {
        if let Err(error) = client.batch_execute(&statement.sql).await {
            let said = error
                .as_db_error()
                .map_or(error.to_string(), ToString::to_string);
            failed.push(format!(
                "{}: {said}\n    {}",
                statement.object, statement.sql
            ));
        }
    }
    failed
}

fn rows(store: &Store, sql: &str) -> Vec<String> {
    let facts = store.connection();
    let mut statement = facts.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells: Vec<String> = (0..width)
            .map(|index| {
                let value: rusqlite::types::Value = row.get(index).unwrap();
                match value {
                    rusqlite::types::Value::Null => "NULL".to_owned(),
                    rusqlite::types::Value::Integer(n) => n.to_string(),
                    rusqlite::types::Value::Real(n) => n.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Blob(_) => "blob".to_owned(),
                }
            })
            .collect();
        Ok(cells.join(" | "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// What is in one and not in the other.
fn differences(original: &Store, shadow: &Store) -> String {
    let mut text = String::new();
    for (what, sql) in SAME {
        let (left, right) = (rows(original, sql), rows(shadow, sql));
        if left == right {
            continue;
        }
        text += &format!("{what}:\n");
        for row in left.iter().filter(|row| !right.contains(row)) {
            text += &format!("  - {row}\n");
        }
        for row in right.iter().filter(|row| !left.contains(row)) {
            text += &format!("  + {row}\n");
        }
        if left.len() == right.len() && left.iter().all(|row| right.contains(row)) {
            text += &format!("  order: {left:?}\n     and: {right:?}\n");
        }
    }
    text
}

#[tokio::test]
async fn a_shadow_has_the_catalog_of_the_original() {
    on_each_major(async |cluster| {
        let (original, shadow) = (
            cluster.fresh_database().await,
            cluster.fresh_database().await,
        );
        let client = cluster.client(&original).await;
        // VACUUM takes no transaction, and statements sent together are one.
        for part in ODD.split("-- by itself\n") {
            client.batch_execute(part).await.unwrap();
        }
        let store = facts(&cluster.conninfo(&original), &original, true).await;
        let script = made(&store);
        let failed = run(&script, &cluster.client(&shadow).await).await;
        let copy = facts(&cluster.conninfo(&shadow), &shadow, true).await;
        let differences = differences(&store, &copy);
        assert!(
            failed.is_empty() && differences.is_empty(),
            "{}\n{differences}",
            failed.join("\n")
        );
    })
    .await;
}
