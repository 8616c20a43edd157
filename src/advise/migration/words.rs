//! A statement's text as tokens, for edits that leave the rest as it was written.

use std::ops::Range;

use crate::parse::tokens::{Token, TokenKind, tokenize};

/// A text and its tokens, without blanks and comments.
pub(super) struct Words<'a> {
    pub text: &'a str,
    tokens: Vec<Token>,
    /// How many parentheses and brackets are open before each token.
    depths: Vec<usize>,
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut tokens = tokenize(text);
        tokens.retain(|token| !token.is_trivia());
        let mut depth = 0_usize;
        let mut depths = Vec::with_capacity(tokens.len());
        for token in &tokens {
            if is_closing(token.kind) {
                depth = depth.saturating_sub(1);
            }
            depths.push(depth);
            if matches!(token.kind, TokenKind::LeftParen | TokenKind::LeftBracket) {
                depth += 1;
            }
        }
        Self {
            text,
            tokens,
            depths,
        }
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn word(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .map_or("", |token| token.text(self.text))
    }

    pub fn is_kind(&self, at: usize, kind: TokenKind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    /// Whether something is left for a person to fill in: `…` or `<name>`.
    pub fn is_unfinished(&self) -> bool {
        let open = |at: usize| {
            self.word(at) == "<"
                && self.is_kind(at + 1, TokenKind::Word)
                && self.word(at + 2).starts_with('>')
                && self.tokens[at].end == self.tokens[at + 1].start
        };
        (0..self.len()).any(|at| self.word(at).starts_with('…') || open(at))
    }

    /// Whether these words stand there, one after the other, without quotes.
    pub fn are(&self, at: usize, words: &str) -> bool {
        words.split(' ').enumerate().all(|(n, word)| {
            self.is_kind(at + n, TokenKind::Word) && self.word(at + n).eq_ignore_ascii_case(word)
        })
    }

    /// Where these words stand first, outside of parentheses.
    pub fn find(&self, words: &str) -> Option<usize> {
        self.find_from(0, words)
    }

    /// The same, from a token on.
    pub fn find_from(&self, from: usize, words: &str) -> Option<usize> {
        (from..self.len()).find(|at| self.depths[*at] == 0 && self.are(*at, words))
    }

    /// Where it stands first that one of these words does.
    pub fn find_any(&self, from: usize, words: &[&str]) -> Option<usize> {
        let found = words.iter().filter_map(|word| self.find_from(from, word));
        found.min()
    }

    /// The first token outside of parentheses of a kind.
    pub fn find_kind(&self, from: usize, kind: TokenKind) -> Option<usize> {
        (from..self.len()).find(|at| self.depths[*at] == 0 && self.is_kind(*at, kind))
    }

    /// The first byte of a token; of none the end of the last.
    pub fn start(&self, at: usize) -> usize {
        match self.tokens.get(at) {
            Some(token) => token.start,
            None => self.tokens.last().map_or(0, |token| token.end),
        }
    }

    /// The byte after a token.
    pub fn end(&self, at: usize) -> usize {
        self.tokens
            .get(at)
            .map_or(self.text.len(), |token| token.end)
    }

    /// The text of tokens, as it was written.
    pub fn slice(&self, tokens: Range<usize>) -> &'a str {
        if tokens.is_empty() || tokens.start >= self.len() {
            return "";
        }
        &self.text[self.start(tokens.start)..self.end(tokens.end.min(self.len()) - 1)]
    }

    /// The token after the group in parentheses that begins there.
    pub fn after_group(&self, at: usize) -> usize {
        let depth = self.depths.get(at).copied().unwrap_or_default();
        let mut closing = at + 1..self.len();
        let close = closing.find(|n| self.depths[*n] == depth && is_closing(self.tokens[*n].kind));
        close.map_or(self.len(), |close| close + 1)
    }

    /// The token after a name, with its schema, that begins there.
    pub fn after_name(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.is_kind(end, TokenKind::Dot) {
            end += 2;
        }
        end.min(self.len())
    }

    /// Parts between commas outside of parentheses, as tokens.
    pub fn parts(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let depth = self.depths.get(tokens.start).copied().unwrap_or_default();
        let mut parts = Vec::new();
        let mut start = tokens.start;
        for at in tokens.clone() {
            if self.depths[at] == depth && self.is_kind(at, TokenKind::Comma) {
                parts.push(start..at);
                start = at + 1;
            }
        }
        if start < tokens.end {
            parts.push(start..tokens.end);
        }
        parts
    }

    /// The text with something written behind a token.
    pub fn with_after(&self, at: usize, more: &str) -> String {
        let end = self.end(at);
        format!("{} {more}{}", &self.text[..end], &self.text[end..])
    }
}

fn is_closing(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::RightParen | TokenKind::RightBracket)
}
