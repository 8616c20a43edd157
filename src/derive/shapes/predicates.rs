//! Comparisons with their columns looked up, and whether an index on the column could serve them.

use super::catalog::Relation;
use super::judge::comparand;
use super::resolve::{Found, Resolver};
use crate::parse::sql::same_form;
use crate::parse::sql::shape::{Clause, Column, Condition, Operand, Wrapped};

/// A comparison of a column with something.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    pub block: usize,
    pub clause: Clause,
    pub or: Option<(usize, usize)>,
    /// Place of the relation in the FROM list of the block.
    pub ordinal: Option<usize>,
    pub relation: Option<i64>,
    pub column: Option<String>,
    pub wrapped_in: Option<&'static str>,
    pub wrapper: Option<String>,
    pub sql: Option<String>,
    pub operator: String,
    pub comparand: &'static str,
    /// The constant that is compared with, as SQL.
    pub value: Option<String>,
    pub list_length: Option<usize>,
    pub is_sargable: Option<bool>,
    pub because: Option<&'static str>,
    /// Index that holds the expression around the column.
    pub index: Option<i64>,
    /// The other side is made of columns of other relations.
    pub is_join: bool,
}

/// An equality of columns of two relations.
#[derive(Debug, Clone)]
pub(super) struct Join {
    pub block: usize,
    pub left: Side,
    pub right: Side,
}

/// One side of a join.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Place in the FROM list of the block; none for a block around it.
    pub ordinal: Option<usize>,
    pub relation: Option<i64>,
    pub column: String,
}

/// All comparisons and joins of a statement, in order.
pub(super) fn read(resolver: &Resolver<'_>) -> (Vec<Comparison>, Vec<Join>) {
    let (mut comparisons, mut joins) = (Vec::new(), Vec::new());
    for (number, block) in resolver.shape.blocks.iter().enumerate() {
        named_joins(resolver, number, &mut joins);
        for condition in &block.conditions {
            if let Some(join) = join(resolver, number, condition) {
                joins.push(join);
            } else {
                comparisons.push(comparison(resolver, number, condition));
            }
        }
    }
    (comparisons, joins)
}

fn join(resolver: &Resolver<'_>, block: usize, condition: &Condition) -> Option<Join> {
    let (Operand::Column(left), Operand::Column(right)) = (&condition.left, &condition.right)
    else {
        return None;
    };
    if condition.operator != "=" || condition.or.is_some() {
        return None;
    }
    let sides = (
        resolver.column(block, left)?,
        resolver.column(block, right)?,
    );
    let is_same = (sides.0.block, sides.0.ordinal) == (sides.1.block, sides.1.ordinal);
    if is_same || (sides.0.block != block && sides.1.block != block) {
        return None;
    }
    let left = side(block, sides.0, left);
    Some(Join {
        block,
        left,
        right: side(block, sides.1, right),
    })
}

fn side(block: usize, found: Found, written: &Column) -> Side {
    let (relation, column) = match found.base {
        Some((relation, column)) => (Some(relation), column),
        None => (None, written.name.clone()),
    };
    Side {
        ordinal: (found.block == block).then_some(found.ordinal),
        relation,
        column,
    }
}

/// Joins by USING and NATURAL.
fn named_joins(resolver: &Resolver<'_>, block: usize, joins: &mut Vec<Join>) {
    let sources = &resolver.shape.blocks[block].sources;
    for (ordinal, source) in sources.iter().enumerate().skip(1) {
        let mut names = source.using.clone();
        if source.is_natural {
            let own = resolver
                .relation(source)
                .map(|relation| relation.columns.as_slice());
            names.extend(own.unwrap_or_default().iter().map(|(name, _)| name.clone()));
        }
        for name in names {
            let right = resolver.in_place(block, ordinal, &name);
            let left = (0..ordinal)
                .rev()
                .find_map(|before| resolver.in_place(block, before, &name));
            if let (Some(left), Some(right)) = (left, right) {
                let written = Column {
                    schema: None,
                    table: None,
                    name,
                };
                joins.push(Join {
                    block,
                    left: side(block, left, &written),
                    right: side(block, right, &written),
                });
            }
        }
    }
}

