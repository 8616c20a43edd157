//! FROM lists.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, TableAlias,
    TableFactor, TableWithJoins,
};

use super::builder::Builder;
use super::condition;
use super::names;
use super::operand::contents;
use super::shape::{Clause, From, Place, Source};

/// Reads a FROM list into a block.
pub(super) fn tables(builder: &mut Builder, block: usize, tables: &[TableWithJoins]) {
    for table in tables {
        joined(builder, block, table, None);
    }
}

fn joined(builder: &mut Builder, block: usize, table: &TableWithJoins, kind: Option<&'static str>) {
    factor(builder, block, &table.relation, kind);
    for join in &table.joins {
        let (kind, constraint) = operator(join);
        let place = builder.block(block).sources.len();
        factor(builder, block, &join.relation, Some(kind));
        match constraint {
            Some(JoinConstraint::On(on)) => condition::read(builder, block, Clause::On, on),
            Some(JoinConstraint::Using(columns)) => {
                if let Some(source) = builder.block(block).sources.get_mut(place) {
                    source.using = columns.iter().map(|name| names::relation(name).1).collect();
                }
            }
            Some(JoinConstraint::Natural) => {
                if let Some(source) = builder.block(block).sources.get_mut(place) {
                    source.is_natural = true;
                }
            }
            Some(JoinConstraint::None) | None => {}
        }
    }
}

fn operator(join: &Join) -> (&'static str, Option<&JoinConstraint>) {
    use JoinOperator as J;
    match &join.join_operator {
        J::Join(c)
        | J::Inner(c)
        | J::StraightJoin(c)
        | J::Semi(c)
        | J::LeftSemi(c)
        | J::RightSemi(c) => ("inner", Some(c)),
        J::Left(c) | J::LeftOuter(c) | J::Anti(c) | J::LeftAnti(c) => ("left", Some(c)),
        J::Right(c) | J::RightOuter(c) | J::RightAnti(c) => ("right", Some(c)),
        J::FullOuter(c) => ("full", Some(c)),
        J::CrossJoin(c) => ("cross", Some(c)),
        J::AsOf { constraint, .. } => ("inner", Some(constraint)),
        J::CrossApply => ("cross", None),
        J::OuterApply => ("left", None),
        _ => ("inner", None),
    }
}

/// Reads one entry of a FROM list.
pub(super) fn factor(
    builder: &mut Builder,
    block: usize,
    factor: &TableFactor,
    join: Option<&'static str>,
) {
    let (from, alias) = match factor {
        TableFactor::Table {
            name,
            alias,
            args: None,
            ..
        } => {
            let (schema, name) = names::relation(name);
            let cte = if schema.is_none() {
                builder.cte(&name)
            } else {
                None
            };
            let from = match cte {
                Some(inner) => From::Block(inner),
                None => From::Relation {
                    schema,
                    name: name.clone(),
                },
            };
            let mut source = aliased(from, alias.as_ref(), join);
            if cte.is_some() {
                source.alias.get_or_insert(name);
            }
            builder.block(block).sources.push(source);
            return;
        }
        TableFactor::Table {
            name,
            alias,
            args: Some(args),
            ..
        } => {
            call(builder, block, names::dotted(name), &args.args);
            (From::Other, alias)
        }
        TableFactor::Function {
            name, args, alias, ..
        } => {
            call(builder, block, names::dotted(name), args);
            (From::Other, alias)
        }
        TableFactor::TableFunction { expr, alias } => {
            expression(builder, block, expr);
            (From::Other, alias)
        }
        TableFactor::UNNEST {
            array_exprs, alias, ..
        } => {
            for expr in array_exprs {
                expression(builder, block, expr);
            }
            (From::Other, alias)
        }
        TableFactor::Derived {
            subquery, alias, ..
        } => (
            From::Block(builder.subquery(block, Place::From, subquery)),
            alias,
        ),
        TableFactor::NestedJoin {
            table_with_joins, ..
        } => {
            joined(builder, block, table_with_joins, join);
            return;
        }
        _ => (From::Other, &None),
    };
    let source = aliased(from, alias.as_ref(), join);
    builder.block(block).sources.push(source);
}

fn aliased(from: From, alias: Option<&TableAlias>, join: Option<&'static str>) -> Source {
    let mut source = Source::of(from);
    source.join = join;
    if let Some(alias) = alias {
        source.alias = Some(names::ident(&alias.name));
        source.columns = alias
            .columns
            .iter()
            .map(|column| names::ident(&column.name))
            .collect();
    }
    source
}

fn call(builder: &mut Builder, block: usize, name: String, args: &[FunctionArg]) {
    builder.block(block).functions.push(name);
    for arg in args {
        if let FunctionArg::Named { arg, .. }
        | FunctionArg::ExprNamed { arg, .. }
        | FunctionArg::Unnamed(arg) = arg
            && let FunctionArgExpr::Expr(expr) = arg
        {
            expression(builder, block, expr);
        }
    }
}

/// Notes the columns of an expression.
pub(super) fn expression(builder: &mut Builder, block: usize, expr: &Expr) {
    let found = contents(builder, block, expr);
    builder.block(block).others.extend(found.columns);
}
