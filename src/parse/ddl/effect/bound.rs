//! Whether checks of a table say what the bound of a partition demands.

use std::cmp::Ordering;

use super::proof;
use crate::parse::ddl::catalog::Relation;
use crate::parse::ddl::cursor::Cursor;
use crate::parse::tokens::TokenKind;

/// Whether something is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Not enough is known of the table.
    Unknown,
}

/// The bound of a partition of one key column.
enum Bound {
    /// From and to; none where there is no end.
    Range(Option<String>, Option<String>),
    List(Vec<String>),
}

/// A condition on a column.
struct Limit {
    operator: &'static str,
    values: Vec<String>,
}

/// Whether validated checks of a table say what a bound demands, so that it is not read.
pub(super) fn proves(relation: &Relation, key: Option<&str>, said: &str) -> Proof {
    let parts = proof::conjuncts_of(relation);
    let Some(bound) = read(said) else {
        return if relation.implied || key.is_none() {
            Proof::Unknown
        } else {
            Proof::No
        };
    };
    let Some(key) = key else {
        // Which column is the key is not known: a check with the bounds is on it.
        let columns = parts
            .iter()
            .filter_map(|part| Cursor::new(part).ident().ok());
        let proven = columns
            .map(|column| of_column(relation, &parts, &column, &bound))
            .any(|proof| proof == Proof::Yes);
        return if proven { Proof::Yes } else { Proof::Unknown };
    };
    match key_column(key) {
        Some(column) => of_column(relation, &parts, &column, &bound),
        None if relation.implied => Proof::Unknown,
        None => Proof::No,
    }
}

/// The same where the key is this column.
fn of_column(relation: &Relation, parts: &[String], column: &str, bound: &Bound) -> Proof {
    let known = relation.columns.get(column);
    let not_null = known.is_some_and(|column| column.not_null && !column.not_null_invalid)
        || proof::not_null(relation, column)
        // Of a table that nothing is known of a check with the bounds is taken for the whole proof.
        || relation.implied;
    let limits: Vec<Limit> = parts.iter().flat_map(|part| limits(part, column)).collect();
    let above = |from: &String| {
        limits.iter().any(|limit| match limit.operator {
            ">=" | ">" | "=" => limit.values.iter().all(|v| at_least(v, from)),
            _ => false,
        })
    };
    let under = |to: &String| {
        limits.iter().any(|limit| match limit.operator {
            "<" => limit.values.iter().all(|v| at_least(to, v)),
            "<=" | "=" => limit.values.iter().all(|v| at_least(to, v) && v != to),
            _ => false,
        })
    };
    let holds = match bound {
        Bound::Range(from, to) => from.as_ref().is_none_or(above) && to.as_ref().is_none_or(under),
        Bound::List(list) => limits.iter().any(|limit| {
            limit.operator == "=" && limit.values.iter().all(|value| list.contains(value))
        }),
    };
    let holds = holds
        && (not_null || matches!(bound, Bound::List(list) if list.iter().any(|v| v == "null")));
    match (holds, relation.implied) {
        (true, _) => Proof::Yes,
        (false, true) => Proof::Unknown,
        (false, false) => Proof::No,
    }
}

/// Whether validated checks of a default partition say that it has no rows of a new bound.
pub(super) fn refutes(relation: &Relation, key: Option<&str>, said: &str) -> bool {
    let Some((column, bound)) = key.and_then(key_column).zip(read(said)) else {
        return false;
    };
    let parts = proof::conjuncts_of(relation);
    parts.iter().any(|part| {
        let alternatives = alternatives(part);
        alternatives.iter().all(|alternative| {
            let mut conjuncts = Vec::new();
            proof::conjuncts(alternative, &mut conjuncts);
            let mut found = conjuncts.iter().flat_map(|part| limits(part, &column));
            found.any(|limit| outside(&limit, &bound))
        })
    })
}

fn outside(limit: &Limit, bound: &Bound) -> bool {
    match (bound, limit.operator) {
        (Bound::Range(Some(from), _), "<") => limit.values.iter().all(|v| at_least(from, v)),
        (Bound::Range(_, Some(to)), ">=" | ">") => limit.values.iter().all(|v| at_least(v, to)),
        (Bound::List(list), "=") => limit.values.iter().all(|value| !list.contains(value)),
        (Bound::List(list), "<>") => list.iter().all(|value| limit.values.contains(value)),
        _ => false,
    }
}

/// The parts of an expression that OR joins.
fn alternatives(text: &str) -> Vec<String> {
    let mut c = Cursor::new(text);
    let mut found = Vec::new();
    loop {
        let range = c.until(|c| c.sees("or"));
        found.push(c.source(range));
        if !c.accept("or") {
            return found;
        }
    }
}

/// The column of a partition key that has one only.
fn key_column(key: &str) -> Option<String> {
    let open = key.find('(')?;
    let within = key.get(open + 1..key.rfind(')')?)?;
    let mut c = Cursor::new(within);
    let column = c.ident().ok()?;
    c.is_at_end().then_some(column)
}

