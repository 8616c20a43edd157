//! A place among the tokens of one statement, and the small things that are read there.

use crate::facts::quote::{NAME_BYTES, clip};
use std::ops::Range;

use super::statement::{Name, Spanned};
use super::variables::{placeholders, variables};
use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, Token, TokenKind};

/// What was read, or why it could not be.
pub(super) type Read<T> = Result<T, String>;

pub(super) struct Cursor<'a> {
    text: &'a str,
    /// Without white space and comments.
    tokens: Vec<Token>,
    /// For each opening parenthesis or bracket the token that closes it, else the end.
    closing: Vec<usize>,
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self::beginning(text, usize::MAX)
    }

    /// The first tokens only.
    pub fn beginning(text: &'a str, count: usize) -> Self {
        let tokens = Lexer::new(text, Options::default()).filter(|token| !token.is_trivia());
        let tokens = placeholders(text, variables(tokens.take(count)));
        let mut closing = vec![tokens.len(); tokens.len()];
        let mut open = Vec::new();
        for (n, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket => open.push(n),
                TokenKind::RightParen | TokenKind::RightBracket => {
                    if let Some(start) = open.pop() {
                        closing[start] = n;
                    }
                }
                _ => {}
            }
        }
        Self {
            text,
            tokens,
            closing,
            at: 0,
            depth: 0,
        }
    }

    /// A place among some of the tokens only: a statement in the statement.
    pub fn within(&self, range: Range<usize>) -> Cursor<'a> {
        let (start, end) = (range.start, range.end.min(self.tokens.len()));
        let closing = self.closing[start..end].iter();
        Cursor {
            text: self.text,
            tokens: self.tokens[start..end].to_vec(),
            closing: closing
                .map(|at| at.saturating_sub(start).min(end - start))
                .collect(),
            at: 0,
            depth: self.depth + 1,
        }
    }

    /// How many statements this one stands in.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The token that closes the parenthesis at a place.
    pub fn closing(&self, at: usize) -> usize {
        self.closing.get(at).copied().unwrap_or(self.tokens.len())
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn go_to(&mut self, at: usize) {
        self.at = at.min(self.tokens.len());
    }

    pub fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn kind(&self) -> Option<TokenKind> {
        self.kind_at(self.at)
    }

    pub fn kind_at(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub fn text_at(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .map_or("", |token| token.text(self.text))
    }

    /// Whether a token is this word, without quotes.
    pub fn is_word(&self, at: usize, word: &str) -> bool {
        self.kind_at(at) == Some(TokenKind::Word) && self.text_at(at).eq_ignore_ascii_case(word)
    }

    /// Whether these words, with one blank between, come next.
    pub fn sees(&self, words: &str) -> bool {
        let mut words = words.split(' ').enumerate();
        words.all(|(n, word)| self.is_word(self.at + n, word))
    }

    pub fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(self.at, word))
    }

    /// Steps over these words if they come next.
    pub fn accept(&mut self, words: &str) -> bool {
        let seen = self.sees(words);
        if seen {
            self.at += words.split(' ').count();
        }
        seen
    }

    pub fn expect(&mut self, words: &str) -> Read<()> {
        if self.accept(words) {
            Ok(())
        } else {
            self.refuse(&words.to_ascii_uppercase())
        }
    }

    pub fn sees_kind(&self, kind: TokenKind) -> bool {
        self.kind() == Some(kind)
    }

    pub fn accept_kind(&mut self, kind: TokenKind) -> bool {
        let seen = self.sees_kind(kind);
        self.at += usize::from(seen);
        seen
    }

    pub fn expect_kind(&mut self, kind: TokenKind, what: &str) -> Read<()> {
        if self.accept_kind(kind) {
            Ok(())
        } else {
            self.refuse(what)
        }
    }

    pub fn expect_end(&self) -> Read<()> {
        if self.is_at_end() {
            Ok(())
        } else {
            self.refuse("its end")
        }
    }

    /// The reason that something else was to come here.
    pub fn refuse<T>(&self, what: &str) -> Read<T> {
        let found: String = self.text_at(self.at).chars().take(40).collect();
        Err(if self.is_at_end() {
            format!("expected {what}, it ends")
        } else {
            format!("expected {what}, found {found}")
        })
    }

    /// Steps over one token, and gives its text.
    pub fn take(&mut self) -> &'a str {
        let text = self.text_at(self.at);
        self.go_to(self.at + 1);
        text
    }

    pub fn ident(&mut self) -> Read<String> {
        let text = self.text_at(self.at);
        let name = match self.kind() {
            Some(TokenKind::Word) => text.to_ascii_lowercase(),
            Some(TokenKind::QuotedIdent) if text.starts_with('"') => {
                unquoted(text, '"').replace("\"\"", "\"")
            }
            Some(TokenKind::QuotedIdent) if text.starts_with(':') || text.contains('{') => {
                text.to_owned()
            }
            _ => return self.refuse("a name"),
        };
        self.at += 1;
        Ok(clip(&name, NAME_BYTES).to_owned())
    }

    /// A name with its schema, if it has one; a catalog before that is left out.
    pub fn name(&mut self) -> Read<Name> {
        let mut schema = None;
        let mut name = self.ident()?;
        while self.accept_kind(TokenKind::Dot) {
            schema = Some(std::mem::replace(&mut name, self.ident()?));
        }
        Ok(Name { schema, name })
    }

    /// Names in parentheses.
    pub fn idents(&mut self) -> Read<Vec<String>> {
        self.expect_kind(TokenKind::LeftParen, "(")?;
        let mut names = vec![self.ident()?];
        while self.accept_kind(TokenKind::Comma) {
            names.push(self.ident()?);
        }
        self.expect_kind(TokenKind::RightParen, ")")?;
        Ok(names)
    }

    /// Steps over a group in parentheses, and gives what stands within.
    pub fn group(&mut self) -> Read<Range<usize>> {
        if !self.sees_kind(TokenKind::LeftParen) {
            return self.refuse("(");
        }
        let close = self.closing[self.at];
        if close >= self.tokens.len() {
            return Err("a parenthesis is not closed".to_owned());
        }
        let within = self.at + 1..close;
        self.at = close + 1;
        Ok(within)
    }

    /// Steps on to where `stop` says, never into parentheses or `CASE … END`, and gives the way.
    pub fn until(&mut self, stop: impl Fn(&Self) -> bool) -> Range<usize> {
        let start = self.at;
        let mut cases = 0_usize;
        while !self.is_at_end() {
            if cases == 0 && self.at > start && stop(self) {
                break;
            }
            match self.kind() {
                Some(TokenKind::LeftParen | TokenKind::LeftBracket) => {
                    self.at = self.closing[self.at];
                }
                Some(TokenKind::RightParen | TokenKind::RightBracket) => break,
                Some(TokenKind::Word) if self.is_word(self.at, "case") => cases += 1,
                Some(TokenKind::Word) if self.is_word(self.at, "end") => {
                    cases = cases.saturating_sub(1);
                }
                _ => {}
            }
            self.go_to(self.at + 1);
        }
        start..self.at
    }

    /// As [`until`](Self::until), but it may stop where it is.
    pub fn reach(&mut self, stop: impl Fn(&Self) -> bool) -> Range<usize> {
        if stop(self) {
            return self.at..self.at;
        }
        self.until(stop)
    }

    /// The parts of a list with commas between, each as its tokens.
    pub fn parts(&mut self, list: Range<usize>) -> Vec<Range<usize>> {
        let back = self.at;
        let mut parts = Vec::new();
        self.at = list.start;
        while self.at < list.end {
            let part = self.until(|c| c.at >= list.end || c.sees_kind(TokenKind::Comma));
            if part.is_empty() {
                break;
            }
            parts.push(part);
            self.go_to(self.at + 1);
        }
        self.at = back;
        parts
    }

    /// The bytes of some tokens in the text.
    pub fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let end = self.text.len();
        let start = self.tokens.get(range.start).map_or(end, |t| t.start);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        start
            ..last
                .and_then(|last| self.tokens.get(last))
                .map_or(start, |t| t.end)
    }

    /// What was read since the token `start`, with its place.
    pub fn spanned<T>(&self, start: usize, of: T) -> Spanned<T> {
        let span = self.bytes(start..self.at);
        Spanned { of, span }
    }

    /// Names with commas between, each with its place.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<Spanned<T>>> {
        // Most have one member, and some of those are large.
        let mut list = Vec::with_capacity(1);
        loop {
            let start = self.at;
            let of = read(self)?;
            list.push(self.spanned(start, of));
            if !self.accept_kind(TokenKind::Comma) {
                return Ok(list);
            }
        }
    }

    /// Roles or other plain names with commas between.
    pub fn plain_list(&mut self) -> Read<Vec<String>> {
        let mut list = vec![self.ident()?];
        while self.accept_kind(TokenKind::Comma) {
            list.push(self.ident()?);
        }
        Ok(list)
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The tokens as they were written, comments left out.
    pub fn source(&self, range: Range<usize>) -> String {
        let mut text = String::new();
        let mut end = None;
        for token in &self.tokens[range] {
            if let Some(end) = end {
                let gap = &self.text[end..token.start];
                let blank = gap.chars().all(|c| c.is_ascii_whitespace() || c == '\u{b}');
                text.push_str(if blank { gap } else { " " });
            }
            text.push_str(token.text(self.text));
            end = Some(token.end);
        }
        text
    }

    /// An expression as it was written. Where the server prints a CASE, a line end comes before it.
    pub fn expression(&self, range: Range<usize>) -> String {
        let gap = match (range.start.checked_sub(1), self.tokens.get(range.start)) {
            (Some(before), Some(first)) => &self.text[self.tokens[before].end..first.start],
            _ => "",
        };
        let lead = self.is_word(range.start, "case") && gap.trim_matches(' ') == "\n";
        let source = self.source(range);
        if lead { format!("\n{source}") } else { source }
    }

    /// A string constant, its quotes removed.
    pub fn string(&mut self) -> Read<String> {
        if !self.sees_kind(TokenKind::String) {
            return self.refuse("a string");
        }
        let text = self.take();
        let from = text.find('\'').unwrap_or(0);
        Ok(unquoted(&text[from..], '\'').replace("''", "'"))
    }
}

fn unquoted(text: &str, quote: char) -> &str {
    let text = text.strip_prefix(quote).unwrap_or(text);
    text.strip_suffix(quote).unwrap_or(text)
}
