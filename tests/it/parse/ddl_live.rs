//! A schema file gives the facts of the server that it was dumped from.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use pgtriage::cluster::{Cluster, Options, SUPPORTED_MAJORS, ServerBinaries};
use pgtriage::facts::Store;
use pgtriage::parse::ddl::{Catalog, schema};

use crate::support::{Clients, collect, loudly, on_each_server, private, servers};

const FORMS: &str = include_str!("ddl.sql");
const SHOP: [&str; 2] = [
    include_str!("../../../fixtures/shop/schema.sql"),
    include_str!("../../../fixtures/shop/keys.sql"),
];

/// What is compared, by names: no counters, sizes, estimates and numbers of objects, and nothing
/// that a file cannot hold: what extensions own, the columns of views and what they read, types of
/// the user's by number.
const QUERIES: [&str; 10] = [
    "SELECT 'schema', name, owner, public_create FROM schemas",
    "SELECT 'extension', name, schema FROM extensions WHERE name <> 'plpgsql'",
    "SELECT 'relation', r.schema, r.name, r.kind, r.owner, r.persistence, r.is_partition,
       p.schema, p.name, r.partition_bound, r.partition_key, r.replica_identity, r.access_method,
       r.tablespace, r.options, r.has_triggers, r.row_security, r.definition, r.inherits
     FROM relations r LEFT JOIN relations p ON p.id = r.parent_id WHERE r.extension IS NULL",
    "SELECT 'column', r.schema, r.name, c.position, c.name, c.type,
       CASE WHEN c.type_oid < 16384 THEN c.type_oid END, c.length, c.alignment, c.storage,
       c.not_null, c.has_default, c.default_expression, c.identity, c.generated, c.collation,
       c.statistics_target, c.is_dropped
     FROM columns c JOIN relations r ON r.id = c.relation_id
     WHERE r.extension IS NULL AND r.kind NOT IN ('view', 'materialized view')",
    "SELECT 'type', schema, name, kind, labels, base_type, not_null, checks, collation, length,
       alignment, storage
     FROM types WHERE extension IS NULL",
    "SELECT 'constraint', r.schema, r.name, k.name, k.kind, k.columns, t.schema, t.name,
       k.referenced_columns, k.on_update, k.on_delete, i.name, k.is_validated, k.is_enforced,
       k.is_deferrable, k.is_inherited, k.definition
     FROM constraints k JOIN relations r ON r.id = k.relation_id
     LEFT JOIN relations t ON t.id = k.referenced_relation_id
     LEFT JOIN indexes i ON i.oid = k.index_oid AND i.database_id = k.database_id",
    "SELECT 'index', r.schema, r.name, i.schema, i.name, i.method, i.is_unique,
       i.nulls_not_distinct, i.is_primary, i.is_exclusion, i.is_immediate, i.is_clustered,
       i.is_valid, i.is_ready, i.is_live, i.is_replica_identity, i.is_partitioned, p.name,
       i.constraint_name, i.key_columns, i.predicate, i.definition, i.tablespace, i.options
     FROM indexes i JOIN relations r ON r.id = i.relation_id
     LEFT JOIN indexes p ON p.id = i.parent_id",
    "SELECT 'index column', i.schema, i.name, c.position, c.column_name, c.expression,
       c.is_included, c.opclass, c.opclass_is_default, c.collation, c.is_descending, c.nulls_first
     FROM index_columns c JOIN indexes i ON i.id = c.index_id",
    "SELECT 'sequence', s.schema, s.name, s.type, s.start_value, s.min_value, s.max_value,
       s.increment, s.cycles, r.schema, r.name, s.owner_column
     FROM sequences s LEFT JOIN relations r ON r.id = s.owner_relation_id",
    "SELECT 'trigger', r.schema, r.name, t.name, t.enabled, t.definition
     FROM triggers t JOIN relations r ON r.id = t.relation_id",
];

const FUNCTIONS: &str = "SELECT 'function', schema, name, arguments, kind, owner, search_path,
    public_execute FROM security_definer_functions WHERE extension IS NULL";

/// Rows as text, sorted.
fn rows(store: &Store) -> Vec<String> {
    let queries = QUERIES.into_iter().chain([FUNCTIONS]);
    let mut rows: Vec<String> = queries.flat_map(|query| listed(store, query)).collect();
    rows.sort();
    rows
}

fn listed(store: &Store, query: &str) -> Vec<String> {
    let mut statement = store.connection().prepare(query).unwrap();
    let width = statement.column_count();
    let found = statement.query_map([], |row| {
        let values = (0..width).map(|n| match row.get_unwrap(n) {
            rusqlite::types::Value::Null => "-".to_owned(),
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => format!("{other:?}"),
        });
        Ok(values.collect::<Vec<_>>().join(" | "))
    });
    let mut rows: Vec<String> = found.unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}

/// Fails where two lists of rows are not the same.
#[track_caller]
fn different(these: &[String], others: &[String], signs: [&str; 2]) {
    let only = |sign: &str, these: &[String], others: &[String]| -> Vec<String> {
        let missing = these
            .iter()
            .filter(|row| others.binary_search(row).is_err());
        missing.map(|row| format!("{sign} {row}")).collect()
    };
    let mut found = only(signs[0], these, others);
    found.extend(only(signs[1], others, these));
    found.sort_by(|a, b| a[8..].cmp(&b[8..]));
    assert!(
        these.len() > 100 && found.is_empty(),
        "{}",
        found.join("\n")
    );
}