fn read(said: &str) -> Option<Bound> {
    let mut cursor = Cursor::new(said);
    let c = &mut cursor;
    if !c.accept("for values") {
        return None;
    }
    if c.accept("in") {
        let list = c.group().ok()?;
        let parts = c.parts(list);
        let values = parts.into_iter().map(|part| value(&c.source(part)));
        return values.collect::<Option<Vec<_>>>().map(Bound::List);
    }
    c.accept("from").then_some(())?;
    let from = end(c)?;
    c.accept("to").then_some(())?;
    let to = end(c)?;
    Some(Bound::Range(from, to))
}

/// One end of a range of one column; within: none where there is no end.
#[allow(clippy::option_option, reason = "not read, and no end, are two things")]
fn end(c: &mut Cursor) -> Option<Option<String>> {
    let list = c.group().ok()?;
    let parts = c.parts(list);
    let [part] = parts.as_slice() else {
        return None;
    };
    let text = c.source(part.clone());
    if text.eq_ignore_ascii_case("minvalue") || text.eq_ignore_ascii_case("maxvalue") {
        return Some(None);
    }
    value(&text).map(Some)
}

/// A constant without its quotes and casts.
fn value(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(text);
    let c = &mut cursor;
    let mut parentheses = 0;
    while c.accept_kind(TokenKind::LeftParen) {
        parentheses += 1;
    }
    let minus = c.text_at(c.at()) == "-";
    if minus {
        c.take();
    }
    // date '2020-01-01'
    if c.kind() == Some(TokenKind::Word) && c.kind_at(c.at() + 1) == Some(TokenKind::String) {
        c.take();
    }
    let value = match c.kind()? {
        TokenKind::String => c.string().ok()?,
        TokenKind::Number => c.take().to_owned(),
        TokenKind::Word if c.sees_any(&["null", "true", "false"]) => c.take().to_ascii_lowercase(),
        _ => return None,
    };
    for _ in 0..parentheses {
        if !c.accept_kind(TokenKind::RightParen) {
            cast(c);
            c.accept_kind(TokenKind::RightParen).then_some(())?;
        }
    }
    cast(c);
    c.is_at_end()
        .then(|| if minus { format!("-{value}") } else { value })
}

fn cast(c: &mut Cursor) {
    if c.accept_kind(TokenKind::Cast) {
        let _ = crate::parse::ddl::type_name::type_name(c);
    }
}

/// What a part of a check says of a column.
fn limits(text: &str, column: &str) -> Vec<Limit> {
    one_limit(text, column).unwrap_or_default()
}

fn one_limit(text: &str, column: &str) -> Option<Vec<Limit>> {
    let mut cursor = Cursor::new(text);
    let c = &mut cursor;
    let open = c.accept_kind(TokenKind::LeftParen);
    let named = c.ident().ok()?;
    (named == column).then_some(())?;
    cast(c);
    if open {
        c.accept_kind(TokenKind::RightParen).then_some(())?;
        cast(c);
    }
    if c.accept("between") {
        let low = c.until(|c| c.sees("and"));
        let low = value(&c.source(low))?;
        c.accept("and").then_some(())?;
        let high = c.until(|_| false);
        let high = value(&c.source(high))?;
        return Some(vec![
            Limit {
                operator: ">=",
                values: vec![low],
            },
            Limit {
                operator: "<=",
                values: vec![high],
            },
        ]);
    }
    if c.accept("in") {
        let list = c.group().ok()?;
        let parts = c.parts(list);
        let values = parts.into_iter().map(|part| value(&c.source(part)));
        let values = values.collect::<Option<Vec<_>>>()?;
        return Some(vec![Limit {
            operator: "=",
            values,
        }]);
    }
    let operator = match c.take() {
        ">=" => ">=",
        ">" => ">",
        "<=" => "<=",
        "<" => "<",
        "=" => "=",
        "<>" | "!=" => "<>",
        _ => return None,
    };
    let rest = c.until(|_| false);
    let value = value(&c.source(rest))?;
    Some(vec![Limit {
        operator,
        values: vec![value],
    }])
}

/// Whether one constant is at least another, as far as their writing tells.
fn at_least(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if let (Ok(one), Ok(other)) = (one.parse::<i64>(), other.parse::<i64>()) {
        return one >= other;
    }
    let dated = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[0].is_ascii_digit()
    };
    let zoned = |text: &str| {
        text.get(10..)
            .is_some_and(|rest| rest.contains(['+', '-', 'Z']))
    };
    if dated(one) && dated(other) && !zoned(one) && !zoned(other) {
        let pad = |text: &str| format!("{} 00:00:00", &text[..10]);
        let full = |text: &str| {
            if text.len() == 10 {
                pad(text)
            } else {
                text.replace('T', " ")
            }
        };
        return full(one).cmp(&full(other)) != Ordering::Less;
    }
    false
}
