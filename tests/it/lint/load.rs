//! A catalog out of facts is the one that they were written of.

use pgtriage::facts::Store;
use pgtriage::parse::ddl::{Catalog, schema};
use rusqlite::Connection;

const FORMS: &str = include_str!("../parse/ddl.sql");
const SHOP: [&str; 2] = [
    include_str!("../../../fixtures/shop/schema.sql"),
    include_str!("../../../fixtures/shop/keys.sql"),
];

/// Tables that a catalog is made of.
const TABLES: [&str; 14] = [
    "schemas",
    "extensions",
    "relations",
    "columns",
    "types",
    "view_columns",
    "constraints",
    "indexes",
    "index_columns",
    "sequences",
    "security_definer_functions",
    "triggers",
    "missing_facts",
    "databases",
];

fn store(major: u32) -> Store {
    let store = Store::in_memory().unwrap();
    let version = "INSERT INTO nodes (id, version_num) VALUES (1, ?1 * 10000)";
    store.connection().execute(version, [major]).unwrap();
    store
}

/// All rows of a table, without ids of ours that nothing refers to.
fn rows(facts: &Connection, table: &str) -> Vec<String> {
    let mut statement = facts.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let names: Vec<String> = (statement.column_names()).map(ToOwned::to_owned).collect();
    let by_us = ["relations", "indexes"];
    let found = statement.query_map([], |row| {
        let values = names.iter().enumerate().filter_map(|(n, name)| {
            if name == "id" && !by_us.contains(&table) {
                return None;
            }
            let value: rusqlite::types::Value = row.get_unwrap(n);
            Some(format!("{name}={value:?}"))
        });
        Ok(values.collect::<Vec<_>>().join(" "))
    });
    let mut rows: Vec<String> = found.unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}

/// Fails where facts, once they went through a catalog, are other ones.
#[track_caller]
fn check(first: &Store, major: u32) {
    let catalog = Catalog::from_facts(first.connection(), 1).unwrap();
    let again = store(major);
    catalog.write(again.connection(), 1).unwrap();
    let mut seen = 0;
    for table in TABLES {
        let before = rows(first.connection(), table);
        let after = rows(again.connection(), table);
        seen += before.len();
        let lost: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        assert!(
            lost.is_empty() && new.is_empty(),
            "{table} {major}\n{lost:#?}\n{new:#?}"
        );
    }
    assert!(seen > 100, "{seen} rows");
}

#[test]
fn facts_of_a_file_stay_the_same() {
    for major in [13, 15, 18] {
        for script in [SHOP.concat(), FORMS.replace("-- from 1", "-- since 1")] {
            let facts = store(major);
            schema(facts.connection(), 1, &script).unwrap();
            check(&facts, major);
        }
    }
}
