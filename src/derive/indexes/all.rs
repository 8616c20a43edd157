//! The rows of `index_candidates`.

use rusqlite::{Connection, Result, params};
use serde_json::json;

use super::fit::{Search, Wanted};
use super::path::paths;
use super::table::tables;

/// Writes `index_candidates`, in place of what was there.
pub fn all(facts: &Connection) -> Result<()> {
    facts.execute("DELETE FROM index_candidates", [])?;
    let tables = tables(facts)?;
    let mut insert = facts.prepare(
        "INSERT INTO index_candidates (statement_id, block, ordinal, relation_id, columns, equalities,
           is_sorted, is_known, rows_with, rows_now, index_now_id, is_sorted_now)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for path in paths(facts)? {
        let Some(table) = tables.get(&path.relation) else {
            continue;
        };
        let search = Search { table, path: &path };
        let Some(wanted) = search.wanted() else {
            continue;
        };
        let now = search.now();
        if wanted.rows >= now.rows {
            continue;
        }
        insert.execute(params![
            path.statement,
            path.block,
            path.ordinal,
            path.relation,
            names(&wanted),
            wanted.equalities,
            wanted.is_sorted && !path.sort.is_empty(),
            wanted.is_known,
            wanted.rows,
            now.rows,
            now.index,
            now.is_sorted && !path.sort.is_empty(),
        ])?;
    }
    crate::derive::derived(facts, "index_candidates")
}

fn names(wanted: &Wanted) -> String {
    let names = wanted.columns.iter().map(|column| {
        if column.is_descending {
            format!("-{}", column.column)
        } else {
            column.column.clone()
        }
    });
    json!(names.collect::<Vec<_>>()).to_string()
}
