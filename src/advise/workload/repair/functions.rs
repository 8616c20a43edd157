//! Functions whose arguments do not tell their types.

use std::ops::Range;

use super::message::{arguments, is_text};
use super::sql::Sql;
use crate::parse::TokenKind;

/// Functions of truth values.
const TRUTH: [&str; 3] = ["bool_and", "bool_or", "every"];
/// Functions that take a moment as their last argument.
const MOMENT: [&str; 5] = ["date_trunc", "date_part", "age", "extract", "date_bin"];

/// Several functions would do: `sum($1)`, `generate_series($1, $2)`.
pub fn ambiguous(sql: &Sql<'_>, at: usize, message: &str) -> Option<String> {
    let open = sql.call(at)?;
    let name = sql.word(open - 1).to_ascii_lowercase();
    let values = sql.arguments(open)?;
    let types = arguments(message, &name).unwrap_or_default();
    let moment = types
        .iter()
        .find(|name| name.starts_with("timestamp") || *name == "date");
    let mut edits = Vec::new();
    for (place, argument) in values.iter().enumerate() {
        let is_open = types.get(place).is_none_or(|name| name == "unknown");
        if !is_open || !has_value(sql, argument) {
            continue;
        }
        let to = match (name.as_str(), moment) {
            ("generate_series", Some(_)) if place == 2 => "interval",
            ("generate_series", Some(moment)) => moment,
            ("generate_series", None) => "integer",
            ("unnest", _) => "text[]",
            (name, _) if MOMENT.contains(&name) => {
                if place == 0 && name != "age" {
                    "text"
                } else {
                    "timestamp with time zone"
                }
            }
            _ => "numeric",
        };
        edits.extend(sql.casting(argument, &as_array(sql, argument, to)));
    }
    sql.edited(&edits)
}

/// No function takes these types: `sum(text)` where the text is a CASE of parameters.
pub fn missing(sql: &Sql<'_>, at: usize, message: &str) -> Option<String> {
    let open = sql.call(at)?;
    let name = sql.word(open - 1).to_ascii_lowercase();
    let values = sql.arguments(open)?;
    let types = arguments(message, &name)?;
    let mut edits = Vec::new();
    for (argument, given) in values.iter().zip(&types) {
        if !is_text(given) {
            continue;
        }
        // Not the DISTINCT of an aggregate.
        let begin = argument.start + usize::from(sql.is_any(argument.start, &["distinct", "all"]));
        let to = if TRUTH.contains(&name.as_str()) {
            "boolean"
        } else if MOMENT.contains(&name.as_str()) {
            if argument.start == open + 1 && values.len() > 1 {
                continue;
            }
            "timestamp with time zone"
        } else {
            "numeric"
        };
        if has_value(sql, argument) {
            let tokens = begin..argument.end;
            edits.extend(sql.casting(&tokens, &as_array(sql, &tokens, to)));
        }
    }
    sql.edited(&edits)
}

/// An array of values is cast to an array.
fn as_array(sql: &Sql<'_>, argument: &Range<usize>, to: &str) -> String {
    let is_array = sql.is_word(argument.start, "array") && !to.ends_with("[]");
    format!("{to}{}", if is_array { "[]" } else { "" })
}

/// Whether a parameter, or what stands in the place of one, is among tokens.
fn has_value(sql: &Sql<'_>, tokens: &Range<usize>) -> bool {
    let mut names = tokens.clone().filter(|at| {
        sql.is_value(*at) || sql.is(*at, TokenKind::Word) || sql.is(*at, TokenKind::QuotedIdent)
    });
    names.next().is_some()
}
