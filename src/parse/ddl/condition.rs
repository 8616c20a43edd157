//! Conditions, by their tokens: which rows they leave.

use std::ops::Range;

use super::cursor::Cursor;
use super::dml::Condition;
use super::query::is_reserved;
use crate::parse::tokens::TokenKind;

/// Reads a condition.
pub(super) fn condition(c: &mut Cursor, mut range: Range<usize>) -> Condition {
    let back = c.at();
    let mut read = Condition {
        text: Some(c.source(range.clone())),
        by_cursor: c.is_word(range.start, "current") && c.is_word(range.start + 1, "of"),
        ..Condition::default()
    };
    read.limited = is_limited(c, range.clone());
    names(c, range.clone(), &mut read);
    range = bare(c, range);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for part in conjuncts(c, range) {
        comparison(c, part, &mut read, &mut above, &mut below);
    }
    for column in above {
        if below.contains(&column) && !read.ranges.contains(&column) {
            read.ranges.push(column);
        }
    }
    c.go_to(back);
    read
}

/// Whether there is a `LIMIT` somewhere in these tokens.
pub(super) fn is_limited(c: &Cursor, range: Range<usize>) -> bool {
    range.into_iter().any(|at| {
        c.is_word(at, "limit") && !c.is_word(at + 1, "all") && !c.is_word(at + 1, "null")
            || c.is_word(at, "fetch") && (c.is_word(at + 1, "first") || c.is_word(at + 1, "next"))
    })
}

/// Words that are no columns and not reserved.
const PLAIN: [&str; 7] = [
    "is", "like", "ilike", "between", "exists", "similar", "escape",
];

/// Most names of columns that are kept.
const NAMES: usize = 100;

/// Names that may be columns: not before a parenthesis or dot, and not in a subquery.
fn names(c: &mut Cursor, range: Range<usize>, read: &mut Condition) {
    let mut at = range.start;
    while at < range.end {
        let kind = c.kind_at(at);
        if kind == Some(TokenKind::LeftParen)
            && (c.is_word(at + 1, "select") || c.is_word(at + 1, "with"))
        {
            at = c.closing(at) + 1;
            continue;
        }
        let named = matches!(kind, Some(TokenKind::Word | TokenKind::QuotedIdent));
        let before = matches!(
            c.kind_at(at + 1),
            Some(TokenKind::Dot | TokenKind::LeftParen | TokenKind::String)
        );
        let cast = at > 0 && c.kind_at(at - 1) == Some(TokenKind::Cast);
        if named && !before && !cast && !is_reserved(c, at) {
            c.go_to(at);
            if let Ok(name) = c.ident() {
                read.by_ctid |= name == "ctid";
                let plain = PLAIN.contains(&name.as_str());
                if !plain && read.columns.len() < NAMES && !read.columns.contains(&name) {
                    read.columns.push(name);
                }
            }
        }
        at += 1;
    }
}

/// Without parentheses around the whole.
fn bare(c: &mut Cursor, mut range: Range<usize>) -> Range<usize> {
    loop {
        c.go_to(range.start);
        match c.group() {
            Ok(within) if c.at() == range.end && !within.is_empty() => range = within,
            _ => return range,
        }
    }
}

/// Parts between `AND`; none where there is an `OR` beside them.
fn conjuncts(c: &mut Cursor, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut between = false;
    c.go_to(range.start);
    while c.at() < range.end {
        let mut wait = between;
        c.until(|c| c.at() >= range.end || c.sees_any(&["and", "or", "between"]));
        let at = c.at();
        if at >= range.end {
            break;
        }
        if c.sees("or") {
            return Vec::new();
        }
        if c.sees("between") {
            between = true;
        } else if c.sees("and") {
            if std::mem::take(&mut wait) {
                between = false;
            } else {
                parts.push(start..at);
                start = at + 1;
            }
        } else {
            // A parenthesis that closes nothing.
            break;
        }
        c.go_to(at + 1);
    }
    parts.push(start..range.end);
    parts
}

fn comparison(
    c: &mut Cursor,
    part: Range<usize>,
    read: &mut Condition,
    above: &mut Vec<String>,
    below: &mut Vec<String>,
) {
    let part = bare(c, part);
    let Some((column, next)) = column(c, part.start) else {
        // value operator column
        let operator =
            (part.start + 1..part.end).find(|at| c.kind_at(*at) == Some(TokenKind::Operator));
        if let Some(at) = operator
            && is_value(c, part.start..at)
            && let Some((column, next)) = self::column(c, at + 1)
            && next == part.end
        {
            match c.text_at(at) {
                "=" => push(&mut read.equals, column),
                "<" | "<=" => push(above, column),
                ">" | ">=" => push(below, column),
                _ => {}
            }
        }
        return;
    };
    if c.is_word(next, "between") {
        c.go_to(next + 1);
        c.accept("symmetric");
        let from = c.at();
        let low = c.until(|c| c.sees("and"));
        if c.accept("and") && is_value(c, from..low.end) && is_value(c, c.at()..part.end) {
            push(&mut read.ranges, column);
        }
        return;
    }
    if c.is_word(next, "in") {
        c.go_to(next + 1);
        if let Ok(list) = c.group()
            && !c.is_word(list.start, "select")
            && !c.is_word(list.start, "with")
            && is_value(c, list)
        {
            push(&mut read.equals, column);
        }
        return;
    }
    let operator = c.text_at(next);
    let mut value = next + 1..part.end;
    if operator == "=" && (c.is_word(value.start, "any") || c.is_word(value.start, "some")) {
        value.start += 1;
    }
    if c.kind_at(next) != Some(TokenKind::Operator) || !is_value(c, value) {
        return;
    }
    match operator {
        "=" => push(&mut read.equals, column),
        ">" | ">=" => push(above, column),
        "<" | "<=" => push(below, column),
        _ => {}
    }
}

fn push(list: &mut Vec<String>, column: String) {
    if !list.contains(&column) {
        list.push(column);
    }
}

/// A column, qualified or not, and the token after it.
fn column(c: &mut Cursor, at: usize) -> Option<(String, usize)> {
    let word = c.kind_at(at) == Some(TokenKind::Word);
    if word && (is_reserved(c, at) || c.kind_at(at + 1) == Some(TokenKind::String)) {
        return None;
    }
    c.go_to(at);
    let name = c.name().ok()?;
    if c.sees_kind(TokenKind::LeftParen) || c.sees_kind(TokenKind::LeftBracket) {
        return None;
    }
    Some((name.name, c.at()))
}

/// Whether no column stands in these tokens.
fn is_value(c: &Cursor, range: Range<usize>) -> bool {
    !range.is_empty()
        && range.into_iter().all(|at| match c.kind_at(at) {
            Some(TokenKind::QuotedIdent) => at > 0 && c.kind_at(at - 1) == Some(TokenKind::Cast),
            Some(TokenKind::Word) => {
                let typed = at > 0
                    && (c.kind_at(at - 1) == Some(TokenKind::Cast)
                        || c.is_word(at - 1, "zone")
                        || c.is_word(at - 1, "varying"));
                let called = matches!(
                    c.kind_at(at + 1),
                    Some(TokenKind::LeftParen | TokenKind::String | TokenKind::LeftBracket)
                );
                let known = [
                    "true",
                    "false",
                    "null",
                    "current_date",
                    "current_timestamp",
                    "localtimestamp",
                    "interval",
                    "array",
                    "with",
                    "without",
                    "time",
                    "zone",
                    "precision",
                    "varying",
                ];
                typed || called || known.iter().any(|word| c.is_word(at, word))
            }
            _ => true,
        })
}
