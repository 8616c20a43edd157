//! The statements of a body.

use std::ops::Range;

use super::plpgsql;
use super::text::{Body, BodyStatement};
use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, Token, TokenKind};

/// Reads the statements of a body. Of a language that is neither plpgsql nor sql there is one,
/// which is opaque.
pub fn statements(body: &Body, language: &str) -> Vec<BodyStatement> {
    match language {
        "plpgsql" => plpgsql::statements(body),
        "sql" => sql(body),
        _ => vec![BodyStatement {
            text: body.text.clone(),
            range: body.outer(0..body.text.len()),
            conditional: true,
            repeated: false,
            opaque: Some(format!("it is written in {language}")),
        }],
    }
}

/// The tokens of a text, without white space and comments.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let all = Lexer::new(text, Options::default());
    all.filter(|token| !token.is_trivia()).collect()
}

fn sql(body: &Body) -> Vec<BodyStatement> {
    let text = &body.text;
    let tokens = tokens(text);
    let word = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token: &Token| {
            token.kind == TokenKind::Word && token.text(text).eq_ignore_ascii_case(word)
        })
    };
    // BEGIN ATOMIC … END, or RETURN and an expression.
    let atomic = word(0, "begin") && word(1, "atomic");
    let mut start = if atomic { 2 } else { 0 };
    let mut end = tokens.len();
    if atomic && end > start && word(end - 1, "end") {
        end -= 1;
    }
    if word(0, "return") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut push = |range: Range<usize>| {
        if let (Some(first), Some(last)) = (
            tokens.get(range.start),
            range.end.checked_sub(1).and_then(|last| tokens.get(last)),
        ) && !range.is_empty()
        {
            let bytes = first.start..last.end;
            found.push(BodyStatement {
                text: text[bytes.clone()].to_owned(),
                range: body.outer(bytes),
                conditional: false,
                repeated: false,
                opaque: None,
            });
        }
    };
    let ends = (start..end).filter(|at| tokens[*at].kind == TokenKind::Semicolon);
    for at in ends.collect::<Vec<_>>() {
        push(start..at);
        start = at + 1;
    }
    push(start..end);
    found
}
