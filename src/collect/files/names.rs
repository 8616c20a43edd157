//! Which object a row is about.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::rows::Row;
use super::value;

/// Tables or indexes of a database, by name and oid.
#[derive(Debug, Default)]
pub struct Names {
    full: HashMap<(String, String), i64>,
    bare: HashMap<String, Vec<i64>>,
    oids: HashMap<i64, i64>,
}

impl Names {
    /// Those of `relations` or `indexes`.
    pub fn read(facts: &Connection, table: &str, database: i64) -> Result<Self> {
        let mut names = Self::default();
        let sql = format!("SELECT id, schema, name, oid FROM {table} WHERE database_id = ?1");
        let mut statement = facts.prepare(&sql)?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            names.add(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        }
        Ok(names)
    }

    /// Adds an object; oid 0 is none.
    pub fn add(&mut self, id: i64, schema: String, name: String, oid: i64) {
        self.bare.entry(name.clone()).or_default().push(id);
        self.full.insert((schema, name), id);
        if oid != 0 {
            self.oids.insert(oid, id);
        }
    }

    /// The object of a schema and name, of a name that stands for one object only, or of an oid.
    pub fn find(&self, schema: Option<&str>, name: Option<&str>, oid: Option<i64>) -> Option<i64> {
        let by_oid = || oid.and_then(|oid| self.oids.get(&oid).copied());
        let Some(name) = name else {
            return by_oid();
        };
        if let Some(schema) = schema {
            let key = (schema.to_owned(), name.to_owned());
            return self.full.get(&key).copied();
        }
        match self.bare.get(name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => by_oid(),
        }
    }
}

/// The first of these columns that a row has, as a text.
pub fn text(row: &Row, columns: &[&str]) -> Option<String> {
    let values = columns.iter().filter_map(|name| row.values.get(*name));
    let mut present = values.filter(|value| !value.is_null());
    present.next().map(value::text)
}

/// The first of these columns that a row has, as a whole number.
pub fn number(row: &Row, columns: &[&str]) -> Option<i64> {
    let mut values = columns.iter().filter_map(|name| row.values.get(*name));
    values.find_map(|value| value::integer(value).ok())
}

/// Schemas that belong to the server itself.
pub fn is_system(schema: &str) -> bool {
    let prefixes = ["pg_toast", "pg_temp_"];
    matches!(schema, "pg_catalog" | "information_schema")
        || prefixes.iter().any(|prefix| schema.starts_with(prefix))
}
