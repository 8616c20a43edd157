//! How many distinct values columns have together, by some blocks of large tables.
//!
//! Of rows come hashes, which are counted and forgotten: no value leaves the server. Blocks that are read are fewer
//! than those that ANALYZE reads. Only columns of the server's own types are looked at, so nothing that users wrote is
//! run.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::error::CollectError;
use super::queries::SAMPLINGS;
use super::reader::Reader;
use super::spec::Conditions;
use crate::derive::sizes::{Drawn, OpenPairs, Tables, blocks, counts};
use crate::facts::quote;

/// Blocks that are drawn of a table: of rows that are alike by sevens, among some millions, the count comes out
/// within a fifth, and the size of an index within a tenth.
const BLOCKS: i64 = 300;
/// Blocks in all.
const ALL_BLOCKS: i64 = 6000;
/// A table of fewer blocks has no index whose size is worth it.
const FEW: i64 = 1000;
/// Columns of a table that are looked at.
const COLUMNS: usize = 20;
/// Bytes of a hash; 0 stands for NULL.
const HASH: usize = 4;
/// Limit for a table.
const LIMIT: Duration = Duration::from_secs(5);

struct Place {
    name: String,
    blocks: i64,
}

/// Counts pairs of columns of which nothing else tells, the largest tables first. Tables that do not answer in time
/// are told.
pub async fn read(reader: &mut Reader<'_>, conditions: &Conditions) -> Result<(), CollectError> {
    let started = Instant::now();
    let Some(database) = reader.place.database else {
        return Ok(());
    };
    reader.facts.execute(
        "DELETE FROM column_samples WHERE relation_id IN (SELECT id FROM relations WHERE database_id = ?1)",
        [database],
    )?;
    let open = Tables::read(reader.facts, database)?.open_pairs();
    if open.is_empty() {
        return Ok(());
    }
    let places = places(reader, conditions).await?;
    let patience = reader.timeout;
    reader.timeout = patience.min(LIMIT);
    let (mut left, mut read) = (ALL_BLOCKS, 0);
    for table in &open {
        let Some(place) = places.get(&table.relation).filter(|it| it.blocks >= FEW) else {
            continue;
        };
        if left < BLOCKS {
            break;
        }
        left -= BLOCKS;
        read += count(reader, table, place).await?;
    }
    reader.timeout = patience;
    reader.note("column_samples", read, started)
}

/// Tables that may be read, by our id.
async fn places(
    reader: &Reader<'_>,
    conditions: &Conditions,
) -> Result<HashMap<i64, Place>, CollectError> {
    let value = CollectError::value("column_samples");
    let found = reader.try_rows(&SAMPLINGS.sql(conditions)).await?;
    let mut places = HashMap::new();
    for row in found.unwrap_or_default() {
        let oid: u32 = row.try_get("oid").map_err(&value)?;
        let database = reader.place.database;
        if let Some(relation) = reader.ids.get("relations", database, i64::from(oid)) {
            let place = Place {
                name: row.try_get("name").map_err(&value)?,
                blocks: row.try_get("blocks").map_err(&value)?,
            };
            places.insert(relation, place);
        }
    }
    Ok(places)
}

async fn count(
    reader: &Reader<'_>,
    table: &OpenPairs,
    place: &Place,
) -> Result<usize, CollectError> {
    let columns = columns(&table.pairs);
    let Some(found) = reader.try_rows(&statement(&columns, place)).await? else {
        let reason = "its blocks did not tell in time how many values columns have together";
        let again = Some("run again when the server has less to do");
        reader.missing("column_samples", None, Some(&place.name), reason, again)?;
        return Ok(0);
    };
    let value = CollectError::value("column_samples");
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        let packed: Vec<u8> = row.try_get("hashes").map_err(&value)?;
        rows.push(Drawn {
            block: row.try_get("block").map_err(&value)?,
            hashes: packed.chunks(HASH).map(hash).collect(),
        });
    }
    drop(found);
    let read = blocks(&rows) as i64;
    let mut counted = 0;
    for pair in &table.pairs {
        let place_of = |name: &String| columns.iter().position(|column| column == name);
        let [Some(first), Some(second)] = pair.each_ref().map(place_of) else {
            continue;
        };
        let counts = counts(&rows, first, second);
        let names = serde_json::to_string(pair).unwrap_or_default();
        reader.facts.execute(
            "INSERT INTO column_samples (relation_id, columns, blocks, blocks_read, values_by_block, values_in_all,
                                         shared_squares)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            rusqlite::params![
                table.relation,
                names,
                place.blocks,
                read,
                counts.by_block as f64,
                counts.in_all as f64,
                counts.shared_squares as f64
            ],
        )?;
        counted += 1;
    }
    Ok(counted)
}

/// The columns of pairs, those of the first pairs where there are many.
fn columns(pairs: &[[String; 2]]) -> Vec<&str> {
    let mut columns: Vec<&str> = Vec::new();
    for name in pairs.iter().flatten() {
        if columns.len() < COLUMNS && !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    columns
}

fn hash(bytes: &[u8]) -> Option<u32> {
    let hash = u32::from_be_bytes(bytes.try_into().ok()?);
    (hash != 0).then_some(hash)
}

/// The rows of some blocks, always the same ones, so that advice is the same for the same table.
fn statement(columns: &[&str], place: &Place) -> String {
    let hashes: Vec<String> = (columns.iter())
        .map(|name| {
            let name = quote::ident(name);
            format!("int4send(coalesce(hashtext(t.{name}::text), 0))")
        })
        .collect();
    let share = (100.0 * BLOCKS as f64 / place.blocks.max(1) as f64).min(100.0);
    format!(
        "SELECT /* pgtriage */ (t.ctid::text::point)[0]::int8 AS block, {} AS hashes
         FROM ONLY {} t TABLESAMPLE SYSTEM ({share}) REPEATABLE (1)",
        hashes.join(" || "),
        place.name
    )
}

#[cfg(test)]
mod tests {
    use super::{columns, hash};

    #[test]
    fn columns_of_the_first_pairs_are_looked_at() {
        let pairs = [["a", "b"], ["a", "c"], ["d", "b"]].map(|pair| pair.map(str::to_owned));
        assert_eq!(columns(&pairs), ["a", "b", "c", "d"]);
        assert_eq!(
            [hash(&[0, 0, 1, 0]), hash(&[0; 4]), hash(&[1])],
            [Some(256), None, None]
        );
    }
}
