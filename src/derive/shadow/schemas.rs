//! Schemas and extensions.

use rusqlite::{Connection, Result};

use super::catalog::rows;
use super::script::{Script, Statement};
use crate::facts::quote;

/// Adds the schemas, and the extensions in the order in which they were made. Extensions bring their objects along;
/// those that one needs too, should its order be another.
pub(super) fn make(facts: &Connection, database: i64, script: &mut Script) -> Result<()> {
    let schemas = rows(
        facts,
        "SELECT name FROM schemas WHERE database_id = ?1 ORDER BY oid, id",
        database,
        |row| row.get::<_, String>(0),
    )?;
    for name in schemas {
        script.tables.push(Statement {
            sql: format!("CREATE SCHEMA IF NOT EXISTS {}", quote::ident(&name)),
            object: format!("schema {}", quote::ident(&name)),
            relations: Vec::new(),
        });
    }
    let extensions = rows(
        facts,
        "SELECT name, schema FROM extensions WHERE database_id = ?1 ORDER BY id",
        database,
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)),
    )?;
    for (name, schema) in extensions {
        let name = quote::ident(&name);
        let schema = schema.map_or_else(String::new, |s| format!(" SCHEMA {}", quote::ident(&s)));
        script.tables.push(Statement {
            sql: format!("CREATE EXTENSION IF NOT EXISTS {name}{schema} CASCADE"),
            object: format!("extension {name}"),
            relations: Vec::new(),
        });
    }
    Ok(())
}
