//! How many distinct values columns have together, by some blocks of large tables.
//!
//! The server counts them, so no value leaves it; pages that are read are fewer than those that ANALYZE reads. Only
//! columns of the server's own types are compared, so nothing that users wrote is run.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::error::CollectError;
use super::queries::SAMPLINGS;
use super::reader::Reader;
use super::spec::Conditions;
use crate::derive::sizes::{OpenPairs, Tables};
use crate::facts::quote;

/// Blocks that are drawn of a table: of seven million rows that are alike by sevens, the count comes out within a tenth.
const BLOCKS: i64 = 300;
/// Blocks in all.
const ALL_BLOCKS: i64 = 8000;
/// A table of fewer blocks has no index whose size is worth it.
const FEW: i64 = 1000;
/// Pairs of columns that are counted of a table.
const PAIRS: usize = 32;
/// Columns that `GROUPING` takes.
const COLUMNS: usize = 31;
/// Limit for a table.
const LIMIT: Duration = Duration::from_secs(5);
/// Name of the number of a block; no column is called so.
const BLOCK: &str = "\"block of pgtriage\"";

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
    let (columns, pairs) = chosen(&table.pairs);
    let Some(rows) = reader.try_rows(&statement(&columns, &pairs, place)).await? else {
        let reason = "its blocks did not tell in time how many values columns have together";
        let again = Some("run again when the server has less to do");
        reader.missing("column_samples", None, Some(&place.name), reason, again)?;
        return Ok(0);
    };
    let value = CollectError::value("column_samples");
    for row in &rows {
        let absent: i32 = row.try_get("absent").map_err(&value)?;
        let pair = pairs.iter().find(|pair| mask(&columns, pair) == absent);
        let Some(pair) = pair else { continue };
        let read: i64 = row.try_get("blocks_read").map_err(&value)?;
        let by_block: f64 = row.try_get("by_block").map_err(&value)?;
        let in_all: f64 = row.try_get("in_all").map_err(&value)?;
        let names = serde_json::to_string(pair).unwrap_or_default();
        reader.facts.execute(
            "INSERT INTO column_samples (relation_id, columns, blocks, blocks_read, values_by_block, values_in_all)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![table.relation, names, place.blocks, read, by_block, in_all],
        )?;
    }
    Ok(rows.len())
}

/// As many pairs as are counted at once, and their columns.
fn chosen(pairs: &[[String; 2]]) -> (Vec<&str>, Vec<&[String; 2]>) {
    let (mut columns, mut chosen): (Vec<&str>, Vec<_>) = (Vec::new(), Vec::new());
    for pair in pairs.iter().take(PAIRS) {
        let new = pair.iter().filter(|name| !columns.contains(&name.as_str()));
        if columns.len() + new.count() > COLUMNS {
            continue;
        }
        for name in pair {
            if !columns.contains(&name.as_str()) {
                columns.push(name);
            }
        }
        chosen.push(pair);
    }
    (columns, chosen)
}

/// What `GROUPING` gives for a pair: a bit for each column that is not in it, the last column's the lowest.
fn mask(columns: &[&str], pair: &[String; 2]) -> i32 {
    columns.iter().fold(0, |mask, column| {
        mask << 1 | i32::from(!pair.iter().any(|name| name == column))
    })
}

fn statement(columns: &[&str], pairs: &[&[String; 2]], place: &Place) -> String {
    let names: Vec<String> = columns.iter().map(|name| quote::ident(name)).collect();
    let names = names.join(", ");
    let sets: Vec<String> = (pairs.iter())
        .map(|[a, b]| format!("({}, {})", quote::ident(a), quote::ident(b)))
        .collect();
    let share = (100.0 * BLOCKS as f64 / place.blocks.max(1) as f64).min(100.0);
    // Always the same blocks, so that advice is the same for the same table.
    format!(
        "WITH drawn AS MATERIALIZED (
           SELECT (ctid::text::point)[0]::int8 AS {BLOCK}, {names}
           FROM ONLY {} TABLESAMPLE SYSTEM ({share}) REPEATABLE (1)),
         by_block AS (
           SELECT GROUPING({names}) AS absent, {names} FROM drawn
           GROUP BY {BLOCK}, GROUPING SETS ({})),
         in_all AS (SELECT absent, count(*) AS blocks FROM by_block GROUP BY absent, {names})
         SELECT /* pgtriage */ absent, (SELECT count(DISTINCT {BLOCK}) FROM drawn) AS blocks_read,
           sum(blocks)::float8 AS by_block, count(*)::float8 AS in_all
         FROM in_all GROUP BY absent ORDER BY absent",
        place.name,
        sets.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::{chosen, mask};

    #[test]
    fn sets_are_told_by_the_columns_that_are_not_in_them() {
        let pairs = [["a", "b"], ["a", "c"], ["d", "b"]].map(|pair| pair.map(str::to_owned));
        let (columns, chosen) = chosen(&pairs);
        assert_eq!(columns, ["a", "b", "c", "d"]);
        let masks: Vec<i32> = chosen.iter().map(|pair| mask(&columns, pair)).collect();
        assert_eq!(masks, [0b0011, 0b0101, 0b1010]);
    }
}
