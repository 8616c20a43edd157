//! Ends of columns that lead a B-tree, by look-ups in it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::error::CollectError;
use super::queries::ENDINGS;
use super::reader::Reader;
use super::spec::Conditions;
use crate::facts::quote;

/// Columns read by one statement.
const CHUNK: usize = 50;

/// Limit for a look-up, or some of them. Where dead rows lie at an end it can take long; the planner gives up there
/// too.
const LIMIT: Duration = Duration::from_secs(1);

struct Column {
    oid: u32,
    table: String,
    name: String,
}

/// Reads the least and the greatest value of columns. Those that cannot be had in time are left out: what ANALYZE saw
/// stands for them.
pub async fn read(reader: &mut Reader<'_>, conditions: &Conditions) -> Result<(), CollectError> {
    let started = Instant::now();
    let Some(found) = reader.try_rows(&ENDINGS.sql(conditions)).await? else {
        return Ok(());
    };
    let value = CollectError::value("column_ends");
    let mut columns = Vec::with_capacity(found.len());
    for row in &found {
        columns.push(Column {
            oid: row.try_get("oid").map_err(&value)?,
            table: row.try_get("name").map_err(&value)?,
            name: row.try_get("column_name").map_err(&value)?,
        });
    }
    let patience = reader.timeout;
    reader.timeout = patience.min(LIMIT);
    let mut read = 0;
    for chunk in columns.chunks(CHUNK) {
        match look_up(reader, chunk).await? {
            Some(rows) => read += rows,
            None => {
                for column in chunk {
                    let rows = look_up(reader, std::slice::from_ref(column)).await?;
                    read += rows.unwrap_or(0);
                }
            }
        }
    }
    reader.timeout = patience;
    reader.note("column_ends", read, started)
}

/// The ends of some columns; none where one of them fails.
async fn look_up(
    reader: &mut Reader<'_>,
    columns: &[Column],
) -> Result<Option<usize>, CollectError> {
    let mut sql = String::new();
    for (place, Column { oid, table, name }) in columns.iter().enumerate() {
        let union = if place > 0 { " UNION ALL " } else { "" };
        let column = quote::ident(name);
        let end = |order: &str| {
            format!(
                "(SELECT t.{column}::text FROM ONLY {table} t WHERE t.{column} IS NOT NULL ORDER BY t.{column} {order} LIMIT 1)"
            )
        };
        let _ = write!(
            sql,
            "{union}SELECT {oid}::oid, {}::text, {}, {}",
            quote::literal(name),
            end("ASC"),
            end("DESC")
        );
    }
    let Some(rows) = reader.try_rows(&sql).await? else {
        return Ok(None);
    };
    let value = CollectError::value("column_ends");
    for row in &rows {
        let oid: u32 = row.try_get(0).map_err(&value)?;
        let name: String = row.try_get(1).map_err(&value)?;
        let least: Option<String> = row.try_get(2).map_err(&value)?;
        let greatest: Option<String> = row.try_get(3).map_err(&value)?;
        let database = reader.place.database;
        if let Some(relation) = reader.ids.get("relations", database, i64::from(oid)) {
            reader.facts.execute(
                "INSERT OR REPLACE INTO column_ends (relation_id, column_name, least, greatest) VALUES (?1, ?2, ?3, ?4)",
                rusqlite::params![relation, name, least, greatest],
            )?;
        }
    }
    Ok(Some(rows.len()))
}
