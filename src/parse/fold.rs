//! Folds the pieces of a statement to the symbols that its fingerprint is made of. The rules are
//! those listed at [`fingerprint`](super::fingerprint()).

use std::ops::Range;

use super::keywords::Keyword;
use super::outline::{Piece, Role, expects_operand};
use super::tokens::TokenKind;
use super::types;

/// A piece, or a constant that may have been several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Symbol {
    pub piece: usize,
    pub constant: bool,
}

/// What is left of a statement.
pub(super) struct Folded {
    pub symbols: Vec<Symbol>,
    /// The pieces that only make a list longer, in ascending ranges that do not overlap.
    pub squashed: Vec<Range<usize>>,
}

pub(super) fn fold(sql: &str, pieces: &[Piece]) -> Folded {
    let mut folder = Folder {
        sql,
        pieces,
        symbols: Vec::with_capacity(pieces.len()),
        frames: vec![Frame::new(None, FrameKind::Plain)],
        squashed: Vec::new(),
    };
    let mut i = 0;
    while i < pieces.len() {
        i = folder.take(i);
    }
    folder.finish()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    /// `IN (`
    In,
    /// `CAST (`
    Cast,
    /// `ARRAY [`, or a bracket directly in one
    Array,
    Plain,
}

/// An open parenthesis or bracket; the outermost one stands for the statement.
struct Frame {
    /// Its symbol.
    open: Option<usize>,
    kind: FrameKind,
    is_bracket: bool,
    /// The different rows of the list in it (after VALUES, or of an IN), as symbols.
    rows: Vec<Range<usize>>,
    rows_end: usize,
}

impl Frame {
    fn new(open: Option<usize>, kind: FrameKind) -> Self {
        Self {
            open,
            kind,
            is_bracket: false,
            rows: Vec::new(),
            rows_end: 0,
        }
    }
}

/// Different rows that are kept to compare others with: enough for the mixtures of constants and
/// DEFAULT that are seen, and a bound on the work.
const KEPT_ROWS: usize = 8;

struct Folder<'a> {
    sql: &'a str,
    pieces: &'a [Piece],
    symbols: Vec<Symbol>,
    frames: Vec<Frame>,
    squashed: Vec<Range<usize>>,
}

