//! Indexes on expressions, and those of other access methods.

use super::access::Access;
use super::all::btree;
use crate::advise::index::spec::{IndexSpec, Key, Part};
use crate::advise::index::tables::Table;

/// Correlation from which on rows lie in the order of a column, so that a BRIN index tells blocks apart.
const ORDERED: f64 = 0.99;

/// Pages of a range of a BRIN index, by default: a table of fewer has nothing to leave out.
const RANGE: f64 = 128.0;

/// B-trees on the expressions that an access compares, alone and behind its equalities.
pub fn expressions(access: &Access, table: &Table) -> Vec<IndexSpec> {
    let mut specs = Vec::new();
    for (expression, operator) in &access.expressions {
        if !matches!(
            operator.as_str(),
            "=" | "<" | ">" | "<=" | ">=" | "in" | "between"
        ) {
            continue;
        }
        let key = Key {
            part: Part::Expression(expression.clone()),
            opclass: None,
            is_descending: false,
        };
        specs.push(btree(table, vec![key.clone()]));
        for column in access
            .equal
            .iter()
            .filter(|column| table.is_indexable(column))
        {
            specs.push(btree(table, vec![Key::column(column), key.clone()]));
        }
    }
    specs
}

/// BRIN where rows lie in the order of a column, and GIN for what is within values.
pub fn methods(access: &Access, table: &Table, trigrams: Option<&str>) -> Vec<IndexSpec> {
    let mut specs = Vec::new();
    for column in &access.range {
        let known = table.columns.get(column);
        let is_ordered = known
            .and_then(|column| column.correlation)
            .is_some_and(|c| c.abs() >= ORDERED);
        if is_ordered && table.pages.is_some_and(|pages| pages > RANGE) {
            specs.push(of_method(table, "brin", Key::column(column)));
        }
    }
    for (column, operator) in &access.special {
        let Some(kind) = table.columns.get(column).map(|column| column.kind.as_str()) else {
            continue;
        };
        let is_text = kind == "text" || kind.starts_with("character varying");
        let key = Key::column(column);
        match operator.as_str() {
            "like" | "ilike" | "~" | "~*" if is_text => {
                specs.extend(trigrams.map(|class| {
                    let opclass = Some(class.to_owned());
                    of_method(table, "gin", Key { opclass, ..key })
                }));
            }
            "@>" if kind == "jsonb" => {
                let opclass = Some("jsonb_path_ops".to_owned());
                specs.push(of_method(
                    table,
                    "gin",
                    Key {
                        opclass,
                        ..key.clone()
                    },
                ));
                specs.push(of_method(table, "gin", key));
            }
            "?" | "?|" | "?&" if kind == "jsonb" => specs.push(of_method(table, "gin", key)),
            "@>" | "<@" | "&&" if kind.ends_with("[]") => specs.push(of_method(table, "gin", key)),
            "@@" if kind == "tsvector" => specs.push(of_method(table, "gin", key)),
            _ => {}
        }
    }
    specs
}

fn of_method(table: &Table, method: &str, key: Key) -> IndexSpec {
    IndexSpec {
        method: method.to_owned(),
        ..btree(table, vec![key])
    }
}
