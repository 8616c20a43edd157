//! A reader of tokens that writes them anew: what is next, what was written last, what is put in.

use sqlparser::keywords::Keyword as K;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

/// How far brackets are followed where each of them is looked at by itself.
pub(super) const REACH: usize = 2_000;

pub(super) struct Editor {
    pub(super) input: Vec<TokenWithSpan>,
    pub(super) at: usize,
    pub(super) out: Vec<TokenWithSpan>,
    pub(super) locks: Vec<&'static str>,
    /// Depths of parentheses whose end is to be dropped.
    pub(super) dropped: Vec<usize>,
    pub(super) depth: usize,
}

impl Editor {
    pub(super) fn token(&self, ahead: usize) -> Option<&Token> {
        self.input.get(self.at + ahead).map(|token| &token.token)
    }

    pub(super) fn word(&self, ahead: usize) -> Option<&str> {
        match self.token(ahead) {
            Some(Token::Word(word)) if word.quote_style.is_none() => Some(&word.value),
            _ => None,
        }
    }

    pub(super) fn is(&self, ahead: usize, word: &str) -> bool {
        self.word(ahead)
            .is_some_and(|other| other.eq_ignore_ascii_case(word))
    }

    pub(super) fn are(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.is(ahead, word))
    }

    pub(super) fn is_name(&self, ahead: usize) -> bool {
        matches!(self.token(ahead), Some(Token::Word(word)) if word.quote_style.is_some() || word.keyword == K::NoKeyword || !is_structural(word.keyword))
    }

    pub(super) fn last(&self) -> Option<&Token> {
        self.out.last().map(|token| &token.token)
    }

    pub(super) fn last_is(&self, words: &[&str]) -> bool {
        matches!(self.last(), Some(Token::Word(word)) if word.quote_style.is_none() && words.iter().any(|w| word.value.eq_ignore_ascii_case(w)))
    }

    pub(super) fn put(&mut self, token: Token) {
        let span = self
            .input
            .get(self.at)
            .map_or_else(Span::empty, |token| token.span);
        self.out.push(TokenWithSpan { token, span });
    }

    pub(super) fn put_words(&mut self, words: &[&str]) {
        for word in words {
            self.put(Token::make_keyword(word));
        }
    }

    pub(super) fn instead(&mut self, length: usize, words: &[&str]) {
        self.put_words(words);
        self.at += length;
    }

    pub(super) fn keep(&mut self) {
        let token = self.input[self.at].clone();
        match token.token {
            Token::LParen => self.depth += 1,
            Token::RParen => {
                let inside = self.depth;
                self.depth = self.depth.saturating_sub(1);
                if self.dropped.last() == Some(&inside) {
                    self.dropped.pop();
                    self.at += 1;
                    return;
                }
            }
            _ => {}
        }
        self.out.push(token);
        self.at += 1;
    }

    /// The place after the bracket that closes the one `ahead`, if it is near.
    pub(super) fn closed_near(&self, ahead: usize) -> Option<usize> {
        let end = self.closed(ahead, REACH);
        (end < ahead + REACH).then_some(end)
    }

    /// The place after the bracket that closes the one `ahead`, or where the search ends.
    pub(super) fn closed(&self, ahead: usize, reach: usize) -> usize {
        let mut depth = 0usize;
        for (place, token) in self
            .input
            .iter()
            .enumerate()
            .skip(self.at + ahead)
            .take(reach)
        {
            match token.token {
                Token::LParen | Token::LBracket => depth += 1,
                Token::RParen | Token::RBracket => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return place + 1 - self.at;
                    }
                }
                _ => {}
            }
        }
        (self.input.len() - self.at).min(ahead.saturating_add(reach))
    }

    /// Skips up to and with the name after a word.
    pub(super) fn skip_past(&mut self, word: &str) {
        while self.at < self.input.len() && !self.is(0, word) {
            self.at += 1;
        }
        self.at = (self.at + 2).min(self.input.len());
    }
}

/// Words that end a name's place.
fn is_structural(keyword: K) -> bool {
    matches!(
        keyword,
        K::SELECT
            | K::WITH
            | K::VALUES
            | K::INSERT
            | K::UPDATE
            | K::DELETE
            | K::MERGE
            | K::TABLE
            | K::FROM
            | K::WHERE
            | K::SET
            | K::ON
            | K::USING
            | K::AS
    )
}
