//! What planners read from the metapages of indexes: heights of B-trees, counts of GIN, the map of BRIN.

use std::time::Instant;

use rusqlite::types::Value;

use super::error::CollectError;
use super::queries::METAPAGES;
use super::reader::Reader;
use super::spec::Conditions;
use crate::facts::quote;

/// Indexes read by one statement.
const CHUNK: usize = 200;
/// Bytes of a page's head, which the fields of a metapage come behind, and those that all of them fit in.
const HEAD: usize = 24;
const FIELDS: usize = 56;
/// `BTREE_MAGIC` and `BRIN_META_MAGIC`.
const BTREE: u32 = 0x0005_3162;
const BRIN: u32 = 0xA810_9CFA;
/// `GIN_CURRENT_VERSION`: older ones keep less, and count from 0 as well.
const GIN_VERSION: u32 = 2;

/// Reads them of all indexes where our role may: by pageinspect where it is installed, else from the files, which are
/// as of the last checkpoint. Elsewhere they stay unknown, which is told where values were asked for, since only
/// planning needs them.
pub async fn read(reader: &mut Reader<'_>, conditions: &Conditions) -> Result<(), CollectError> {
    let started = Instant::now();
    let Some(found) = reader.try_rows(&METAPAGES.sql(conditions)).await? else {
        return Ok(());
    };
    if found.is_empty() && conditions.values {
        let reason = "only a superuser may read them";
        return reader.missing("indexes", Some("height"), None, reason, None);
    }
    let value = CollectError::value("indexes");
    let mut pages = Vec::with_capacity(found.len());
    for row in &found {
        let oid: u32 = row.try_get("oid").map_err(&value)?;
        let method: String = row.try_get("method").map_err(&value)?;
        let schema: Option<String> = row.try_get("schema").map_err(&value)?;
        let name: String = row.try_get("name").map_err(&value)?;
        let path: Option<String> = row.try_get("path").map_err(&value)?;
        let fields = if let Some(schema) = schema {
            let name = quote::literal(&name);
            format!(
                "substr({schema}.get_raw_page({name}, 0), {}, {FIELDS})",
                HEAD + 1
            )
        } else if let Some(path) = path.filter(|_| conditions.values) {
            let path = quote::literal(&path);
            format!("pg_read_binary_file({path}, {HEAD}, {FIELDS}, true)")
        } else {
            continue;
        };
        let method = quote::literal(&method);
        pages.push(format!(
            "SELECT {oid}::oid AS oid, {method}::text AS method, {fields} AS fields"
        ));
    }
    for chunk in pages.chunks(CHUNK) {
        if !take(reader, &chunk.join(" UNION ALL ")).await? {
            // One of them is gone or damaged: the others are had one by one.
            for one in chunk {
                take(reader, one).await?;
            }
        }
    }
    reader.note("indexes", pages.len(), started)
}

async fn take(reader: &mut Reader<'_>, sql: &str) -> Result<bool, CollectError> {
    let Some(rows) = reader.try_rows(sql).await? else {
        return Ok(false);
    };
    let value = CollectError::value("indexes");
    for row in rows {
        let oid: u32 = row.try_get("oid").map_err(&value)?;
        let method: String = row.try_get("method").map_err(&value)?;
        let fields: Option<Vec<u8>> = row.try_get("fields").map_err(&value)?;
        let told = fields.and_then(|fields| told(&method, &fields));
        for (column, known) in told.unwrap_or_default() {
            let sql =
                format!("UPDATE indexes SET {column} = ?1 WHERE database_id = ?2 AND oid = ?3");
            let place = rusqlite::params![known, reader.place.database, oid];
            reader.facts.execute(&sql, place)?;
        }
    }
    Ok(true)
}

