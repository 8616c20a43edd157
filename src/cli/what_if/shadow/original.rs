//! What a shadow imitates.

use std::collections::HashMap;

use anyhow::{Context as _, bail};
use rusqlite::{Connection, OptionalExtension as _};

/// Schema and name.
pub type Name = (String, String);

/// The database that a shadow imitates.
#[derive(Debug, Clone, Default)]
pub struct Original {
    /// Its name.
    pub name: String,
    /// Encoding of the server; `None`: not known.
    pub encoding: Option<String>,
    /// `datcollate`; `None`: not known.
    pub collation: Option<String>,
    /// libc, icu or builtin; `None`: not known.
    pub provider: Option<String>,
    /// Major version of its server.
    pub major: u32,
    /// `indexes.id` of its indexes.
    pub indexes: HashMap<i64, Name>,
    /// `relations.id` of its tables.
    pub relations: HashMap<Name, i64>,
}

impl Original {
    /// Reads it from facts; `database` is `databases.id`.
    pub fn read(facts: &Connection, database: i64) -> anyhow::Result<Self> {
        let known = facts
            .query_row(
                "SELECT name, encoding, collation, locale_provider FROM databases WHERE id = ?1",
                [database],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()?;
        let Some((name, encoding, collation, provider)) = known else {
            bail!("the facts have no database {database}");
        };
        let version: Option<u32> = facts.query_row(
            "SELECT max(version_num) FROM nodes WHERE role = 'primary'
             OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary')",
            [],
            |row| row.get(0),
        )?;
        let version = version.context("the facts do not tell the version of the server")?;
        Ok(Self {
            name,
            encoding,
            collation,
            provider,
            major: version / 10_000,
            indexes: names(facts, "indexes", database)?.into_iter().collect(),
            relations: names(facts, "relations", database)?
                .into_iter()
                .map(|(id, name)| (name, id))
                .collect(),
        })
    }
}

fn names(facts: &Connection, table: &str, database: i64) -> rusqlite::Result<Vec<(i64, Name)>> {
    let sql = format!("SELECT id, schema, name FROM {table} WHERE database_id = ?1");
    facts
        .prepare(&sql)?
        .query_map([database], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })?
        .collect()
}
