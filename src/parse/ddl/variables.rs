//! Variables of psql, and placeholders of migration tools, among the tokens of a statement.

use crate::parse::tokens::{Token, TokenKind};

/// Tokens in which a variable of psql (`:name`, `:'name'`, `:"name"`) is one token, of the kind
/// that it stands for. In brackets a colon is part of a slice.
pub(super) fn variables(all: impl Iterator<Item = Token>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut brackets = 0_usize;
    for token in all {
        match token.kind {
            TokenKind::LeftBracket => brackets += 1,
            TokenKind::RightBracket => brackets = brackets.saturating_sub(1),
            TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String if brackets == 0 => {
                if let Some(colon) = tokens.last_mut()
                    && colon.kind == TokenKind::Colon
                    && colon.end == token.start
                {
                    *colon = Token {
                        start: colon.start,
                        ..token
                    };
                    continue;
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    tokens
}

/// Tokens in which a placeholder that a tool fills before the server sees the text (`${name}` of
/// Flyway and Liquibase, `{{ … }}` of templates) is one name, with what touches it behind.
pub(super) fn placeholders(sql: &str, all: Vec<Token>) -> Vec<Token> {
    if !sql.contains("${") && !sql.contains("{{") {
        return all;
    }
    let mut tokens: Vec<Token> = Vec::with_capacity(all.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let mut joined = *token;
        let mut next = at + 1;
        if let Some(end) = placeholder(sql, &all, at) {
            joined.kind = TokenKind::QuotedIdent;
            next = end;
            while let Some(end) = placeholder(sql, &all, next).or_else(|| {
                let is_word = |token: &Token| token.kind == TokenKind::Word;
                all.get(next).is_some_and(is_word).then_some(next + 1)
            }) && touches(&all, next)
            {
                next = end;
            }
            joined.end = all.get(next - 1).map_or(joined.end, |last| last.end);
        }
        tokens.push(joined);
        at = next;
    }
    tokens
}

/// The place behind the placeholder that begins here; it ends in its line.
fn placeholder(sql: &str, all: &[Token], at: usize) -> Option<usize> {
    let is = |place: usize, text: &str| all.get(place).is_some_and(|token| token.text(sql) == text);
    let first = all.get(at)?;
    let line = sql.get(first.start..)?.lines().next()?.len();
    // Quotes within quotes: `"{{ index .Options "Namespace" }}"`.
    if first.text(sql).starts_with("\"{{") && !first.text(sql).contains("}}") {
        let end = first.start + sql.get(first.start..first.start + line)?.find("}}\"")? + 3;
        let last = all.get(at..)?.iter().position(|token| token.end == end)?;
        return Some(at + last + 1);
    }
    if !is(at + 1, "{") || !touches(all, at + 1) {
        return None;
    }
    let is_double = first.text(sql) == "{";
    let words = [TokenKind::Word, TokenKind::Other];
    if !(is_double || words.contains(&first.kind) && first.text(sql).ends_with('$')) {
        return None;
    }
    let ends = |place: &usize| {
        is(*place, "}") && (!is_double || is(place + 1, "}") && touches(all, place + 1))
    };
    let end = (at + 2..all.len()).find(ends)? + 1 + usize::from(is_double);
    let last = all.get(end - 1)?;
    (last.end <= first.start + line).then_some(end)
}

/// Whether nothing stands between a token and the one before it.
fn touches(all: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| all.get(before));
    before
        .zip(all.get(at))
        .is_some_and(|(before, token)| before.end == token.start)
}
