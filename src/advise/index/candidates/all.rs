//! The candidates of an access.

use super::access::Access;
use super::keys::keys;
use crate::advise::index::spec::{IndexSpec, Key};
use crate::advise::index::tables::Table;

/// Plain B-trees whose keys could serve it, whether they are there or not.
pub fn of(access: &Access, table: &Table, max_width: usize) -> Vec<IndexSpec> {
    let keys = keys(access, table, max_width);
    keys.into_iter().map(|keys| btree(table, keys)).collect()
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
