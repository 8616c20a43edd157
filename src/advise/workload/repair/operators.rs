//! Operators whose operands do not tell their types.

use std::ops::Range;

use super::message::{around, is_text};
use super::sql::Sql;
use crate::parse::TokenKind;

const MOMENTS: [&str; 5] = [
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
    "interval",
];
const WHOLE: [&str; 3] = ["smallint", "integer", "bigint"];

/// Several operators would do: `$1 + $2`, `date + $1`.
pub fn ambiguous(sql: &Sql<'_>, at: usize, message: &str) -> Option<String> {
    let operator = sql.word(at);
    let (left, right) = sides(sql, at);
    let (left_type, right_type) = around(message, operator).unwrap_or_default();
    let left = left.filter(|_| open(&left_type));
    let right = right.filter(|_| open(&right_type));
    // The one that is a value and nothing else comes first.
    let lone = |side: &Option<Range<usize>>| side.as_ref().is_some_and(|side| side.len() == 1);
    let (side, other) = match (left, right) {
        (Some(left), right) if right.is_none() || lone(&Some(left.clone())) => (left, &right_type),
        (_, Some(right)) => (right, &left_type),
        (Some(left), None) => (left, &right_type),
        (None, None) => return None,
    };
    sql.cast(&side, companion(operator, other))
}

/// No operator takes these types: `integer = text` where the text is made of parameters.
pub fn missing(sql: &Sql<'_>, at: usize, message: &str) -> Option<String> {
    let operator = sql.word(at);
    let (left_type, right_type) = around(message, operator)?;
    let (left, right) = sides(sql, at);
    if operator == "~~" || sql.level(at).is_none() {
        return None;
    }
    // `date <= integer`: what was taken off the date was a number, and the server took it for a date.
    let is_day = |name: &str| name == "date" || MOMENTS[..2].contains(&name);
    for (side, own, other) in [
        (&left, &left_type, &right_type),
        (&right, &right_type, &left_type),
    ] {
        if WHOLE.contains(&own.as_str())
            && is_day(other)
            && let Some(place) = side.as_ref().and_then(|side| taken_off(sql, side))
        {
            return sql.cast(&(place..place + 1), "integer");
        }
    }
    let is_sum = matches!(operator, "+" | "-" | "*" | "/" | "%" | "^");
    for (side, own, other) in [
        (right, &right_type, &left_type),
        (left, &left_type, &right_type),
    ] {
        let Some(side) = side else { continue };
        let is_number = own == "numeric" || WHOLE.contains(&own.as_str());
        if is_text(own) && !is_text(other) || is_text(own) && is_sum {
            let to = if is_sum {
                companion(operator, other).to_owned()
            } else {
                array_or_not(own, other)
            };
            return cast(sql, &side, &to, other);
        }
        if is_sum && is_number && other == "date" {
            return sql.cast(&side, "integer");
        }
        if is_sum && is_number && MOMENTS[..4].contains(&other.as_str()) {
            return sql.cast(&side, "interval");
        }
    }
    None
}

fn sides(sql: &Sql<'_>, at: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    (sql.left(at), sql.right(at))
}

/// Nothing tells what type the operand has.
fn open(name: &str) -> bool {
    name.is_empty() || name == "unknown"
}

/// The type that a value beside another operand had most likely.
fn companion(operator: &str, other: &str) -> &'static str {
    match operator {
        "+" | "-" if other == "date" => "integer",
        "+" | "-" if MOMENTS.contains(&other) => "interval",
        "+" | "-" | "*" | "/" | "%" | "^" | "&" | "|" | "#" | "<<" | ">>" => {
            if matches!(operator, "&" | "|" | "#" | "<<" | ">>") {
                "integer"
            } else {
                "numeric"
            }
        }
        _ => "text",
    }
}

/// An array of texts is cast to an array.
fn array_or_not(own: &str, other: &str) -> String {
    if own.ends_with("[]") && !other.ends_with("[]") {
        format!("{other}[]")
    } else {
        other.to_owned()
    }
}

/// Casts an operand; of ANY and ALL what stands in their parentheses.
fn cast(sql: &Sql<'_>, side: &Range<usize>, to: &str, other: &str) -> Option<String> {
    if !sql.is_any(side.start, &["any", "all", "some"]) {
        return sql.cast(side, to);
    }
    let open = side.start + 1;
    let close = sql.closing(open)?;
    if sql.is_any(open + 1, &["select", "with", "values"]) {
        return None;
    }
    sql.cast(&(open + 1..close), &format!("{other}[]"))
}

/// The value that is taken off, or added, in an operand.
fn taken_off(sql: &Sql<'_>, side: &Range<usize>) -> Option<usize> {
    (side.start + 1..side.end).find(|at| {
        sql.is_value(*at)
            && sql.is(at - 1, TokenKind::Operator)
            && matches!(sql.word(at - 1), "-" | "+")
    })
}
