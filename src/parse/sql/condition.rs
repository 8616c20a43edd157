//! WHERE, ON and HAVING as a list of comparisons.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::builder::Builder;
use super::operand::{bare, contents, operand, sql};
use super::shape::{Clause, Condition, Operand, Place};

/// Where a condition stands.
#[derive(Clone, Copy)]
struct At {
    block: usize,
    clause: Clause,
    or: Option<(usize, usize)>,
}

/// Adds the comparisons of a condition to a block.
pub(super) fn read(builder: &mut Builder, block: usize, clause: Clause, condition: &Expr) {
    let at = At {
        block,
        clause,
        or: None,
    };
    let mut open = vec![(condition, at)];
    // A list in place of recursion: ORs may be 100,000 deep.
    while let Some((expr, at)) = open.pop() {
        match bare(expr) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                open.extend([(&**right, at), (&**left, at)]);
            }
            or @ Expr::BinaryOp {
                op: BinaryOperator::Or,
                ..
            } => {
                let arms = arms(or);
                let group = builder.ors;
                builder.ors += usize::from(at.or.is_none());
                for (arm, expr) in arms.into_iter().enumerate().rev() {
                    let or = at.or.or(Some((group, arm)));
                    open.push((expr, At { or, ..at }));
                }
            }
            simple => one(builder, at, simple, false),
        }
    }
}

/// The arms of an OR, of those directly below it too.
fn arms(or: &Expr) -> Vec<&Expr> {
    let mut arms = Vec::new();
    let mut open = vec![or];
    while let Some(expr) = open.pop() {
        match bare(expr) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Or,
                right,
            } => {
                open.extend([&**right, &**left]);
            }
            arm => arms.push(arm),
        }
    }
    arms
}

