//! What a statement is as a whole.

use super::catalog::Relation;
use super::predicates::Comparison;
use super::resolve::Resolver;
use crate::parse::sql::functions::volatility;
use crate::parse::sql::shape::{Block, Bound, From, Kind, Operand, Place, What};

/// The block whose rows are asked for, and what is asked of them.
pub(super) fn subject(resolver: &Resolver<'_>) -> (usize, Option<&'static str>) {
    let shape = &resolver.shape;
    let (mut block, mut wrapper) = (0, None);
    // Each step goes into a block further down; a statement has few.
    for _ in 0..shape.blocks.len() {
        let here = &shape.blocks[block];
        match inner(resolver, block, here) {
            Some((next, how)) if next > block => {
                block = next;
                wrapper = wrapper.or(how);
            }
            _ => break,
        }
    }
    let here = &shape.blocks[block];
    if wrapper.is_none() && is_count(here) {
        wrapper = Some("count");
    }
    let asks_nothing = here
        .outputs
        .iter()
        .all(|output| matches!(output.what, What::Constant));
    if wrapper.is_none()
        && asks_nothing
        && !here.outputs.is_empty()
        && !here.sources.is_empty()
        && matches!(shape.kind, Kind::Select)
        && here.limit != Bound::None
    {
        wrapper = Some("exists");
    }
    (block, wrapper)
}

/// The block that a block only wraps.
fn inner(
    resolver: &Resolver<'_>,
    number: usize,
    block: &Block,
) -> Option<(usize, Option<&'static str>)> {
    if resolver.shape.kind != Kind::Select || block.set_operation.is_some() {
        return None;
    }
    let is_empty = |source: &crate::parse::sql::shape::Source| match &source.from {
        From::Block(inner) => resolver.shape.blocks[*inner].sources.is_empty(),
        _ => false,
    };
    if block.sources.iter().all(is_empty) {
        // SELECT EXISTS (…), and SELECT 1 FROM (SELECT 1) t WHERE EXISTS (…).
        let mut tested = (number + 1..resolver.shape.blocks.len()).filter(|inner| {
            let inner = &resolver.shape.blocks[*inner];
            inner.parent == Some(number) && inner.place == Place::Exists
        });
        return match (tested.next(), tested.next()) {
            (Some(only), None) => Some((only, Some("exists"))),
            _ => None,
        };
    }
    match block.sources.as_slice() {
        [only] => match &only.from {
            From::Block(inner) if is_count(block) && block.conditions.is_empty() => {
                Some((*inner, Some("count")))
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_count(block: &Block) -> bool {
    let mut outputs = block.outputs.iter();
    matches!(
        (outputs.next().map(|output| &output.what), outputs.next()),
        (Some(What::Aggregate { function, .. }), None) if function == "count"
    ) && !block.sorts.iter().any(|sort| sort.clause == "group")
}

/// Whether the form of a statement gives one row at most. None where that is not known.
pub(super) fn is_single_row(
    resolver: &Resolver<'_>,
    subject: usize,
    wrapper: Option<&str>,
    comparisons: &[Comparison],
) -> Option<bool> {
    if resolver.shape.unread_because.is_some() {
        return None;
    }
    let whole = &resolver.shape.blocks[0];
    let groups = |block: &Block| block.sorts.iter().any(|sort| sort.clause == "group");
    let aggregates = |block: &Block| {
        block.set_operation.is_none()
            && !groups(block)
            && block
                .outputs
                .iter()
                .any(|output| matches!(output.what, What::Aggregate { .. }))
    };
    let is_query = resolver.shape.kind == Kind::Select;
    if is_query && (wrapper.is_some() || aggregates(whole) || whole.limit == Bound::Constant(1)) {
        return Some(true);
    }
    if is_query && whole.sources.is_empty() && whole.set_operation.is_none() {
        return Some(true);
    }
    if resolver.shape.kind == Kind::Insert {
        return resolver.shape.rows_given.map(|rows| rows == 1);
    }
    let block = &resolver.shape.blocks[subject];
    let [source] = block.sources.as_slice() else {
        return Some(false);
    };
    Some(
        resolver
            .relation(source)
            .is_some_and(|relation| is_pinned(relation, subject, 0, comparisons)),
    )
}

/// Whether equality with values covers a unique key.
pub(super) fn is_pinned(
    relation: &Relation,
    block: usize,
    ordinal: usize,
    comparisons: &[Comparison],
) -> bool {
    let equal: Vec<&str> = comparisons
        .iter()
        .filter(|c| c.block == block && c.ordinal == Some(ordinal) && c.or.is_none())
        .filter(|c| {
            c.wrapped_in.is_none()
                && (c.operator == "=" || (c.operator == "in" && c.list_length == Some(1)))
        })
        .filter(|c| matches!(c.comparand, "parameter" | "constant" | "list"))
        .filter_map(|c| c.column.as_deref())
        .collect();
    relation
        .unique
        .iter()
        .any(|key| key.iter().all(|column| equal.contains(&column.as_str())))
}

/// application, session, catalog or constraint.
pub(super) fn purpose(resolver: &Resolver<'_>) -> &'static str {
    let shape = &resolver.shape;
    if matches!(shape.kind, Kind::Transaction | Kind::Set) {
        return "session";
    }
    if shape.keeps_foreign_key {
        return "constraint";
    }
    let relations = || {
        shape
            .blocks
            .iter()
            .flat_map(|block| &block.sources)
            .filter_map(|source| match &source.from {
                From::Relation { schema, name } => {
                    Some((schema.as_deref(), name.as_str(), resolver.relation(source)))
                }
                _ => None,
            })
    };
    let is_system = |(schema, name, known): (Option<&str>, &str, Option<&Relation>)| {
        known.is_none()
            && (matches!(
                schema,
                Some("pg_catalog" | "information_schema" | "pg_toast")
            ) || (schema.is_none() && name.starts_with("pg_")))
    };
    let is_view = !resolver.views.is_empty();
    if relations().next().is_none() {
        let functions = || shape.blocks.iter().flat_map(|block| &block.functions);
        let built_in = |name: &String| volatility(name).is_some() || name.starts_with("pg_");
        let is_query = matches!(shape.kind, Kind::Select | Kind::Values);
        return if is_query && !is_view && functions().all(built_in) {
            "session"
        } else {
            "application"
        };
    }
    if !is_view && relations().all(is_system) {
        "catalog"
    } else {
        "application"
    }
}

/// What a side of a comparison is in facts, and the length of a list.
pub(super) fn comparand(side: &Operand) -> (&'static str, Option<usize>) {
    match side {
        Operand::None => ("none", None),
        Operand::Parameter => ("parameter", None),
        Operand::Constant(_) => ("constant", None),
        Operand::List(length) => ("list", *length),
        Operand::Column(_) => ("column", None),
        Operand::Block(_) => ("subquery", None),
        Operand::Wrapped(_) | Operand::Expression { .. } => ("expression", None),
    }
}