/// Fails where the facts of a file are not those of a server. Only a dump says who owns what, and
/// has queries as the server prints them.
fn compare(live: &Store, script: &str, major: u32, dumped: bool) {
    let read = Store::in_memory().unwrap();
    let version = "INSERT INTO nodes (id, version_num) VALUES (1, ?1 * 10000)";
    read.connection().execute(version, [major]).unwrap();
    let unread = schema(read.connection(), 1, script).unwrap();
    assert!(unread.is_empty(), "{unread:#?}");
    if !dumped {
        for store in [live, &read] {
            let forget = "UPDATE relations SET owner = NULL; UPDATE schemas SET owner = NULL;
                UPDATE security_definer_functions SET owner = NULL;
                UPDATE relations SET definition = NULL";
            store.connection().execute_batch(forget).unwrap();
        }
    }
    different(&rows(live), &rows(&read), ["server:", "file:  "]);
}

/// Fails where the facts of a server, once they went through a catalog, are other ones.
fn stays(live: &Store) {
    let facts = live.connection();
    let forget = "DELETE FROM types WHERE extension IS NOT NULL";
    facts.execute_batch(forget).unwrap();
    let again = Store::in_memory().unwrap();
    let version = "INSERT INTO nodes (id, version_num) VALUES (1, ?1)";
    let major: i64 =
        (facts.query_row("SELECT version_num FROM nodes", [], |row| row.get(0))).unwrap();
    again.connection().execute(version, [major]).unwrap();
    let database = "SELECT id FROM databases WHERE is_collected";
    let database = (facts.query_row(database, [], |row| row.get(0))).unwrap();
    let catalog = Catalog::from_facts(facts, database).unwrap();
    catalog.write(again.connection(), 1).unwrap();
    different(&rows(live), &rows(&again), ["before:", "after: "]);
    let reads = "SELECT v.name, r.name, c.column_name FROM view_columns c
        JOIN relations v ON v.id = c.view_id JOIN relations r ON r.id = c.relation_id";
    assert_eq!(listed(live, reads), listed(&again, reads));
    assert!(!listed(live, reads).is_empty());
}

/// The forms that a server of this major knows: those after `-- from N` only where it is newer.
fn forms(major: u32) -> String {
    let parts = FORMS.split("-- from ");
    let known = parts.filter(|part| {
        let from = part
            .split_whitespace()
            .next()
            .and_then(|n| n.parse::<u32>().ok());
        from.is_none_or(|from| major >= from)
    });
    known
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
        .collect()
}

#[tokio::test]
async fn statements_give_what_a_server_makes_of_them() {
    on_each_server(async |server| {
        let cluster = private(server, Options::default());
        let database = cluster.fresh_database().await;
        let client = cluster.client(&database).await;
        let forms = forms(server.major);
        client.batch_execute(&forms).await.unwrap();
        let live = collect(&cluster.conninfo(&database)).await;
        stays(&live);
        compare(&live, &forms, server.major, false);
    })
    .await;
}

/// A `pg_dump` that can read from a server: the one beside it, or another of no lesser version.
fn pg_dump(server: &ServerBinaries) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![server.bin.clone()];
    folders.extend(servers().iter().map(|server| server.bin.clone()));
    folders.extend(env::split_paths(&path));
    let programs = folders.into_iter().map(|folder| folder.join("pg_dump"));
    programs
        .into_iter()
        .find(|program| version(program) >= Some(server.major))
}

fn version(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number?.split('.').next()?.parse().ok()
}

fn dump(program: &Path, cluster: &Cluster, database: &str) -> String {
    let conninfo = cluster.conninfo(database);
    let output = Command::new(program)
        .args(["-s", "-d", &conninfo])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_dump_gives_the_facts_of_its_server() {
    let supported = servers().iter().rev();
    let mut supported = supported.filter(|server| SUPPORTED_MAJORS.contains(&server.major));
    let found = supported.find_map(|server| Some((server, pg_dump(server)?)));
    let Some((server, program)) = found else {
        loudly("=== SKIPPED: no pg_dump for any server of this machine ===");
        return;
    };
    let all = env::var_os("PGTRIAGE_DUMP_ALL").is_some();
    on_each_server(async |other| {
        if let Some(program) = pg_dump(other).filter(|_| all || other.major == server.major) {
            dumped(other, &program).await;
        }
    })
    .await;
    drop(program);
}

async fn dumped(server: &ServerBinaries, program: &Path) {
    let cluster = private(server, Options::default());
    let client = cluster.client("postgres").await;
    client.batch_execute("CREATE DATABASE shop").await.unwrap();
    let client = cluster.client("shop").await;
    for script in SHOP {
        client.batch_execute(script).await.unwrap();
    }
    let forms = format!("RESET ROLE; {}", forms(server.major));
    client.batch_execute(&forms).await.unwrap();
    let live = collect(&cluster.conninfo("shop")).await;
    let script = dump(program, &cluster, "shop");
    compare(&live, &script, server.major, true);
}
