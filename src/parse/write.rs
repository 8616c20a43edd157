//! Writes statements with their values replaced.

use super::lexer::in_identifier;
use super::outline::Piece;
use super::tokens::TokenKind;

/// The protocol's greatest number of a parameter.
const MAX_PARAM: u32 = 65_535;

/// A text in the making, and the number of the next parameter.
pub(super) struct Writer {
    pub text: String,
    next: u32,
    /// Whether the last piece written was put in, so that it must not touch what follows.
    replaced: bool,
}

impl Writer {
    /// Numbers on from the highest parameter that is present.
    pub fn new(sql: &str, pieces: &[Piece]) -> Self {
        let params = pieces.iter().filter(|p| p.kind == TokenKind::Param);
        let numbers = params.filter_map(|p| p.text(sql)[1..].parse().ok());
        let highest = numbers.filter(|&n| n <= MAX_PARAM).max();
        Self {
            text: String::with_capacity(sql.len()),
            next: highest.unwrap_or(0) + 1,
            replaced: false,
        }
    }

    /// A piece as it is.
    pub fn keep(&mut self, piece: &str) {
        let glued = self.replaced && piece.as_bytes().first().is_some_and(|&b| in_identifier(b));
        if glued {
            self.text.push(' ');
        }
        self.text.push_str(piece);
        self.replaced = false;
    }

    /// The next parameter in place of a value.
    pub fn replace(&mut self) {
        // Behind a name it would be part of the name, behind a dollar sign a dollar quote.
        if self.text.bytes().last().is_some_and(in_identifier) {
            self.text.push(' ');
        }
        self.text.push('$');
        self.text.push_str(&self.next.to_string());
        self.next += 1;
        self.replaced = true;
    }

    /// White space or a comment.
    pub fn gap(&mut self, gap: &str) {
        self.text.push_str(gap);
        self.replaced &= gap.is_empty();
    }
}
