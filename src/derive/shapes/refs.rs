//! Columns that a statement refers to.

use std::collections::BTreeSet;

use super::resolve::Resolver;
use crate::parse::sql::shape::{Column, Kind, Operand, SortKey, What};

/// Relation, column and usage, each once.
pub(super) type Refs = BTreeSet<(i64, String, &'static str)>;

/// The columns that a statement refers to, with stars and views expanded.
pub(super) fn read(resolver: &Resolver<'_>) -> Refs {
    let mut refs = Refs::new();
    for (number, block) in resolver.shape.blocks.iter().enumerate() {
        let mut add = |column: &Column, usage: &'static str| {
            if let Some((relation, name)) =
                resolver.column(number, column).and_then(|found| found.base)
            {
                refs.insert((relation, name, usage));
            }
        };
        for output in &block.outputs {
            match &output.what {
                What::Column(column) => add(column, "output"),
                What::Aggregate { columns, .. } | What::Expression(columns) => {
                    for column in columns {
                        add(column, "output");
                    }
                }
                _ => {}
            }
        }
        for condition in &block.conditions {
            let is_join = matches!(
                (&condition.left, &condition.right),
                (Operand::Column(_), Operand::Column(_))
            );
            for side in [&condition.left, &condition.right] {
                match side {
                    Operand::Column(column) => {
                        add(column, if is_join { "join" } else { "predicate" });
                    }
                    Operand::Wrapped(wrapped) => add(&wrapped.column, "predicate"),
                    Operand::Expression { columns, .. } => {
                        for column in columns {
                            add(column, "predicate");
                        }
                    }
                    _ => {}
                }
            }
        }
        for sort in &block.sorts {
            let usage = if sort.clause == "group" {
                "group"
            } else {
                "order"
            };
            match &sort.by {
                SortKey::Column(column) => add(column, usage),
                SortKey::Expression { columns, .. } => {
                    for column in columns {
                        add(column, usage);
                    }
                }
                _ => {}
            }
        }
        for column in &block.others {
            add(column, "other");
        }
        for source in &block.sources {
            for name in &source.using {
                add(
                    &Column {
                        schema: None,
                        table: source.alias.clone(),
                        name: name.clone(),
                    },
                    "join",
                );
            }
        }
        for output in &block.outputs {
            if let What::Star(table) = &output.what {
                let columns = resolver.star(number, table.as_deref());
                refs.extend(
                    columns
                        .into_iter()
                        .map(|(relation, name)| (relation, name, "output")),
                );
            }
        }
        targets(resolver, number, &mut refs);
    }
    refs
}

/// Columns that are written.
fn targets(resolver: &Resolver<'_>, number: usize, refs: &mut Refs) {
    let block = &resolver.shape.blocks[number];
    let Some(relation) = block
        .sources
        .iter()
        .find(|source| source.is_written)
        .and_then(|source| resolver.relation(source))
    else {
        return;
    };
    let usage = match block.change {
        Some(Kind::Insert | Kind::Copy) => "insert",
        _ => "set",
    };
    if block.targets.is_empty() && usage == "insert" {
        let columns = relation.columns.iter();
        refs.extend(columns.map(|(name, _)| (relation.id, name.clone(), usage)));
    }
    let known = block.targets.iter().filter(|name| relation.has(name));
    refs.extend(known.map(|name| (relation.id, name.clone(), usage)));
}
