//! Our ids for the server's objects.

use std::collections::HashMap;

/// Facts tables whose rows have an oid of `PostgreSQL` and an id of ours.
const IDENTIFIED: [&str; 7] = [
    "databases",
    "roles",
    "schemas",
    "relations",
    "constraints",
    "indexes",
    "sequences",
];

/// Ids given so far. An object keeps its id for as long as this lives, over all samples and
/// servers of the cluster.
#[derive(Debug, Default)]
pub struct Ids {
    known: HashMap<(&'static str, i64, i64), i64>,
    last: HashMap<&'static str, i64>,
}

impl Ids {
    /// The name of an identified table, for use with the other functions.
    pub fn table(name: &str) -> Option<&'static str> {
        IDENTIFIED.into_iter().find(|table| *table == name)
    }

    /// The id of an object, if it has one. `database` is our id of its database.
    pub fn get(&self, table: &'static str, database: Option<i64>, oid: i64) -> Option<i64> {
        self.known
            .get(&(table, scope(table, database), oid))
            .copied()
    }

    /// The id of an object, new if need be.
    pub fn assign(&mut self, table: &'static str, database: Option<i64>, oid: i64) -> i64 {
        *self
            .known
            .entry((table, scope(table, database), oid))
            .or_insert_with(|| {
                let last = self.last.entry(table).or_default();
                *last += 1;
                *last
            })
    }
}

/// Databases and roles belong to the cluster, the rest to a database.
fn scope(table: &str, database: Option<i64>) -> i64 {
    match table {
        "databases" | "roles" => 0,
        _ => database.unwrap_or(0),
    }
}
