//! The shape of a statement without a syntax tree, by its tokens: the relations it names, plain
//! comparisons of a column with a value, and whether it has a LIMIT. All of it is put into one
//! block, so nothing that depends on which block says what may be built on it.

use super::names::column;
use super::shape::{Bound, Clause, Column, Condition, Kind, Operand, Shape, Source};
use crate::parse::keywords::{Category, Keyword};
use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, Token, TokenKind};

/// Comparisons that are kept: texts without a tree may be very long.
const CONDITIONS: usize = 200;

/// Reads what the tokens say.
pub(super) fn shape(kind: Kind, sql: &str) -> Shape {
    let mut shape = Shape::new(kind);
    let tokens: Vec<Token> = Lexer::new(sql, Options::default())
        .filter(|token| !token.is_trivia())
        .collect();
    let mut at = 0;
    while at < tokens.len() {
        let word = keyword(sql, &tokens, at);
        let block = &mut shape.blocks[0];
        match word {
            Some(
                Keyword::From | Keyword::Join | Keyword::Into | Keyword::Update | Keyword::Using,
            ) => {
                let written = matches!(word, Some(Keyword::Into | Keyword::Update))
                    || (kind == Kind::Delete && block.sources.is_empty());
                let (parts, next) = name(sql, &tokens, at + 1);
                let is_call = tokens
                    .get(next)
                    .is_some_and(|t| t.kind == TokenKind::LeftParen)
                    && word != Some(Keyword::Into);
                if let (Some(relation), false) = (relation(parts), is_call) {
                    let mut source = relation;
                    source.is_written = written;
                    source.alias = alias(sql, &tokens, next);
                    block.sources.push(source);
                }
                at = next.max(at + 1);
                continue;
            }
            Some(Keyword::Limit) => block.limit = Bound::Expression,
            Some(Keyword::Offset) => block.offset = Bound::Expression,
            _ => {}
        }
        if block.conditions.len() < CONDITIONS
            && let Some((condition, next)) = comparison(sql, &tokens, at)
        {
            block.conditions.push(condition);
            at = next;
        } else {
            at += 1;
        }
    }
    shape
}

fn keyword(sql: &str, tokens: &[Token], at: usize) -> Option<Keyword> {
    let token = tokens.get(at)?;
    (token.kind == TokenKind::Word).then(|| Keyword::find(token.text(sql)))?
}

/// A name with dots, and the token after it.
fn name(sql: &str, tokens: &[Token], mut at: usize) -> (Vec<String>, usize) {
    let mut parts = Vec::new();
    if keyword(sql, tokens, at) == Some(Keyword::Only) {
        at += 1;
    }
    while let Some(part) = tokens.get(at).and_then(|token| part(sql, token)) {
        parts.push(part);
        at += 1;
        if tokens
            .get(at)
            .is_none_or(|token| token.kind != TokenKind::Dot)
        {
            break;
        }
        at += 1;
    }
    (parts, at)
}

fn part(sql: &str, token: &Token) -> Option<String> {
    let text = token.text(sql);
    match token.kind {
        TokenKind::QuotedIdent => Some(text.trim_matches('"').replace("\"\"", "\"")),
        TokenKind::Word
            if Keyword::find(text).map(Keyword::category) != Some(Category::Reserved) =>
        {
            Some(text.to_ascii_lowercase())
        }
        _ => None,
    }
}

fn relation(mut parts: Vec<String>) -> Option<Source> {
    let name = parts.pop()?;
    Some(Source::relation(parts.pop(), name))
}

fn alias(sql: &str, tokens: &[Token], at: usize) -> Option<String> {
    let at = if keyword(sql, tokens, at) == Some(Keyword::As) {
        at + 1
    } else {
        at
    };
    let token = tokens.get(at)?;
    let is_name = token.kind == TokenKind::QuotedIdent || Keyword::find(token.text(sql)).is_none();
    if is_name { part(sql, token) } else { None }
}

/// `column operator value`, and the token after it.
fn comparison(sql: &str, tokens: &[Token], at: usize) -> Option<(Condition, usize)> {
    if at > 0 && tokens[at - 1].kind == TokenKind::Dot {
        return None;
    }
    let (parts, next) = name(sql, tokens, at);
    let operator = tokens.get(next)?.text(sql);
    if parts.is_empty() || !matches!(operator, "=" | "<" | ">" | "<=" | ">=" | "<>") {
        return None;
    }
    let value = tokens.get(next + 1)?;
    // More after the value would make it an expression.
    let ends = tokens.get(next + 2).is_none_or(|after| {
        matches!(
            after.kind,
            TokenKind::RightParen | TokenKind::Semicolon | TokenKind::Word
        )
    });
    let right = match value.kind {
        TokenKind::Param => Operand::Parameter,
        TokenKind::Number | TokenKind::String => Operand::Constant(None),
        _ => return None,
    };
    let condition = Condition {
        clause: Clause::Where,
        or: None,
        left: Operand::Column(named(parts)),
        operator: operator.to_owned(),
        right,
    };
    ends.then_some((condition, next + 2))
}

fn named(parts: Vec<String>) -> Column {
    column(parts)
}
