//! Databases and roles, which rows name by oid or name.

use std::collections::BTreeMap;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension};

use super::error::FilesError;
use super::load::Loader;

fn find(
    facts: &Connection,
    table: &str,
    oid: Option<i64>,
    name: Option<&str>,
) -> rusqlite::Result<Option<i64>> {
    // A name is surer than an oid: the oid may come from another server.
    let sql = format!(
        "SELECT id FROM {table} WHERE name = ?1 OR (oid = ?2 AND oid <> 0)
         ORDER BY name = ?1 DESC, id LIMIT 1"
    );
    let params = rusqlite::params![name, oid];
    facts
        .prepare_cached(&sql)?
        .query_row(params, |row| row.get(0))
        .optional()
}

/// Our id of a database; new where it was not heard of. Rows that name none belong to the one that
/// the files speak of.
pub fn database(
    loader: &mut Loader<'_>,
    oid: Option<i64>,
    name: Option<&str>,
) -> Result<Option<i64>, FilesError> {
    let oid = oid.filter(|oid| *oid != 0);
    if oid.is_none() && name.is_none() {
        return Ok(Some(loader.database));
    }
    if let Some(id) = find(loader.facts, "databases", oid, name)? {
        if let Some(oid) = oid {
            loader.facts.execute(
                "UPDATE databases SET oid = ?1 WHERE id = ?2 AND oid = 0",
                [oid, id],
            )?;
        }
        return Ok(Some(id));
    }
    let shown = name.map_or_else(|| oid.unwrap_or_default().to_string(), str::to_owned);
    loader.facts.execute(
        "INSERT INTO databases (oid, name) VALUES (?1, ?2)",
        rusqlite::params![oid.unwrap_or(0), shown],
    )?;
    Ok(Some(loader.facts.last_insert_rowid()))
}

/// Our id of a role; new where it was not heard of, named by its oid if need be.
pub fn role(
    loader: &mut Loader<'_>,
    oid: Option<i64>,
    name: Option<&str>,
) -> Result<Option<i64>, FilesError> {
    if oid.is_none() && name.is_none() {
        return Ok(None);
    }
    if let Some(id) = find(loader.facts, "roles", oid, name)? {
        return Ok(Some(id));
    }
    let shown = name.map_or_else(|| oid.unwrap_or_default().to_string(), str::to_owned);
    loader.facts.execute(
        "INSERT INTO roles (oid, name) VALUES (?1, ?2)",
        rusqlite::params![oid.unwrap_or(0), shown],
    )?;
    Ok(Some(loader.facts.last_insert_rowid()))
}

/// Writes a row of `databases` or `roles` over the one of the same name or oid.
pub fn update(
    loader: &mut Loader<'_>,
    table: &str,
    values: &BTreeMap<String, Sql>,
) -> Result<(), FilesError> {
    let name = match values.get("name") {
        Some(Sql::Text(name)) => Some(name.as_str()),
        _ => None,
    };
    let oid = match values.get("oid") {
        Some(Sql::Integer(oid)) => Some(*oid),
        _ => None,
    };
    let known = find(loader.facts, table, oid, name)?;
    let mut values = values.clone();
    values.remove("id");
    let names: Vec<String> = values.keys().map(|name| format!("\"{name}\"")).collect();
    let sql = match known {
        Some(id) => {
            let sets: Vec<String> = names.iter().map(|name| format!("{name} = ?")).collect();
            format!("UPDATE {table} SET {} WHERE id = {id}", sets.join(", "))
        }
        None => format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            vec!["?"; names.len()].join(", ")
        ),
    };
    let mut statement = loader.facts.prepare_cached(&sql)?;
    statement.execute(rusqlite::params_from_iter(values.values()))?;
    Ok(())
}
