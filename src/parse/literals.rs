//! What the literals of a statement say before they are redacted.

use super::lexer::Lexer;
use super::lists::longest_list;
use super::tokens::{Options, Token, TokenKind};

/// Figures that rules need and that tell nothing of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literals {
    /// As [`longest_list`] says.
    pub longest_list: Option<usize>,
    /// The largest number after OFFSET, in rows; `None` where no number stands there.
    pub largest_offset: Option<u64>,
    /// A pattern of LIKE or ILIKE begins with `%` or `_`.
    pub has_leading_wildcard: bool,
}

/// Reads the literals of a statement.
pub fn literals(sql: &str) -> Literals {
    let mut seen = Literals {
        longest_list: longest_list(sql),
        largest_offset: None,
        has_leading_wildcard: false,
    };
    let mut before: Option<Token> = None;
    for token in Lexer::new(sql, Options::default()).filter(|token| !token.is_trivia()) {
        let after = before.map_or("", |before| before.text(sql));
        let text = token.text(sql);
        match token.kind {
            TokenKind::Number if after.eq_ignore_ascii_case("offset") => {
                seen.largest_offset = seen.largest_offset.max(text.parse().ok());
            }
            TokenKind::String if is_pattern_match(after) => {
                let pattern = text.split_once('\'').map_or("", |(_, pattern)| pattern);
                seen.has_leading_wildcard |= pattern.starts_with(['%', '_']);
            }
            _ => {}
        }
        before = Some(token);
    }
    seen
}

fn is_pattern_match(word: &str) -> bool {
    ["like", "ilike", "~~", "~~*", "!~~", "!~~*"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}
