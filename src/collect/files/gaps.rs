//! What the files lack, so that no rule takes it for zero.

use std::collections::BTreeSet;

use super::catalog::view_of;
use super::error::FilesError;
use super::ground::Told;
use super::load::{Given, Loader};
use super::{columns as facts_columns, schema};

/// Tables that stand for the collection itself.
const OF_OURS: [&str; 10] = [
    "snapshot",
    "nodes",
    "samples",
    "collections",
    "missing_facts",
    "rules",
    "skipped_rules",
    "unjudged",
    "findings",
    "ignored_findings",
];

/// Columns that are ids of ours, or that follow from others.
const DERIVED: [&str; 12] = [
    "id",
    "sample_id",
    "node_id",
    "database_id",
    "relation_id",
    "index_id",
    "role_id",
    "statement_id",
    "value_num",
    "server_value_num",
    "fingerprint",
    "pending_restart",
];

/// What only a running server knows of tables, indexes and sequences.
const MEASURED: [(&str, &[&str]); 3] = [
    (
        "relations",
        &[
            "row_estimate",
            "pages",
            "pages_all_visible",
            "pages_all_frozen",
            "size_bytes",
            "toast_size_bytes",
            "frozen_xid_age",
            "min_mxid_age",
        ],
    ),
    ("indexes", &["row_estimate", "pages", "size_bytes"]),
    ("sequences", &["last_value"]),
];

/// Books what was read and what is missing.
pub fn book(loader: &mut Loader<'_>, told: &Told) -> Result<(), FilesError> {
    let facts = loader.facts;
    let by_schema = loader.given.contains_key("columns");
    let tables: Vec<String> = crate::facts::tables()
        .into_iter()
        .filter(|table| !table.is_view && !OF_OURS.contains(&table.name.as_str()))
        .map(|table| table.name)
        .collect();
    if loader.alone && !by_schema {
        names_of_columns(loader)?;
    }
    for name in &tables {
        let given = loader.given.get(name);
        match given {
            // What is said of logs that were not read is the same for servers and snapshots.
            None if name.starts_with("log_") || name.starts_with("migration_") => {}
            None if loader.alone && name != "databases" => absent(loader, name)?,
            None => {}
            Some(given) if given.ageless => {
                let reason = format!("{} does not say when it was read", list(&given.files));
                let remedy = "add a column to the query: extract(epoch FROM now()) AS captured_at";
                missing(loader, name, None, &reason, Some(remedy))?;
            }
            Some(given) => {
                let sql = format!(
                    "INSERT INTO collections (table_name, node_id, row_count) VALUES (?1, 1, (SELECT count(*) FROM {name}))"
                );
                facts.execute(&sql, [name])?;
                columns(loader, name, given)?;
            }
        }
    }
    let untimed: BTreeSet<String> = (loader.given.iter())
        .filter(|(_, given)| given.timeless && !given.ageless)
        .flat_map(|(_, given)| given.files.iter().cloned())
        .collect();
    if !untimed.is_empty() {
        let files = list(&untimed);
        let reason =
            format!("{files} does not say when it was read, so rates and ages are unknown");
        let remedy = "add captured_at (Unix seconds) to the rows, or beside them";
        missing(
            loader,
            "samples",
            Some("captured_at"),
            &reason,
            Some(remedy),
        )?;
    }
    if loader.alone {
        server(loader, told)?;
    }
    Ok(())
}

/// Books a table of which nothing was given.
fn absent(loader: &Loader<'_>, name: &str) -> Result<(), FilesError> {
    let (reason, remedy) = match (name, view_of(name)) {
        ("statements" | "statement_counters", _) => (
            "no statements were given".to_owned(),
            Some("give --statements FILE with rows of pg_stat_statements".to_owned()),
        ),
        (name, None | Some("pg_class" | "pg_sequences" | "pg_namespace" | "pg_extension"))
            if schema::TABLES.contains(&name) =>
        {
            (
                "no schema was given".to_owned(),
                Some("give --schema FILE.sql, as `pg_dump -s` writes it".to_owned()),
            )
        }
        (_, Some(view)) => (
            format!("no {view} was given"),
            Some(format!("give --facts {view}=FILE")),
        ),
        (name, None) => (
            format!("no rows of {name} were given"),
            Some(format!(
                "read the server itself, or give --facts {name}=FILE"
            )),
        ),
    };
    missing(loader, name, None, &reason, remedy.as_deref())
}

