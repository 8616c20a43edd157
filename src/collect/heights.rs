//! Heights of B-trees, from their metapages.

use std::time::Instant;

use super::error::CollectError;
use super::queries::BTREES;
use super::reader::Reader;
use super::spec::Conditions;
use crate::facts::quote;

/// Indexes read by one statement.
const CHUNK: usize = 200;

/// The fields of a metapage (`BTMetaPageData`, behind the head of the page) that tell the height, and its number on
/// machines of either byte order.
const METAPAGE: &str = "CASE
      WHEN length(b) < 24 OR get_byte(b, 8) + get_byte(b, 9) + get_byte(b, 10) + get_byte(b, 11) = 0 THEN NULL
      WHEN substr(b, 1, 4) = '\\x62310500' THEN get_byte(b, 20)
      WHEN substr(b, 1, 4) = '\\x00053162' THEN get_byte(b, 23)
    END";

/// Reads the heights of all B-trees where our role may: by pageinspect where it is installed, else from the files, which
/// are as of the last checkpoint. Elsewhere they stay unknown, which is told where values were asked for, since only
/// planning needs them.
pub async fn read(reader: &mut Reader<'_>, conditions: &Conditions) -> Result<(), CollectError> {
    let started = Instant::now();
    let Some(found) = reader.try_rows(&BTREES.sql(conditions)).await? else {
        return Ok(());
    };
    if found.is_empty() && conditions.values {
        let reason = "only a superuser may read them";
        return reader.missing("indexes", Some("height"), None, reason, None);
    }
    let value = CollectError::value("indexes");
    let mut trees = Vec::with_capacity(found.len());
    for row in &found {
        let oid: u32 = row.try_get("oid").map_err(&value)?;
        let schema: Option<String> = row.try_get("schema").map_err(&value)?;
        let name: String = row.try_get("name").map_err(&value)?;
        let path: Option<String> = row.try_get("path").map_err(&value)?;
        if let Some(schema) = schema {
            trees.push(format!(
                "SELECT {oid}::oid AS oid, CASE WHEN m.root > 0 THEN m.fastlevel END::int AS height \
                 FROM {schema}.bt_metap({}) m",
                quote::literal(&name)
            ));
        } else if let Some(path) = path.filter(|_| conditions.values) {
            trees.push(format!(
                "SELECT {oid}::oid AS oid, ({METAPAGE})::int AS height \
                 FROM (SELECT pg_read_binary_file({}, 24, 24, true) AS b) m",
                quote::literal(&path)
            ));
        }
    }
    for chunk in trees.chunks(CHUNK) {
        if !heights(reader, &chunk.join(" UNION ALL ")).await? {
            // One of them is gone or damaged: the others are had one by one.
            for one in chunk {
                heights(reader, one).await?;
            }
        }
    }
    reader.note("indexes", trees.len(), started)
}

async fn heights(reader: &mut Reader<'_>, sql: &str) -> Result<bool, CollectError> {
    let Some(rows) = reader.try_rows(sql).await? else {
        return Ok(false);
    };
    let value = CollectError::value("indexes");
    for row in rows {
        let oid: u32 = row.try_get(0).map_err(&value)?;
        let height: Option<i32> = row.try_get(1).map_err(&value)?;
        reader.facts.execute(
            "UPDATE indexes SET height = ?1 WHERE database_id = ?2 AND oid = ?3",
            rusqlite::params![height, reader.place.database, oid],
        )?;
    }
    Ok(true)
}
