//! How the tokens of a text stand within each other: what closes what, where an item of a list
//! ends, how wide a stretch is. One pass, whatever the depth.

use super::keywords::Keyword;
use super::tokens::{TokenKind, tokenize};

/// No index.
pub(super) const NONE: usize = usize::MAX;
/// Width of what cannot stand in one line.
const ENDLESS: usize = 10_000;

/// White space before a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    None,
    Blank,
    LineEnd,
}

/// A token that is no white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub text: &'a str,
    pub kind: TokenKind,
    /// The key word that it is, unless it is part of a dotted name.
    pub word: Option<Keyword>,
    pub gap: Gap,
    /// The white space itself.
    pub space: &'a str,
}

impl Piece<'_> {
    pub fn is_comment(&self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }
}

/// The pieces of a text and how they nest.
pub(super) struct Nesting<'a> {
    pub pieces: Vec<Piece<'a>>,
    /// Of an opening parenthesis, bracket or CASE: what closes it.
    closer: Vec<usize>,
    /// Of what closes: what it closes.
    pub opener: Vec<usize>,
    /// Of a comma: the end of the item behind it.
    item_end: Vec<usize>,
    /// Of an opening piece: AND or OR stands directly inside.
    pub is_boolean: Vec<bool>,
    /// Width of all before a piece.
    before: Vec<usize>,
}

impl<'a> Nesting<'a> {
    pub fn new(sql: &'a str) -> Self {
        let pieces = pieces(sql);
        let count = pieces.len();
        let mut before = Vec::with_capacity(count + 1);
        let mut width = 0;
        before.push(width);
        for piece in &pieces {
            let blank = usize::from(piece.gap != Gap::None);
            let endless = piece.kind == TokenKind::LineComment || piece.text.contains('\n');
            width += blank + piece.text.chars().count() + if endless { ENDLESS } else { 0 };
            before.push(width);
        }
        let mut nesting = Self {
            closer: vec![NONE; count],
            opener: vec![NONE; count],
            item_end: vec![count; count],
            is_boolean: vec![false; count],
            pieces,
            before,
        };
        nesting.find();
        nesting
    }

    /// Width of the pieces from one up to another, which is not counted, in one line.
    fn width(&self, from: usize, to: usize) -> usize {
        self.before[to.min(self.pieces.len())] - self.before[from.min(to)]
    }

    /// Width of what an opening piece holds, with both ends; too wide where it is never closed.
    pub fn inside(&self, open: usize) -> usize {
        match self.closer[open] {
            NONE => ENDLESS,
            closer => self.width(open, closer + 1),
        }
    }

    /// Width of the item behind a comma.
    pub fn item(&self, comma: usize) -> usize {
        self.width(comma + 1, self.item_end[comma])
    }

    /// The key word of a piece.
    pub fn word(&self, index: usize) -> Option<Keyword> {
        self.pieces.get(index).and_then(|piece| piece.word)
    }

    fn find(&mut self) {
        use TokenKind::{Comma, LeftBracket, LeftParen, RightBracket, RightParen};
        // What is open, and the last comma in it.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut comma_outside = NONE;
        for index in 0..self.pieces.len() {
            let Piece { kind, word, .. } = self.pieces[index];
            match (kind, word) {
                (LeftParen | LeftBracket, _) | (_, Some(Keyword::Case)) => open.push((index, NONE)),
                (RightParen | RightBracket, _) => {
                    while let Some(&(case, comma)) = open.last()
                        && self.word(case) == Some(Keyword::Case)
                    {
                        self.end_item(comma, index);
                        open.pop();
                    }
                    let wanted = if kind == RightParen {
                        LeftParen
                    } else {
                        LeftBracket
                    };
                    if let Some(&(opener, comma)) = open.last()
                        && self.pieces[opener].kind == wanted
                    {
                        self.close(opener, comma, index);
                        open.pop();
                    }
                }
                (_, Some(Keyword::End)) => {
                    if let Some(&(opener, comma)) = open.last()
                        && self.word(opener) == Some(Keyword::Case)
                    {
                        self.close(opener, comma, index);
                        open.pop();
                    }
                }
                (_, Some(Keyword::And | Keyword::Or)) => {
                    if let Some(&(opener, _)) = open.last() {
                        self.is_boolean[opener] = true;
                    }
                }
                _ => {}
            }
            if kind == Comma || word.is_some_and(ends_list) {
                let slot = open
                    .last_mut()
                    .map_or(&mut comma_outside, |(_, comma)| comma);
                let last = std::mem::replace(slot, if kind == Comma { index } else { NONE });
                self.end_item(last, index);
            }
        }
    }

    fn close(&mut self, opener: usize, comma: usize, closer: usize) {
        self.closer[opener] = closer;
        self.opener[closer] = opener;
        self.end_item(comma, closer);
    }

    fn end_item(&mut self, comma: usize, end: usize) {
        if comma != NONE {
            self.item_end[comma] = end;
        }
    }
}

/// Words behind which a list of a query is over.
fn ends_list(word: Keyword) -> bool {
    use Keyword as K;
    matches!(
        word,
        K::From
            | K::Where
            | K::Group
            | K::Having
            | K::Order
            | K::Limit
            | K::Union
            | K::Returning
            | K::Select
            | K::Join
    )
}

fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut space = "";
    for token in tokenize(sql) {
        let text = token.text(sql);
        if token.kind == TokenKind::Whitespace {
            space = text;
            continue;
        }
        let gap = match space {
            "" => Gap::None,
            space if space.contains(['\n', '\r']) => Gap::LineEnd,
            _ => Gap::Blank,
        };
        let last = pieces.last_mut();
        let is_part = last
            .as_ref()
            .is_some_and(|last| last.kind == TokenKind::Dot);
        if let (TokenKind::Dot, Some(last)) = (token.kind, last) {
            last.word = None;
        }
        let is_word = token.kind == TokenKind::Word && !is_part;
        let word = if is_word { Keyword::find(text) } else { None };
        pieces.push(Piece {
            text,
            kind: token.kind,
            word,
            gap,
            space,
        });
        space = "";
    }
    pieces
}
