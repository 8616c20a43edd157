//! Last values of sequences, by plain SELECT.

use std::fmt::Write;
use std::time::Instant;

use super::error::CollectError;
use super::queries::READABLE_SEQUENCES;
use super::reader::Reader;
use super::spec::Conditions;
use crate::facts::quote;

/// Sequences read by one statement.
const CHUNK: usize = 200;

/// Reads `last_value` of all sequences that may be read, and books the others as unknown.
pub async fn last_values(
    reader: &mut Reader<'_>,
    conditions: &Conditions,
) -> Result<(), CollectError> {
    let started = Instant::now();
    let found = match reader.rows(&READABLE_SEQUENCES.sql(conditions), &[]).await {
        Ok(found) => found,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(error) => {
            let reason = error.to_string();
            return reader.missing("sequences", Some("last_value"), None, &reason, None);
        }
    };
    let value = CollectError::value("sequences");
    let role = quote::ident(&reader.server.info().user);
    let mut readable = Vec::new();
    for row in &found {
        let name: String = row.try_get("name").map_err(&value)?;
        let (reason, remedy) = if row.try_get("is_locked").map_err(&value)? {
            (
                "another session holds ACCESS EXCLUSIVE on it",
                "run again when that lock is gone".to_owned(),
            )
        } else if row.try_get("is_readable").map_err(&value)? {
            let oid: u32 = row.try_get("oid").map_err(&value)?;
            readable.push((oid, name));
            continue;
        } else {
            (
                "our role may not read it",
                format!("GRANT SELECT ON SEQUENCE {name} TO {role};"),
            )
        };
        reader.missing(
            "sequences",
            Some("last_value"),
            Some(&name),
            reason,
            Some(&remedy),
        )?;
    }
    for chunk in readable.chunks(CHUNK) {
        read_chunk(reader, chunk).await?;
    }
    reader.note("sequences", readable.len(), started)
}

async fn read_chunk(reader: &mut Reader<'_>, chunk: &[(u32, String)]) -> Result<(), CollectError> {
    let mut sql = String::new();
    for (index, (oid, name)) in chunk.iter().enumerate() {
        let union = if index == 0 { "" } else { " UNION ALL " };
        let _ = write!(
            sql,
            "{union}SELECT {oid}::oid AS oid, CASE WHEN is_called THEN last_value END AS last_value FROM {name}"
        );
    }
    let rows = match reader.rows(&sql, &[]).await {
        Ok(rows) => rows,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(error) => {
            let reason = error.to_string();
            for (_, name) in chunk {
                reader.missing(
                    "sequences",
                    Some("last_value"),
                    Some(name),
                    &reason,
                    Some("run again"),
                )?;
            }
            return Ok(());
        }
    };
    let value = CollectError::value("sequences");
    for row in rows {
        let oid: u32 = row.try_get(0).map_err(&value)?;
        let last: Option<i64> = row.try_get(1).map_err(&value)?;
        reader.facts.execute(
            "UPDATE sequences SET last_value = ?1 WHERE database_id = ?2 AND oid = ?3",
            rusqlite::params![last, reader.place.database, oid],
        )?;
    }
    Ok(())
}
