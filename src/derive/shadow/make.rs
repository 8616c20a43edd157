//! Puts together what a shadow is made of.

use rusqlite::{Connection, Result};

use super::catalog::Catalog;
use super::changes::{self, Changes};
use super::functions::{self, When};
use super::script::{Script, Statement};
use super::{
    brin, constraints, extended, heights, indexes, rows, schemas, session, settings, sizes,
    statistics, tables, types, unread, views,
};

/// What a shadow of a database is made of; `database` is its `databases.id`. Values are in it where the facts have
/// them (`--with-values`).
///
/// # Errors
/// When the facts cannot be read.
pub fn script(facts: &Connection, database: i64) -> Result<Script> {
    changed_script(facts, database, &Changes::default())
}

/// The same after migrations.
///
/// # Errors
/// When the facts cannot be read.
pub fn changed_script(facts: &Connection, database: i64, changes: &Changes) -> Result<Script> {
    let mut catalog = Catalog::read(facts, database)?;
    heights::derive(facts, database, &mut catalog)?;
    brin::derive(&mut catalog);
    let mut script = Script::default();
    script.tables.push(opening());
    schemas::make(facts, database, &mut script)?;
    types::make(facts, database, &catalog, &mut script)?;
    let functions = functions::read(facts, database, &catalog)?;
    functions::make(&functions, When::First, &mut script);
    tables::make(&catalog, &mut script);
    functions::make(&functions, When::AfterTables, &mut script);
    views::make(facts, database, &catalog, &mut script)?;
    functions::make(&functions, When::AfterViews, &mut script);
    indexes::make(&catalog, &mut script);
    constraints::foreign_keys(&catalog, &mut script);
    rows::make(facts, database, &catalog, &mut script)?;
    script.statistics.push(opening());
    constraints::checks(&catalog, &mut script);
    statistics::make(facts, database, &catalog, changes, &mut script)?;
    extended::make(facts, database, &catalog, changes, &mut script)?;
    sizes::make(&catalog, &mut script);
    changes::make(changes, &mut script);
    settings::make(facts, &mut script)?;
    unread::foreign(&catalog, &mut script);
    unread::counts(&catalog, &mut script);
    unread::statistics(facts, database, &catalog, &mut script)?;
    Ok(script)
}

fn opening() -> Statement {
    Statement {
        sql: session::opening(),
        object: "settings of the session".to_owned(),
        relations: Vec::new(),
    }
}