impl Folder<'_> {
    /// Takes the piece at `i`, and what belongs to it; gives the next one.
    fn take(&mut self, i: usize) -> usize {
        use TokenKind as K;
        let piece = &self.pieces[i];
        if piece.role != Role::Structure {
            let next = if self.drop_type_before() {
                types::interval_fields_end(self.pieces, i + 1)
            } else {
                i + 1
            };
            return self.constant(i, next);
        }
        match piece.kind {
            K::LeftParen | K::LeftBracket => {
                let mut frame = Frame::new(Some(self.symbols.len()), self.frame_kind(piece.kind));
                frame.is_bracket = piece.kind == K::LeftBracket;
                self.frames.push(frame);
            }
            K::RightParen | K::RightBracket => return self.close(i),
            K::Semicolon => {
                self.frames.truncate(1);
                if self.kind_before(0).is_none_or(|kind| kind == K::Semicolon) {
                    return i + 1;
                }
            }
            K::Word if piece.keyword == Some(Keyword::Values) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.rows.clear();
                }
            }
            _ => {}
        }
        self.push(i);
        i + 1
    }

    fn push(&mut self, piece: usize) {
        self.symbols.push(Symbol {
            piece,
            constant: false,
        });
    }

    /// The symbol `n` before the end.
    fn before(&self, n: usize) -> Option<Symbol> {
        let at = self.symbols.len().checked_sub(n + 1)?;
        Some(self.symbols[at])
    }

    /// Its piece, if it is no constant.
    fn piece_before(&self, n: usize) -> Option<&Piece> {
        let symbol = self.before(n)?;
        (!symbol.constant).then(|| &self.pieces[symbol.piece])
    }

    fn kind_before(&self, n: usize) -> Option<TokenKind> {
        let symbol = self.before(n)?;
        Some(if symbol.constant {
            TokenKind::Param
        } else {
            self.pieces[symbol.piece].kind
        })
    }

    fn word_before(&self, n: usize) -> Option<Keyword> {
        self.piece_before(n).and_then(|piece| piece.keyword)
    }

    fn frame_kind(&self, kind: TokenKind) -> FrameKind {
        let last = self.word_before(0);
        if kind == TokenKind::LeftParen {
            return match last {
                Some(Keyword::In) => FrameKind::In,
                Some(Keyword::Cast) => FrameKind::Cast,
                _ => FrameKind::Plain,
            };
        }
        let in_array = self
            .frames
            .last()
            .is_some_and(|f| f.kind == FrameKind::Array);
        let element = matches!(
            self.kind_before(0),
            Some(TokenKind::LeftBracket | TokenKind::Comma)
        );
        if last == Some(Keyword::Array) || (in_array && element) {
            FrameKind::Array
        } else {
            FrameKind::Plain
        }
    }

    /// Adds a constant that begins at a piece, with the casts after it and the signs before it.
    fn constant(&mut self, piece: usize, mut next: usize) -> usize {
        while self
            .pieces
            .get(next)
            .is_some_and(|p| p.kind == TokenKind::Cast)
        {
            match types::end(self.pieces, next + 1) {
                Some(end) => next = end,
                None => break,
            }
        }
        while self.is_sign_before() {
            self.symbols.pop();
        }
        if !self.before(0).is_some_and(|symbol| symbol.constant) {
            self.symbols.push(Symbol {
                piece,
                constant: true,
            });
        }
        next
    }

    /// Whether the last symbol is a sign, not an operator between two operands.
    fn is_sign_before(&self) -> bool {
        use TokenKind as K;
        let sign = self
            .piece_before(0)
            .is_some_and(|p| p.kind == K::Operator && matches!(p.text(self.sql), "-" | "+"));
        sign && match self.before(1) {
            Some(symbol) if symbol.constant => false,
            Some(symbol) => expects_operand(Some(&self.pieces[symbol.piece])),
            None => true,
        }
    }

    /// Drops the type name before a literal (`date '…'`); tells whether it was an interval.
    fn drop_type_before(&mut self) -> bool {
        let Some(length) = types::length_before(self.pieces, &self.symbols) else {
            return false;
        };
        let start = self.symbols.len() - length;
        let first = self.pieces[self.symbols[start].piece].keyword;
        self.symbols.truncate(start);
        first == Some(Keyword::Interval)
    }

    fn close(&mut self, i: usize) -> usize {
        let bracket = self.pieces[i].kind == TokenKind::RightBracket;
        let matching = self.frames.last().filter(|f| f.is_bracket == bracket);
        let Some(open) = matching.and_then(|frame| frame.open) else {
            self.push(i);
            return i + 1;
        };
        let kind = self.frames.pop().map_or(FrameKind::Plain, |f| f.kind);
        let all_constant = self.is_constant_list(open + 1);
        match kind {
            FrameKind::Cast if self.is_cast_of_constant(open + 1, i) => {
                let piece = self.symbols[open + 1].piece;
                self.symbols.truncate(open - 1);
                return self.constant(piece, i + 1);
            }
            FrameKind::Array if all_constant => {
                self.squash_list(open + 1, i);
                let piece = self.symbols[open].piece;
                self.symbols.truncate(open);
                if self.word_before(0) == Some(Keyword::Array) {
                    self.symbols.pop();
                }
                return self.constant(piece, i + 1);
            }
            FrameKind::In if all_constant => {
                self.squash_list(open + 1, i);
                self.symbols.truncate(open + 2);
            }
            _ => {}
        }
        self.push(i);
        if !bracket {
            self.row(open);
        }
        i + 1
    }

    /// Whether the symbols from `start` on are constants with commas between them.
    fn is_constant_list(&self, start: usize) -> bool {
        let list = &self.symbols[start..];
        let comma = |s: &Symbol| !s.constant && self.pieces[s.piece].kind == TokenKind::Comma;
        let alternate = |(n, s): (usize, &Symbol)| if n % 2 == 0 { s.constant } else { comma(s) };
        list.len() % 2 == 1 && list.iter().enumerate().all(alternate)
    }

    fn is_cast_of_constant(&self, start: usize, close: usize) -> bool {
        let [value, cast, ..] = self.symbols[start..] else {
            return false;
        };
        let is_as = !cast.constant && self.pieces[cast.piece].keyword == Some(Keyword::As);
        value.constant && is_as && types::end(self.pieces, cast.piece + 1) == Some(close)
    }

    /// Notes what makes the constant list from symbol `start` to piece `close` longer than one.
    fn squash_list(&mut self, start: usize, close: usize) {
        if let Some(comma) = self.symbols.get(start + 1) {
            self.squashed.push(comma.piece..close);
        }
    }

    /// Drops the row that was just closed if the list around it has one like it.
    fn row(&mut self, open: usize) {
        let end = self.symbols.len();
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let Some(before) = open.checked_sub(1).map(|n| self.symbols[n]) else {
            return;
        };
        let piece = &self.pieces[before.piece];
        let in_list = frame.kind == FrameKind::In && frame.open == Some(open - 1);
        if piece.keyword == Some(Keyword::Values) || in_list {
            frame.rows.clear();
            frame.rows.push(open..end);
            frame.rows_end = end;
            return;
        }
        let follows = piece.kind == TokenKind::Comma && !before.constant;
        if !follows || frame.rows.is_empty() || frame.rows_end != open - 1 {
            return;
        }
        let (symbols, pieces, sql) = (&self.symbols, self.pieces, self.sql);
        let known = frame.rows.iter().any(|row| {
            row.len() == end - open
                && symbols[row.clone()]
                    .iter()
                    .zip(&symbols[open..])
                    .all(|(a, b)| is_same(sql, pieces, *a, *b))
        });
        if known {
            let close = symbols[end - 1].piece;
            self.squashed.push(before.piece..close + 1);
            self.symbols.truncate(open - 1);
        } else if frame.rows.len() < KEPT_ROWS {
            frame.rows.push(open..end);
        }
        frame.rows_end = self.symbols.len();
    }

    fn finish(mut self) -> Folded {
        while self.kind_before(0) == Some(TokenKind::Semicolon) {
            self.symbols.pop();
        }
        // Inner lists come before those around them.
        self.squashed.sort_unstable_by_key(|range| range.start);
        let mut squashed: Vec<Range<usize>> = Vec::new();
        for range in self.squashed {
            match squashed.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => squashed.push(range),
            }
        }
        Folded {
            symbols: self.symbols,
            squashed,
        }
    }
}

fn is_same(sql: &str, pieces: &[Piece], a: Symbol, b: Symbol) -> bool {
    if a.constant || b.constant {
        return a.constant == b.constant;
    }
    let (a, b) = (&pieces[a.piece], &pieces[b.piece]);
    let (left, right) = (a.text(sql), b.text(sql));
    left == right || (a.kind == TokenKind::Word && left.eq_ignore_ascii_case(right))
}
