//! What is known of expressions without reading them: they are kept as text.

use std::ops::Range;

use super::builtin::{self, Builtin};
use super::cursor::Cursor;
use crate::parse::tokens::{TokenKind, tokenize};

/// The text of an expression as the server prints it inside of another one: what is more than one
/// operand stands in parentheses, and those around all of it are kept once.
pub(super) fn parenthesized(c: &mut Cursor, mut range: Range<usize>) -> String {
    let back = c.at();
    loop {
        c.go_to(range.start);
        match c.group() {
            Ok(within) if c.at() == range.end && !within.is_empty() => range = within,
            _ => break,
        }
    }
    let single = is_operand(c, range.clone());
    c.go_to(back);
    let text = c.expression(range);
    if single { text } else { format!("({text})") }
}

/// Whether the tokens are one constant, name, call, CASE or ARRAY, with casts and subscripts.
fn is_operand(c: &mut Cursor, range: Range<usize>) -> bool {
    c.go_to(range.start);
    if c.sees("case") {
        // Nothing comes after its END.
        return c.is_word(range.end - 1, "end");
    }
    if c.accept("array") {
        return c.sees_kind(TokenKind::LeftBracket) && {
            c.until(|c| !c.sees_kind(TokenKind::LeftBracket));
            casts(c, range.end)
        };
    }
    match c.kind() {
        Some(TokenKind::Number | TokenKind::String | TokenKind::BitString) => {
            c.take();
        }
        Some(TokenKind::LeftParen) => {
            if c.group().is_err() {
                return false;
            }
        }
        Some(TokenKind::Word) if c.sees("not") => return false,
        _ => {
            if c.name().is_err() {
                return false;
            }
            if c.sees_kind(TokenKind::LeftParen) && c.group().is_err() {
                return false;
            }
        }
    }
    casts(c, range.end)
}

fn casts(c: &mut Cursor, end: usize) -> bool {
    while c.accept_kind(TokenKind::Cast) {
        if super::type_name::type_name(c).is_err() {
            return false;
        }
    }
    c.at() == end
}

/// The name that an index gets from an expression.
pub(super) fn figure_name(c: &mut Cursor, mut range: Range<usize>) -> String {
    let back = c.at();
    let mut name = "expr".to_owned();
    loop {
        c.go_to(range.start);
        match c.group() {
            Ok(within) if c.at() == range.end && !within.is_empty() => range = within,
            _ => break,
        }
    }
    c.go_to(range.start);
    if c.sees("case") {
        "case".clone_into(&mut name);
    } else if c.sees_kind(TokenKind::LeftParen) {
        // (a)::type is named after a.
        if let Ok(within) = c.group()
            && within.len() == 1
            && casts(c, range.end)
        {
            c.go_to(within.start);
            name = c.ident().unwrap_or(name);
        }
    } else if let Ok(first) = c.name() {
        let called = c.sees_kind(TokenKind::LeftParen) && c.group().is_ok();
        if (called || c.at() < range.end) && casts(c, range.end) {
            name = first.name;
        }
    }
    c.go_to(back);
    name
}

/// Functions that are often indexed, and what they give.
const RETURNS: [(&str, &str); 15] = [
    ("btrim", "text"),
    ("concat", "text"),
    ("date_part", "float8"),
    ("initcap", "text"),
    ("left", "text"),
    ("length", "int4"),
    ("lower", "text"),
    ("md5", "text"),
    ("replace", "text"),
    ("reverse", "text"),
    ("substr", "text"),
    ("substring", "text"),
    ("to_tsvector", "tsvector"),
    ("trim", "text"),
    ("upper", "text"),
];

/// The type of an expression, where its outermost part tells: a cast, a call of a function that is
/// known, `->>`.
pub(super) fn type_of(text: &str) -> Option<&'static Builtin> {
    let mut text = text.trim();
    // The server prints no more than two around the whole.
    for _ in 0..2 {
        let within = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        if let Some(within) = within.filter(|_| closes_at_end(text)) {
            text = within.trim();
        }
    }
    let mut depth = 0_i32;
    let mut cast = None;
    let mut operators = Vec::new();
    for token in tokenize(text) {
        match token.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
            TokenKind::RightParen | TokenKind::RightBracket => depth -= 1,
            TokenKind::Cast if depth == 0 => cast = Some(token.end),
            TokenKind::Operator if depth == 0 => operators.push(token.text(text)),
            _ => {}
        }
    }
    match (operators.as_slice(), cast) {
        ([], Some(at)) => return builtin::printed(text[at..].trim()),
        (["->>" | "#>>" | "||"], _) => return builtin::find("text"),
        ([], None) => {}
        _ => return None,
    }
    let (name, rest) = text.split_once('(')?;
    let at = RETURNS
        .binary_search_by(|(known, _)| known.cmp(&name))
        .ok()?;
    rest.ends_with(')').then(|| builtin::find(RETURNS[at].1))?
}

fn closes_at_end(text: &str) -> bool {
    let mut depth = 0_i32;
    for token in tokenize(text) {
        match token.kind {
            TokenKind::LeftParen => depth += 1,
            TokenKind::RightParen => depth -= 1,
            _ => {}
        }
        if depth == 0 && token.end < text.len() {
            return false;
        }
    }
    true
}

/// The names that an expression may be made of.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let tokens = tokenize(text).into_iter();
    tokens.filter_map(move |token| match token.kind {
        TokenKind::Word => Some(token.text(text).to_ascii_lowercase()),
        TokenKind::QuotedIdent => Some(token.text(text).trim_matches('"').replace("\"\"", "\"")),
        _ => None,
    })
}
