//! Indexes that hold all that a block reads of a table.

use super::access::Access;
use crate::advise::index::spec::IndexSpec;
use crate::advise::index::tables::Table;

/// Columns of an index with INCLUDE.
const COLUMNS: usize = 8;

/// Bytes of a row of it.
const BYTES: f64 = 200.0;

/// Width of a column without statistics, bytes, as the planner assumes (`get_typavgwidth`).
const ASSUMED_WIDTH: f64 = 32.0;

/// The index with the rest of what the block reads as INCLUDE; `None`: it would be too wide, holds all
/// of it already, is of a kind that holds no more than its keys, or no page of the table is known to be
/// visible to all, so that every entry would make the scan look there. How much that matters otherwise, the
/// planner reckons.
pub fn covering(spec: &IndexSpec, access: &Access, table: &Table) -> Option<IndexSpec> {
    let needed = access.needed.as_ref()?;
    if table.all_visible == Some(0.0) || spec.method != "btree" || spec.relation != access.relation
    {
        return None;
    }
    if spec.keys.iter().any(|key| key.name().is_none()) {
        return None;
    }
    let is_key = |column: &String| spec.keys.iter().any(|key| key.name() == Some(column));
    let mut include: Vec<String> = spec.include.clone();
    for column in needed.iter().filter(|column| !is_key(column)) {
        if !include.contains(column) {
            include.push(column.clone());
        }
    }
    include.sort();
    (include.len() > spec.include.len())
        .then(|| IndexSpec {
            include,
            ..spec.clone()
        })
        .filter(|spec| fits(spec, table))
}

/// It is no wider than an index should be.
pub fn fits(spec: &IndexSpec, table: &Table) -> bool {
    let keys = spec.keys.iter().filter_map(|key| key.name());
    let columns: Vec<&str> = keys
        .chain(spec.include.iter().map(String::as_str))
        .collect();
    let known = columns.iter().map(|column| table.columns.get(*column));
    let bytes: f64 = known
        .map(|column| {
            column
                .and_then(|column| column.width)
                .unwrap_or(ASSUMED_WIDTH)
        })
        .sum();
    columns.len() <= COLUMNS && bytes <= BYTES
}
