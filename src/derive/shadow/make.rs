//! Puts together what a shadow is made of.

use rusqlite::{Connection, Result};

use super::catalog::Catalog;
use super::script::{Script, Statement};
use super::{indexes, schemas, session, sizes, statistics, tables};

/// What a shadow of a database is made of; `database` is its `databases.id`. Values are in it where the facts have
/// them (`--with-values`).
///
/// # Errors
/// When the facts cannot be read.
pub fn script(facts: &Connection, database: i64) -> Result<Script> {
    let catalog = Catalog::read(facts, database)?;
    let mut script = Script::default();
    script.tables.push(opening());
    script.statistics.push(opening());
    schemas::make(facts, database, &mut script)?;
    tables::make(&catalog, &mut script);
    indexes::make(&catalog, &mut script);
    statistics::make(facts, database, &catalog, &mut script)?;
    sizes::make(&catalog, &mut script);
    Ok(script)
}

fn opening() -> Statement {
    Statement {
        sql: session::opening(),
        object: "settings of the session".to_owned(),
        relations: Vec::new(),
    }
}
