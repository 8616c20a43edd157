//! A text by its tokens, and what is put in their place.

use std::collections::HashMap;
use std::ops::Range;

use crate::parse::{Keyword, Token, TokenKind, tokenize};

/// Tokens from which on expressions of a text are not compared with each other: that takes the square of them.
pub(in crate::advise::workload) const MOST_TOKENS: usize = 10_000;

/// A text and its tokens, without white space and comments.
pub(in crate::advise::workload) struct Sql<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
}

impl<'t> Sql<'t> {
    /// Reads a text.
    pub fn new(text: &'t str) -> Self {
        let mut tokens = tokenize(text);
        tokens.retain(|token| !token.is_trivia());
        Self { text, tokens }
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token at a position in characters, from 1.
    pub fn at(&self, position: usize) -> Option<usize> {
        let characters = self.text.char_indices().map(|(byte, _)| byte);
        let byte = characters.clone().nth(position.checked_sub(1)?)?;
        self.tokens.iter().position(|token| token.end > byte)
    }

    /// What a token is.
    pub fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether a token is of a kind.
    pub fn is(&self, at: usize, kind: TokenKind) -> bool {
        self.kind(at) == Some(kind)
    }

    /// Whether there is a token of a kind.
    pub fn has(&self, kind: TokenKind) -> bool {
        self.tokens.iter().any(|token| token.kind == kind)
    }

    /// The text of a token; empty beyond the end.
    pub fn word(&self, at: usize) -> &'t str {
        self.tokens
            .get(at)
            .map_or("", |token| token.text(self.text))
    }

    /// Whether a token is this word, in any case.
    pub fn is_word(&self, at: usize, word: &str) -> bool {
        self.is(at, TokenKind::Word) && self.word(at).eq_ignore_ascii_case(word)
    }

    /// Whether a token is one of these words.
    pub fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(at, word))
    }

    /// The key word that a token is.
    pub fn keyword(&self, at: usize) -> Option<Keyword> {
        self.is(at, TokenKind::Word)
            .then(|| Keyword::find(self.word(at)))
            .flatten()
    }

    /// A parameter, or a constant in quotes: what may have stood in a parameter's place.
    pub fn is_value(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TokenKind::Param | TokenKind::String))
    }

    /// Whether the next token opens a parenthesis and this one is a name.
    pub fn followed_by_parenthesis(&self, at: usize) -> bool {
        let named = matches!(
            self.kind(at),
            Some(TokenKind::Word | TokenKind::QuotedIdent)
        );
        named && self.call(at).is_some()
    }

    /// The parenthesis that opens the arguments of the function whose name, with its schema, begins here.
    pub fn call(&self, at: usize) -> Option<usize> {
        let mut at = at;
        while self.is(at + 1, TokenKind::Dot) {
            at += 2;
        }
        self.is(at + 1, TokenKind::LeftParen).then_some(at + 1)
    }

    /// The token that closes what this one opens.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in open..self.len() {
            match self.kind(at) {
                Some(TokenKind::LeftParen | TokenKind::LeftBracket) => depth += 1,
                Some(TokenKind::RightParen | TokenKind::RightBracket) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The token that opens what this one closes.
    pub fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..=close).rev() {
            match self.kind(at) {
                Some(TokenKind::RightParen | TokenKind::RightBracket) => depth += 1,
                Some(TokenKind::LeftParen | TokenKind::LeftBracket) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The arguments between a parenthesis and the one that closes it.
    pub fn arguments(&self, open: usize) -> Option<Vec<Range<usize>>> {
        let close = self.closing(open)?;
        let mut arguments = Vec::new();
        let mut begin = open + 1;
        let mut at = begin;
        while at < close {
            match self.kind(at) {
                Some(TokenKind::LeftParen | TokenKind::LeftBracket) => at = self.closing(at)?,
                Some(TokenKind::Comma) => {
                    arguments.push(begin..at);
                    begin = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        if begin < close {
            arguments.push(begin..close);
        }
        Some(arguments)
    }

    /// Bytes of tokens.
    pub fn bytes(&self, tokens: &Range<usize>) -> Option<Range<usize>> {
        let first = self.tokens.get(tokens.start)?;
        let last = self.tokens.get(tokens.end.checked_sub(1)?)?;
        (first.start < last.end).then_some(first.start..last.end)
    }

    /// Text of tokens.
    pub fn slice(&self, tokens: &Range<usize>) -> Option<&'t str> {
        Some(&self.text[self.bytes(tokens)?])
    }

    /// The text with something else in the place of tokens.
    pub fn replaced(&self, tokens: &Range<usize>, with: &str) -> Option<String> {
        self.edited(&[(tokens.clone(), with.to_owned())])
    }

    /// The text with tokens cast to a type.
    pub fn cast(&self, tokens: &Range<usize>, to: &str) -> Option<String> {
        self.edited(&[self.casting(tokens, to)?])
    }

    /// The edit that casts tokens to a type; what is such a cast already gives none.
    pub fn casting(&self, tokens: &Range<usize>, to: &str) -> Option<(Range<usize>, String)> {
        let inner = self.slice(tokens)?;
        let is_done = self.is_word(tokens.start, "cast")
            && self.closing(tokens.start + 1) == Some(tokens.end - 1)
            && inner.ends_with(&format!(" AS {to})"));
        (!is_done).then(|| (tokens.clone(), format!("CAST({inner} AS {to})")))
    }

    /// The text with other things in the place of tokens; the parts do not overlap.
    pub fn edited(&self, edits: &[(Range<usize>, String)]) -> Option<String> {
        let mut edits: Vec<_> = (edits.iter())
            .map(|(tokens, with)| self.bytes(tokens).map(|bytes| (bytes, with)))
            .collect::<Option<_>>()?;
        edits.sort_by_key(|(bytes, _)| bytes.start);
        let mut out = String::with_capacity(self.text.len() + 32);
        let mut done = 0;
        for (bytes, with) in edits {
            out.push_str(self.text.get(done..bytes.start)?);
            out.push_str(with);
            done = bytes.end;
        }
        out.push_str(&self.text[done..]);
        (out != self.text).then_some(out)
    }
}

/// The text with its parameters numbered from 1 without gaps: a server asks for the type of each number up to
/// the highest.
pub(in crate::advise::workload) fn numbered(text: &str) -> String {
    let sql = Sql::new(text);
    let mut numbers: Vec<u64> = (sql.tokens.iter())
        .filter(|token| token.kind == TokenKind::Param)
        .filter_map(|token| token.text(text)[1..].parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let places: HashMap<u64, usize> = (numbers.into_iter().enumerate())
        .map(|(place, number)| (number, place + 1))
        .collect();
    let mut edits = Vec::new();
    for at in 0..sql.len() {
        if sql.is(at, TokenKind::Param)
            && let Some(place) = sql.word(at)[1..]
                .parse()
                .ok()
                .and_then(|n: u64| places.get(&n))
        {
            edits.push((at..at + 1, format!("${place}")));
        }
    }
    sql.edited(&edits).unwrap_or_else(|| text.to_owned())
}
