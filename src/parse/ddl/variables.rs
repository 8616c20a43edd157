//! Variables of psql among the tokens of a statement.

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
