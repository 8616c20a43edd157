//! Indexes, and the constraints that they back.

use super::catalog::Catalog;
use super::objects::{Index, Relation};
use super::script::Script;
use crate::facts::quote;

/// Adds the indexes in the order of their oids; then puts those of partitioned tables together.
pub(super) fn make(catalog: &Catalog, script: &mut Script) {
    let made = || {
        let indexes = catalog
            .indexes
            .iter()
            .filter(|index| index.extension.is_none());
        indexes.filter_map(|index| Some((index, catalog.relation(index.relation)?)))
    };
    for (index, relation) in made() {
        if let Some(sql) = create(catalog, index, relation) {
            script.index(sql, index);
        } else {
            let because = "its definition could not be read while its table was locked";
            script.leave_out_index(index, because);
        }
    }
    for (index, _) in made() {
        if let Some(parent) = index.parent.and_then(|id| catalog.index(id)) {
            let (parent, name) = (parent.sql(), index.sql());
            script.index(
                format!("ALTER INDEX {parent} ATTACH PARTITION {name}"),
                index,
            );
        }
    }
    for (index, _) in made().filter(|(index, _)| !index.is_valid) {
        let sql = format!(
            "UPDATE pg_index SET indisvalid = false, indisready = {} WHERE indexrelid = {}::regclass",
            index.is_ready,
            quote::literal(&index.sql())
        );
        script.index(sql, index);
    }
}

/// An index by itself, or by its constraint, which has the same name.
fn create(catalog: &Catalog, index: &Index, relation: &Relation) -> Option<String> {
    let Some(name) = &index.constraint else {
        return index.definition.clone();
    };
    let constraint = (catalog.constraints_of(relation.id)).find(|c| c.name == *name)?;
    let mut sql = format!(
        "ALTER TABLE ONLY {} ADD CONSTRAINT {} {}",
        relation.sql(),
        quote::ident(name),
        constraint.definition.as_deref()?
    );
    if !index.options.is_empty() {
        let options: Vec<String> = (index.options.iter())
            .map(|(name, value)| format!("{} = {}", quote::ident(name), quote::literal(value)))
            .collect();
        sql = format!(
            "{sql}; ALTER INDEX {} SET ({})",
            index.sql(),
            options.join(", ")
        );
    }
    Some(sql)
}
