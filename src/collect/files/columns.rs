//! Facts tables and their columns, as rows of files may fill them.

use rusqlite::Connection;

use super::catalog::{Owner, Spec};
use super::error::FilesError;
use super::value::Column;

/// Tables that are results or logs of ours, not facts.
const NOT_FACTS: [&str; 12] = [
    "snapshot",
    "nodes",
    "samples",
    "collections",
    "missing_facts",
    "rules",
    "skipped_rules",
    "unjudged",
    "findings",
    "statements",
    "statement_counters",
    "relations",
];

/// The facts table of this name, if rows for it may be given.
pub fn known(name: &str) -> Option<&'static str> {
    all().into_iter().find(|known| *known == name)
}

/// All facts tables for which rows may be given.
pub fn all() -> Vec<&'static str> {
    static TABLES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        let tables = crate::facts::tables().into_iter();
        let tables = tables.filter(|table| !table.is_view);
        tables.map(|table| table.name).collect()
    });
    let names = tables.iter().map(String::as_str);
    names.filter(|name| !NOT_FACTS.contains(name)).collect()
}

/// A facts table under its own names.
pub fn own(facts: &Connection, table: &'static str) -> Result<Spec, FilesError> {
    let columns = of(facts, table)?;
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    let owner = if has("index_id") {
        Owner::Index
    } else if has("relation_id") {
        Owner::Relation
    } else if has("database_id") && has("sample_id") {
        Owner::Database
    } else {
        Owner::Server
    };
    Ok(Spec {
        names: &[],
        table,
        owner,
        aged: false,
        renames: &[],
        ignored: &[],
    })
}

/// The columns of a facts table.
pub fn of(facts: &Connection, table: &str) -> Result<Vec<Column>, FilesError> {
    let mut statement = facts.prepare_cached(
        "SELECT name, type, \"notnull\" OR pk, dflt_value IS NOT NULL OR (pk AND name = 'id')
         FROM pragma_table_info(?1)",
    )?;
    let columns = statement.query_map([table], |row| {
        Ok(Column {
            name: row.get(0)?,
            kind: row.get(1)?,
            required: row.get(2)?,
            has_default: row.get(3)?,
        })
    })?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// The facts column that a column of a view fills: of the same name, or with a suffix for its unit.
pub fn column<'a>(columns: &'a [Column], spec: &Spec, name: &str) -> Option<&'a Column> {
    let renamed = spec.renames.iter().find(|(from, _)| *from == name);
    let name = renamed.map_or(name, |(_, to)| to);
    let find = |name: &str| columns.iter().find(|column| column.name == name);
    find(name)
        .or_else(|| find(&format!("{name}_at")))
        .or_else(|| find(&format!("{name}_ms")))
        .or_else(|| find(&format!("{}_ms", name.strip_suffix("_time")?)))
}
