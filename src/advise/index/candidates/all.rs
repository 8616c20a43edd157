//! The candidates of an access.

use super::access::Access;
use super::keys::keys;
use crate::advise::index::spec::{IndexSpec, Key};
use crate::advise::index::tables::Table;

/// Indexes that could serve it, without covering ones and without those that are there.
pub fn of(access: &Access, table: &Table, max_width: usize) -> Vec<IndexSpec> {
    let keys = keys(access, table, max_width);
    let specs = keys.into_iter().map(|keys| btree(table, keys));
    specs.filter(|spec| !is_there(spec, table)).collect()
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
