//! Indexes, and the constraints that they back.

use super::catalog::{Catalog, Index};
use super::script::Script;
use crate::facts::quote;

/// Adds the indexes in the order of their oids; then puts those of partitioned tables together.
pub(super) fn make(catalog: &Catalog, script: &mut Script) {
    for index in catalog.indexes.iter().filter(|i| i.extension.is_none()) {
        let Some(relation) = catalog.relation(index.relation) else {
            continue;
        };
        match &index.definition {
            Some(definition) => script.index(definition.clone(), index),
            None => script.leave_out_index(
                index,
                &format!(
                    "its definition could not be read while {} was locked",
                    relation.sql()
                ),
            ),
        }
    }
    let parent = |index: &Index| catalog.index(index.parent?);
    let attached = (catalog.indexes.iter()).filter_map(|index| Some((index, parent(index)?)));
    for (index, parent) in attached {
        let sql = format!(
            "ALTER INDEX {} ATTACH PARTITION {}",
            parent.sql(),
            index.sql()
        );
        script.index(sql, index);
    }
    let invalid: Vec<&Index> = catalog
        .indexes
        .iter()
        .filter(|index| !index.is_valid)
        .collect();
    for index in invalid {
        let sql = format!(
            "UPDATE pg_index SET indisvalid = false, indisready = {} WHERE indexrelid = {}::regclass",
            index.is_ready,
            quote::literal(&index.sql())
        );
        script.index(sql, index);
    }
}
