//! What `EXECUTE` runs, where it is made of constants only.

use crate::facts::quote;
use crate::parse::tokens::{Token, TokenKind};

/// What an expression gives.
pub(super) enum Executed {
    /// This text; and the byte at which it stands as it is, if it does.
    Known(String, Option<usize>),
    /// Not known, and why.
    Opaque(String),
}

/// Reads an expression of text.
pub(super) fn read(text: &str, mut tokens: &[Token]) -> Executed {
    while let [open, within @ .., close] = tokens
        && open.kind == TokenKind::LeftParen
        && close.kind == TokenKind::RightParen
        && balanced(within)
    {
        tokens = within;
    }
    if let [only] = tokens
        && let Some((value, verbatim)) = constant(text, only)
    {
        return Executed::Known(value, verbatim);
    }
    let mut whole = String::new();
    for part in split(tokens, |token| {
        token.kind == TokenKind::Operator && token.text(text) == "||"
    }) {
        if let Some(value) = value(text, part) {
            whole.push_str(&value);
            continue;
        }
        let source = match (part.first(), part.last()) {
            (Some(first), Some(last)) => &text[first.start..last.end],
            _ => "nothing",
        };
        let source: String = source.chars().take(60).collect();
        return Executed::Opaque(format!("{source} is not known before it runs"));
    }
    Executed::Known(whole, None)
}

fn balanced(tokens: &[Token]) -> bool {
    let mut depth = 0_i64;
    for token in tokens {
        match token.kind {
            TokenKind::LeftParen => depth += 1,
            TokenKind::RightParen => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Parts between tokens that separate, outside parentheses.
fn split(tokens: &[Token], separates: impl Fn(&Token) -> bool) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_i64);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
            TokenKind::RightParen | TokenKind::RightBracket => depth -= 1,
            _ if depth == 0 && separates(token) => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// A constant, and the byte at which it stands as it is.
fn constant(text: &str, token: &Token) -> Option<(String, Option<usize>)> {
    let source = token.text(text);
    match token.kind {
        TokenKind::DollarString => {
            let tag = source[1..].find('$')? + 2;
            let within = source.get(tag..source.len().checked_sub(tag)?)?;
            Some((within.to_owned(), Some(token.start + tag)))
        }
        TokenKind::String => {
            let open = source.find('\'')?;
            let within = source.get(open + 1..source.len().checked_sub(1)?)?;
            let escapes = source.starts_with(['e', 'E']) && within.contains('\\');
            if escapes || source.starts_with(['u', 'U']) {
                return None;
            }
            let verbatim = (!within.contains('\'')).then_some(token.start + open + 1);
            Some((within.replace("''", "'"), verbatim))
        }
        _ => None,
    }
}

/// A constant, or a function of constants that makes text of SQL.
fn value(text: &str, tokens: &[Token]) -> Option<String> {
    match tokens {
        [only] => constant(text, only).map(|(value, _)| value),
        [name, open, within @ .., close]
            if open.kind == TokenKind::LeftParen
                && close.kind == TokenKind::RightParen
                && balanced(within) =>
        {
            let arguments = split(within, |token| token.kind == TokenKind::Comma);
            let values: Option<Vec<String>> = arguments
                .into_iter()
                .map(|argument| value(text, argument))
                .collect();
            let values = values?;
            match (
                name.text(text).to_ascii_lowercase().as_str(),
                values.as_slice(),
            ) {
                ("format", [format, rest @ ..]) => formatted(format, rest),
                ("quote_ident", [name]) => Some(quote::ident(name)),
                ("quote_literal", [value]) => Some(literal(value)),
                ("concat", parts) => Some(parts.concat()),
                _ => None,
            }
        }
        // A cast to text changes nothing.
        [first, cast, _type] if cast.kind == TokenKind::Cast => {
            constant(text, first).map(|(value, _)| value)
        }
        _ => None,
    }
}

fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// What `format` makes of constants; only `%s`, `%I`, `%L`, with or without a place, and `%%`.
fn formatted(format: &str, values: &[String]) -> Option<String> {
    let mut made = String::with_capacity(format.len());
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            made.push('%');
            rest = after;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let place: usize = rest[..digits].parse().ok()?;
            next = place.checked_sub(1)?;
            rest = rest[digits..].strip_prefix('$')?;
        }
        let value = values.get(next)?;
        next += 1;
        match rest.bytes().next()? {
            b's' => made.push_str(value),
            b'I' => made.push_str(&quote::ident(value)),
            b'L' => made.push_str(&literal(value)),
            _ => return None,
        }
        rest = &rest[1..];
    }
    made.push_str(rest);
    Some(made)
}