fn comparison(resolver: &Resolver<'_>, block: usize, condition: &Condition) -> Comparison {
    let (comparand, list_length) = comparand(&condition.right);
    let mut found = Comparison {
        block,
        clause: condition.clause,
        or: condition.or,
        ordinal: None,
        relation: None,
        column: None,
        wrapped_in: None,
        wrapper: None,
        sql: None,
        operator: condition.operator.clone(),
        comparand,
        value: match &condition.right {
            Operand::Constant(value) => value.clone(),
            _ => None,
        },
        list_length,
        is_sargable: None,
        because: None,
        index: None,
        is_join: false,
    };
    let column = match &condition.left {
        Operand::Column(column) => column,
        Operand::Wrapped(wrapped) => {
            found.wrapped_in = Some(wrapped.by);
            found.wrapper.clone_from(&wrapped.wrapper);
            found.sql.clone_from(&wrapped.sql);
            &wrapped.column
        }
        Operand::Expression { sql, .. } => {
            found.sql.clone_from(sql);
            return found;
        }
        _ => return found,
    };
    let Some(place) = resolver.column(block, column) else {
        found.column = Some(column.name.clone());
        return found;
    };
    let is_here = place.block == block;
    if is_here {
        found.ordinal = Some(place.ordinal);
    }
    found.column = Some(column.name.clone());
    let mut kind = None;
    if let Some((relation, column)) = &place.base {
        found.relation = Some(*relation);
        found.column = Some(column.clone());
        let known = resolver.catalog.get(*relation);
        kind = known.and_then(|relation| relation.type_of(column));
        found.index = known.and_then(|relation| holds(relation, found.sql.as_deref()?));
    }
    if let Operand::Wrapped(wrapped) = &condition.left
        && is_harmless(wrapped, kind)
    {
        found.wrapped_in = None;
        found.wrapper = None;
        found.sql = None;
    }
    let others = columns(&condition.right);
    let own = |column: &&Column| {
        resolver
            .column(block, column)
            .is_some_and(|other| (other.block, other.ordinal) == (place.block, place.ordinal))
    };
    let compares_itself = others.iter().any(own);
    found.is_join = is_here && !others.is_empty() && !compares_itself;
    (found.is_sargable, found.because) = sargable(&found, compares_itself);
    found
}

fn columns(side: &Operand) -> Vec<&Column> {
    match side {
        Operand::Column(column) => vec![column],
        Operand::Wrapped(wrapped) => vec![&wrapped.column],
        Operand::Expression { columns, .. } => columns.iter().collect(),
        _ => Vec::new(),
    }
}

/// The index that holds an expression.
fn holds(relation: &Relation, sql: &str) -> Option<i64> {
    if relation.expressions.is_empty() {
        return None;
    }
    let form = same_form(sql)?;
    let mut known = relation.expressions.iter();
    known
        .find(|(held, _)| *held == form)
        .map(|(_, index)| *index)
}

/// Whether a plain B-tree index on the column could serve a comparison, and why not.
fn sargable(found: &Comparison, compares_itself: bool) -> (Option<bool>, Option<&'static str>) {
    if let Some(by) = found.wrapped_in {
        return (Some(false), Some(by));
    }
    if compares_itself {
        return (Some(false), Some("expression"));
    }
    match found.operator.as_str() {
        "=" | "<" | ">" | "<=" | ">=" | "in" | "between" | "is null" | "is not null"
        | "is true" | "is not true" | "is false" | "is not false" => (Some(true), None),
        // The value says: an index serves a pattern that begins with a constant.
        "like" | "similar to" | "~" => (None, None),
        "<>" | "is distinct from" => (Some(false), Some("negation")),
        operator if operator.starts_with("not ") => (Some(false), Some("negation")),
        _ => (Some(false), Some("operator")),
    }
}

/// Casts among types that share their operators cost nothing: an index on the column still serves.
fn is_harmless(wrapped: &Wrapped, kind: Option<&str>) -> bool {
    let (Some(to), "cast") = (&wrapped.wrapper, wrapped.by) else {
        return false;
    };
    let Some(kind) = kind else {
        return false;
    };
    let to = to.split('(').next().unwrap_or(to).trim();
    let is_text = |kind: &str| matches!(kind, "text" | "varchar" | "character varying");
    let same = |a: &str, b: &str| canonical(a) == canonical(b);
    (is_text(kind) && is_text(to)) || same(kind, to)
}

/// One name for a type that has several.
fn canonical(kind: &str) -> &str {
    match kind {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "varchar" => "character varying",
        "float8" | "double" => "double precision",
        "decimal" => "numeric",
        other => other,
    }
}
