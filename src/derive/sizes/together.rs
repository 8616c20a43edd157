//! Distinct values of several columns together.

use std::collections::HashMap;

use rusqlite::{Connection, Result};
use serde_json::Value;

/// First number of a `pg_ndistinct` (`STATS_NDISTINCT_MAGIC`), and its only type.
const MAGIC: u32 = 0xA352_BFA4;
const BASIC: u32 = 1;

/// How many distinct values some columns have together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Together {
    pub columns: Vec<String>,
    pub known: Known,
}

/// What tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Known {
    /// As ANALYZE counted them.
    Counted(f64),
    /// There are no more.
    AtMost(f64),
    /// What was found in blocks drawn at random.
    Sampled(Sample),
}

/// What was found in blocks drawn at random. Of rows of one block that are alike one is counted, since such rows
/// often stand together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Share of the blocks that was read.
    pub share: f64,
    /// Rows.
    pub rows: f64,
    /// Distinct ones.
    pub distinct: f64,
    /// Variance of how many were met again in another block.
    pub variance: f64,
    /// Blocks of the table.
    pub blocks: f64,
}

/// By relation: from extended statistics, from samples, and from foreign keys, which have no more values than the
/// table that they refer to has rows.
pub(super) fn read(facts: &Connection, database: i64) -> Result<HashMap<i64, Vec<Together>>> {
    let mut all: HashMap<i64, Vec<Together>> = HashMap::new();
    extended(facts, database, &mut all)?;
    sampled(facts, database, &mut all)?;
    let mut statement = facts.prepare(
        "SELECT c.relation_id, c.columns, r.row_estimate * max(1.0, coalesce(r.size_bytes / 8192.0 / nullif(r.pages, 0), 1.0))
         FROM constraints c JOIN relations r ON r.id = c.referenced_relation_id
         WHERE c.database_id = ?1 AND c.kind = 'foreign key' AND c.is_validated AND c.is_enforced
           AND r.kind IN ('table', 'materialized view') AND r.row_estimate > 0",
    )?;
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        let Some(distinct) = row.get::<_, Option<f64>>(2)? else {
            continue;
        };
        all.entry(row.get(0)?).or_default().push(Together {
            columns: serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default(),
            known: Known::AtMost(distinct),
        });
    }
    Ok(all)
}

fn extended(
    facts: &Connection,
    database: i64,
    all: &mut HashMap<i64, Vec<Together>>,
) -> Result<()> {
    let mut names = facts
        .prepare("SELECT position, name FROM columns WHERE relation_id = ?1 AND NOT is_dropped")?;
    let mut statement = facts.prepare(
        "SELECT e.relation_id, e.data, r.kind = 'partitioned table' FROM extended_statistics e
         JOIN relations r ON r.id = e.relation_id
         WHERE e.database_id = ?1 AND e.data IS NOT NULL",
    )?;
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        let relation: i64 = row.get(0)?;
        let data: Value = serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default();
        let wanted: bool = row.get(2)?;
        let of = |one: &&Value| one["inherited"].as_bool().unwrap_or(false) == wanted;
        let Some(found) = data.as_array().and_then(|all| all.iter().find(of)) else {
            continue;
        };
        let names: HashMap<i64, String> = names
            .query_map([relation], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?;
        for (columns, distinct) in found["ndistinct"]
            .as_str()
            .and_then(items)
            .unwrap_or_default()
        {
            let columns = columns.iter().map(|number| names.get(number).cloned());
            // Expressions have numbers below zero.
            if let Some(columns) = columns.collect::<Option<Vec<String>>>() {
                all.entry(relation).or_default().push(Together {
                    columns,
                    known: Known::Counted(distinct),
                });
            }
        }
    }
    Ok(())
}

fn sampled(facts: &Connection, database: i64, all: &mut HashMap<i64, Vec<Together>>) -> Result<()> {
    let mut statement = facts.prepare(
        "SELECT s.relation_id, s.columns, min(1.0, 1.0 * s.blocks_read / s.blocks), s.values_by_block, s.values_in_all,
                s.shared_squares, s.blocks
         FROM column_samples s JOIN relations r ON r.id = s.relation_id
         WHERE r.database_id = ?1 AND s.blocks > 0 AND s.blocks_read > 0 AND s.values_in_all > 0",
    )?;
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push(Together {
            columns: serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default(),
            known: Known::Sampled(Sample {
                share: row.get(2)?,
                rows: row.get(3)?,
                distinct: row.get(4)?,
                variance: row.get(5)?,
                blocks: row.get(6)?,
            }),
        });
    }
    Ok(())
}

/// The items of a `pg_ndistinct` (`statext_ndistinct_serialize`), in hexadecimal, of a machine that has the low
/// byte first: numbers of columns, and how many distinct values they have. `None`: it is none.
fn items(hex: &str) -> Option<Vec<(Vec<i64>, f64)>> {
    let hex = hex.trim_start_matches("\\x");
    let digits = hex.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    let mut rest = bytes.as_slice();
    if word(&mut rest)? != MAGIC || word(&mut rest)? != BASIC {
        return None;
    }
    let count = word(&mut rest)?;
    let mut items = Vec::new();
    for _ in 0..count {
        let distinct = f64::from_le_bytes(take(&mut rest)?);
        let columns = word(&mut rest)?;
        let mut numbers = Vec::new();
        for _ in 0..columns {
            numbers.push(i64::from(i16::from_le_bytes(take(&mut rest)?)));
        }
        items.push((numbers, distinct));
    }
    Some(items)
}

fn word(rest: &mut &[u8]) -> Option<u32> {
    take(rest).map(u32::from_le_bytes)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, others) = rest.split_first_chunk()?;
    *rest = others;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn items_are_read_as_the_server_sends_them() {
        // pg_ndistinct_send of a table whose columns 1 and 2 have 15 values together.
        let hex = "a4bf52a301000000010000000000000000002e400200000001000200";
        assert_eq!(items(hex), Some(vec![(vec![1, 2], 15.0)]));
        assert_eq!(items("00"), None);
        assert_eq!(items(&hex[..40]), None);
    }
}