#[expect(clippy::too_many_lines, reason = "an arm for each form")]
fn one(builder: &mut Builder, at: At, expr: &Expr, not: bool) {
    match bare(expr) {
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => one(builder, at, expr, !not),
        Expr::BinaryOp { left, op, right } if is_comparison(op) => {
            compare(builder, at, left, &word(op), right, not);
        }
        Expr::IsNull(expr) => alone(
            builder,
            at,
            expr,
            if not { "is not null" } else { "is null" },
        ),
        Expr::IsNotNull(expr) => {
            alone(
                builder,
                at,
                expr,
                if not { "is null" } else { "is not null" },
            );
        }
        Expr::IsTrue(expr) | Expr::IsNotFalse(expr) => {
            alone(
                builder,
                at,
                expr,
                if not { "is not true" } else { "is true" },
            );
        }
        Expr::IsFalse(expr) | Expr::IsNotTrue(expr) => {
            alone(
                builder,
                at,
                expr,
                if not { "is not false" } else { "is false" },
            );
        }
        Expr::IsDistinctFrom(left, right) => {
            compare(
                builder,
                at,
                left,
                if not {
                    "is not distinct from"
                } else {
                    "is distinct from"
                },
                right,
                false,
            );
        }
        Expr::IsNotDistinctFrom(left, right) => {
            compare(
                builder,
                at,
                left,
                if not {
                    "is distinct from"
                } else {
                    "is not distinct from"
                },
                right,
                false,
            );
        }
        Expr::InList {
            expr,
            list,
            negated,
        } => {
            let all: Vec<_> = list
                .iter()
                .map(|item| contents(builder, at.block, item))
                .collect();
            let right = if all
                .iter()
                .all(|item| item.columns.is_empty() && item.blocks.is_empty())
            {
                Operand::List(Some(list.len()))
            } else {
                let columns = all.into_iter().flat_map(|item| item.columns).collect();
                Operand::Expression { columns, sql: None }
            };
            sides(builder, at, expr, "in", right, *negated != not);
        }
        Expr::InSubquery {
            expr,
            subquery,
            negated,
        } => {
            let block = builder.subquery(at.block, Place::In, subquery);
            builder.block(block).is_negated = *negated != not;
            sides(
                builder,
                at,
                expr,
                "in",
                Operand::Block(block),
                *negated != not,
            );
        }
        Expr::Exists { subquery, negated } => {
            let block = builder.subquery(at.block, Place::Exists, subquery);
            builder.block(block).is_negated = *negated != not;
            push(
                builder,
                at,
                Operand::None,
                operator("exists", *negated != not),
                Operand::Block(block),
            );
        }
        Expr::Between {
            expr,
            negated,
            low,
            high,
        } => {
            let (low, high) = (
                contents(builder, at.block, low),
                contents(builder, at.block, high),
            );
            let right = if low.columns.is_empty() && high.columns.is_empty() {
                if low.has_parameter || high.has_parameter {
                    Operand::Parameter
                } else {
                    Operand::Constant(None)
                }
            } else {
                let columns = low.columns.into_iter().chain(high.columns).collect();
                Operand::Expression { columns, sql: None }
            };
            sides(builder, at, expr, "between", right, *negated != not);
        }
        Expr::Like {
            negated,
            expr,
            pattern,
            ..
        } => {
            compare(builder, at, expr, "like", pattern, *negated != not);
        }
        Expr::ILike {
            negated,
            expr,
            pattern,
            ..
        } => {
            compare(builder, at, expr, "ilike", pattern, *negated != not);
        }
        Expr::SimilarTo {
            negated,
            expr,
            pattern,
            ..
        } => {
            compare(builder, at, expr, "similar to", pattern, *negated != not);
        }
        Expr::AnyOp {
            left,
            compare_op,
            right,
            ..
        } => any(builder, at, left, compare_op, right, not),
        Expr::AllOp {
            left,
            compare_op,
            right,
            ..
        } => {
            let name = format!("{} all", word(compare_op));
            compare(builder, at, left, &name, right, not);
        }
        column @ (Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => {
            alone(
                builder,
                at,
                column,
                if not { "is false" } else { "is true" },
            );
        }
        other => {
            let found = contents(builder, at.block, other);
            let sql = sql(other, &found);
            let left = Operand::Expression {
                columns: found.columns,
                sql,
            };
            push(
                builder,
                at,
                left,
                operator("expression", not),
                Operand::None,
            );
        }
    }
}

/// `= ANY (list)` is IN by another name.
fn any(builder: &mut Builder, at: At, left: &Expr, op: &BinaryOperator, right: &Expr, not: bool) {
    let name = match word(op).as_str() {
        "=" => "in".to_owned(),
        other => format!("{other} any"),
    };
    let right = match operand(builder, at.block, right) {
        Operand::Parameter | Operand::Constant(_) => Operand::List(None),
        Operand::Block(block) => {
            builder.block(block).place = Place::In;
            Operand::Block(block)
        }
        other => other,
    };
    // A row may also hold the list: `$1 = ANY (tags)`.
    sides(builder, at, left, &name, right, not);
}

fn compare(builder: &mut Builder, at: At, left: &Expr, op: &str, right: &Expr, not: bool) {
    if let (Expr::Tuple(lefts), Expr::Tuple(rights)) = (bare(left), bare(right))
        && lefts.len() == rights.len()
        && !lefts.is_empty()
    {
        // Rows are equal when all columns are; for other comparisons the first column counts.
        let all = op == "=" && !not;
        for (left, right) in lefts
            .iter()
            .zip(rights)
            .take(if all { lefts.len() } else { 1 })
        {
            compare(builder, at, left, op, right, not);
        }
        if !all {
            for expr in lefts.iter().chain(rights).skip(1) {
                super::from::expression(builder, at.block, expr);
            }
        }
        return;
    }
    let right = operand(builder, at.block, right);
    sides(builder, at, left, op, right, not);
}

fn sides(builder: &mut Builder, at: At, left: &Expr, op: &str, right: Operand, not: bool) {
    let written_out = op.strip_prefix("operator(pg_catalog.");
    let op = written_out.map_or(op, |op| op.trim_end_matches(')'));
    let left = operand(builder, at.block, left);
    // The column to the left.
    let has_column = |side: &Operand| matches!(side, Operand::Column(_) | Operand::Wrapped(_));
    let swapped = match op {
        "=" | "<>" | "is distinct from" | "is not distinct from" => Some(op),
        "<" => Some(">"),
        ">" => Some("<"),
        "<=" => Some(">="),
        ">=" => Some("<="),
        "<@" => Some("@>"),
        "@>" => Some("<@"),
        "&&" => Some("&&"),
        _ => None,
    };
    match swapped {
        Some(swapped) if !has_column(&left) && has_column(&right) => {
            push(builder, at, right, operator(swapped, not), left);
        }
        _ => push(builder, at, left, operator(op, not), right),
    }
}

fn alone(builder: &mut Builder, at: At, expr: &Expr, op: &str) {
    let left = operand(builder, at.block, expr);
    push(builder, at, left, op.to_owned(), Operand::None);
}

fn push(builder: &mut Builder, at: At, left: Operand, operator: String, right: Operand) {
    let condition = Condition {
        clause: at.clause,
        or: at.or,
        left,
        operator,
        right,
    };
    builder.block(at.block).conditions.push(condition);
}

fn operator(op: &str, not: bool) -> String {
    match (op, not) {
        (_, false) => op.to_owned(),
        ("=", _) => "<>".to_owned(),
        ("<>", _) => "=".to_owned(),
        ("<", _) => ">=".to_owned(),
        (">", _) => "<=".to_owned(),
        ("<=", _) => ">".to_owned(),
        (">=", _) => "<".to_owned(),
        _ => format!("not {op}"),
    }
}

fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator as B;
    !matches!(
        op,
        B::And
            | B::Or
            | B::Xor
            | B::Plus
            | B::Minus
            | B::Multiply
            | B::Divide
            | B::Modulo
            | B::StringConcat
            | B::Arrow
            | B::LongArrow
            | B::HashArrow
            | B::HashLongArrow
    )
}

fn word(op: &BinaryOperator) -> String {
    match op {
        BinaryOperator::PGLikeMatch => "like".to_owned(),
        BinaryOperator::PGILikeMatch => "ilike".to_owned(),
        BinaryOperator::PGNotLikeMatch => "not like".to_owned(),
        BinaryOperator::PGNotILikeMatch => "not ilike".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}