/// Columns of `indexes`, each with what a metapage says; `None`: it is none, or of a version that is not known.
/// Layouts are those of `nbtree.h`, `ginblock.h` and `brin_page.h`, of a machine of either byte order.
fn told(method: &str, fields: &[u8]) -> Option<Vec<(&'static str, Value)>> {
    let low_first = |at: usize| {
        let word = fields.get(at..at + 4)?;
        Some(u32::from_le_bytes(word.try_into().ok()?))
    };
    let sign = match method {
        "btree" => (0, BTREE),
        "brin" => (0, BRIN),
        "gin" => (48, GIN_VERSION),
        _ => return None,
    };
    let is_swapped = match low_first(sign.0)? {
        it if it == sign.1 => false,
        it if it.swap_bytes() == sign.1 => true,
        _ => return None,
    };
    let word = |at: usize| {
        let word = low_first(at)?;
        Some(if is_swapped { word.swap_bytes() } else { word })
    };
    let number = |at: usize| word(at).map(|word| Value::Integer(word.into()));
    Some(match method {
        // The root and the fast root: block and level each. Without rows there is none.
        "btree" if word(8)? == 0 => vec![("height", Value::Null)],
        "btree" => vec![("height", number(20)?)],
        "brin" => vec![
            ("brin_range_pages", number(8)?),
            ("brin_map_pages", number(12)?),
        ],
        _ => {
            let (first, second) = (word(40)?, word(44)?);
            let (high, low) = if is_swapped {
                (first, second)
            } else {
                (second, first)
            };
            let entries = (u64::from(high) << 32 | u64::from(low)).cast_signed();
            vec![
                ("gin_pending_pages", number(12)?),
                ("gin_total_pages", number(24)?),
                ("gin_entry_pages", number(28)?),
                ("gin_data_pages", number(32)?),
                ("gin_entries", Value::Integer(entries)),
            ]
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{BRIN, BTREE, FIELDS, GIN_VERSION, told};

    /// Numbers at their places, in either byte order.
    fn check(method: &str, words: &[(usize, u32)], wanted: Option<&str>) {
        for is_swapped in [false, true] {
            let mut fields = [0; FIELDS];
            for (at, word) in words {
                let word = if is_swapped { word.swap_bytes() } else { *word };
                fields[*at..at + 4].copy_from_slice(&word.to_le_bytes());
            }
            if is_swapped && method == "gin" {
                // The number of entries has eight bytes.
                let (first, second) = fields[40..48].split_at_mut(4);
                first.swap_with_slice(second);
            }
            let told = told(method, &fields).map(|all| {
                let all = all.iter().map(|(name, value)| match value {
                    rusqlite::types::Value::Integer(value) => format!("{name} {value}"),
                    _ => format!("{name} unknown"),
                });
                all.collect::<Vec<_>>().join(", ")
            });
            assert_eq!(told.as_deref(), wanted, "{method} {words:?} {is_swapped}");
        }
        assert_eq!(told(method, &[1, 2, 3]), None);
    }

    #[test]
    fn metapages_are_read_in_either_byte_order() {
        check(
            "btree",
            &[(0, BTREE), (8, 300), (12, 3), (16, 290), (20, 2)],
            Some("height 2"),
        );
        check("btree", &[(0, BTREE)], Some("height unknown"));
        check("btree", &[(0, 77), (8, 1)], None);
        check(
            "brin",
            &[(0, BRIN), (4, 1), (8, 16), (12, 5)],
            Some("brin_range_pages 16, brin_map_pages 5"),
        );
        check(
            "gin",
            &[
                (12, 4),
                (24, 90),
                (28, 60),
                (32, 25),
                (40, 7000),
                (44, 1),
                (48, GIN_VERSION),
            ],
            Some(
                "gin_pending_pages 4, gin_total_pages 90, gin_entry_pages 60, gin_data_pages 25, gin_entries 4294974296",
            ),
        );
        check("gin", &[(24, 90)], None);
        check("hash", &[(0, BTREE)], None);
    }
}
