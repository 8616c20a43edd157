//! Heights of B-trees that were not read.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, rows};
use crate::derive::bloat::{Page, btree_height};

/// Head of an index entry (`IndexTupleData`).
const HEAD: i64 = 8;
/// Width that is taken for a column of which nothing is known.
const UNKNOWN: i64 = 8;

/// Sets the heights that follow from pages and the width of keys.
pub(super) fn derive(facts: &Connection, database: i64, catalog: &mut Catalog) -> Result<()> {
    let widths: HashMap<i64, i64> = rows(
        facts,
        "SELECT i.id, sum((iif(c.length > 0, c.length, coalesce(p.avg_width, s.avg_width, e.avg_width, ?2)) + 7) / 8 * 8)
         FROM indexes i
         JOIN index_columns x ON x.index_id = i.id AND NOT x.is_included
         LEFT JOIN columns c ON c.relation_id = i.relation_id AND c.name = x.column_name AND NOT c.is_dropped
         LEFT JOIN planner_statistics p ON p.relation_id = i.relation_id AND p.position = c.position AND NOT p.inherited
         LEFT JOIN column_statistics s
           ON s.relation_id = i.relation_id AND s.column_name = x.column_name AND NOT s.inherited
         LEFT JOIN planner_statistics e ON e.index_id = i.id AND e.position = x.position
         WHERE i.database_id = ?1 AND i.method = 'btree' AND i.height IS NULL GROUP BY i.id"
            .replace("?2", &UNKNOWN.to_string())
            .as_str(),
        database,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?
    .into_iter()
    .collect();
    let page = Page::default();
    for index in &mut catalog.indexes {
        let Some(bytes) = index
            .bytes
            .filter(|_| index.method == "btree" && index.height.is_none())
        else {
            continue;
        };
        let pages = bytes / page.block();
        // The first page has no entries.
        if pages > 1 {
            let key = widths.get(&index.id).map_or(UNKNOWN, |width| *width) + HEAD;
            index.height = Some(btree_height(page, pages, key));
        }
    }
    Ok(())
}
