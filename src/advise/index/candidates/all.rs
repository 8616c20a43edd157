//! The candidates of an access.

use super::access::Access;
use super::covering::covering;
use super::keys::keys;
use crate::advise::index::spec::{IndexSpec, Key};
use crate::advise::index::tables::Table;

/// Share of a table's pages that all transactions see whole, from which on index-only scans spare the
/// table: below it most entries make the scan look there all the same.
const VISIBLE: f64 = 0.5;

/// Indexes that could serve it, without covering ones and without those that are there.
pub fn of(access: &Access, table: &Table, max_width: usize) -> Vec<IndexSpec> {
    let keys = keys(access, table, max_width);
    let specs = keys.into_iter().map(|keys| btree(table, keys));
    specs.filter(|spec| !is_there(spec, table)).collect()
}

/// The covering indexes of an access whose keys are these; none where rows are seldom visible to all.
pub fn covering_of(access: &Access, table: &Table, spec: &IndexSpec) -> Option<IndexSpec> {
    if table.all_visible.is_some_and(|share| share < VISIBLE) {
        return None;
    }
    covering(spec, access, table)
}

/// A plain B-tree.
pub fn btree(table: &Table, keys: Vec<Key>) -> IndexSpec {
    IndexSpec {
        relation: table.id,
        schema: table.schema.clone(),
        table: table.name.clone(),
        method: "btree".to_owned(),
        keys,
        include: Vec::new(),
        predicate: None,
    }
}

/// An index that is there begins with its keys.
pub fn is_there(spec: &IndexSpec, table: &Table) -> bool {
    table.indexes.iter().any(|index| {
        index.method == spec.method
            && index.predicate.is_none()
            && spec.include.is_empty()
            && index.keys.starts_with(&spec.keys)
    })
}