/// Books the columns that no file had.
fn columns(loader: &Loader<'_>, name: &str, given: &Given) -> Result<(), FilesError> {
    let files = list(&given.files);
    if name == "statements" {
        return Ok(());
    }
    let by_schema = loader.given.contains_key("columns") || !loader.alone;
    if schema::TABLES.contains(&name) && by_schema {
        let measured = MEASURED.iter().find(|(table, _)| *table == name);
        let view = view_of(name).unwrap_or("pg_class");
        for column in measured.map_or(&[][..], |(_, columns)| columns) {
            if given.columns.contains(*column) || has_some(loader, name, column)? {
                continue;
            }
            let reason = format!("{files} has no column for {name}.{column}");
            let remedy = format!("give --facts {view}=FILE with it");
            missing(loader, name, Some(column), &reason, Some(&remedy))?;
        }
        return Ok(());
    }
    if given.columns.is_empty() {
        // Files without rows: there is nothing that could lack a column.
        return Ok(());
    }
    for column in facts_columns::of(loader.facts, name)? {
        let known = given.columns.contains(&column.name);
        let kept = matches!(
            column.name.as_str(),
            "most_common_vals" | "histogram_bounds"
        );
        if known || kept || DERIVED.contains(&column.name.as_str()) {
            continue;
        }
        let reason = format!("{files} has no column for {name}.{}", column.name);
        let remedy = view_of(name).map(|view| format!("give all columns of {view}"));
        missing(loader, name, Some(&column.name), &reason, remedy.as_deref())?;
    }
    Ok(())
}

/// Whether a column holds something from elsewhere, as over a snapshot.
fn has_some(loader: &Loader<'_>, table: &str, column: &str) -> Result<bool, FilesError> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} IS NOT NULL)");
    Ok(loader.facts.query_row(&sql, [], |row| row.get(0))?)
}

/// Books what is not known of the server and its databases.
fn server(loader: &Loader<'_>, told: &Told) -> Result<(), FilesError> {
    let facts = loader.facts;
    let by_settings: bool = facts.query_row(
        "SELECT EXISTS (SELECT 1 FROM settings WHERE name = 'server_version_num')",
        [],
        |row| row.get(0),
    )?;
    let remedy = "give --facts pg_settings=FILE";
    if !by_settings && told.version_num().is_none() {
        let reason = "the files do not tell of the server and its version";
        missing(loader, "nodes", None, reason, Some(remedy))?;
    } else if !by_settings {
        for column in ["data_checksums", "provider", "role"] {
            missing(
                loader,
                "nodes",
                Some(column),
                "no pg_settings was given",
                Some(remedy),
            )?;
        }
    }
    for column in ["started_at", "connected_as"] {
        missing(
            loader,
            "nodes",
            Some(column),
            "files do not tell of it",
            None,
        )?;
    }
    if !loader.given.contains_key("samples") {
        let remedy =
            "give --facts pg_stat_statements_info=FILE, and captured_at with the statements";
        for column in ["statements_reset_at", "statements_evicted"] {
            missing(
                loader,
                "samples",
                Some(column),
                "the files do not tell of it",
                Some(remedy),
            )?;
        }
    }
    if !loader.given.contains_key("databases") {
        let remedy = "give --facts pg_database=FILE";
        for column in facts_columns::of(facts, "databases")? {
            let told = ["id", "oid", "name", "is_collected"].contains(&column.name.as_str());
            if !told {
                let reason = "no pg_database was given";
                missing(
                    loader,
                    "databases",
                    Some(&column.name),
                    reason,
                    Some(remedy),
                )?;
            }
        }
    }
    // Sizes are booked for each database, as where a role may not see one.
    facts.execute(
        "INSERT INTO missing_facts (node_id, table_name, column_name, object, reason, remedy)
         SELECT 1, 'databases', 'size_bytes', quote_ident(name), 'files do not tell of it',
                'add pg_database_size(oid) AS size_bytes to the rows of pg_database'
         FROM databases WHERE is_collected AND size_bytes IS NULL",
        [],
    )?;
    Ok(())
}

/// Without a schema the names of some columns are all that is known of them.
fn names_of_columns(loader: &Loader<'_>) -> Result<(), FilesError> {
    loader.facts.execute(
        "INSERT INTO columns (relation_id, position, name)
         SELECT relation_id, row_number() OVER (PARTITION BY relation_id ORDER BY first), column_name
         FROM (SELECT relation_id, column_name, min(rowid) AS first FROM column_statistics
               GROUP BY relation_id, column_name)",
        [],
    )?;
    Ok(())
}

fn missing(
    loader: &Loader<'_>,
    table: &str,
    column: Option<&str>,
    reason: &str,
    remedy: Option<&str>,
) -> Result<(), FilesError> {
    loader.facts.execute(
        "INSERT INTO missing_facts (node_id, table_name, column_name, reason, remedy) VALUES (1, ?1, ?2, ?3, ?4)",
        rusqlite::params![table, column, reason, remedy],
    )?;
    Ok(())
}

fn list(files: &BTreeSet<String>) -> String {
    files
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" and ")
}
