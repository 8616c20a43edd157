//! Targets of FROM, SET, INSERT and ON CONFLICT.

use sqlparser::keywords::Keyword as K;
use sqlparser::tokenizer::Token;

use super::editor::{Editor, REACH};

impl Editor {
    /// `FROM t` is what was read last, so that a star means its children.
    pub(super) fn after_relation(&self) -> bool {
        let mut place = self.out.len();
        let mut named = false;
        while let Some(before) = place.checked_sub(1) {
            match &self.out[before].token {
                Token::Word(word)
                    if word.quote_style.is_none()
                        && matches!(word.keyword, K::FROM | K::JOIN | K::UPDATE) =>
                {
                    return named;
                }
                Token::Word(_)
                    if !named
                        || self
                            .out
                            .get(place)
                            .is_some_and(|t| t.token == Token::Period) =>
                {
                    named = true;
                }
                Token::Period => {}
                _ => return false,
            }
            place = before;
        }
        false
    }

    /// A subscript of a column that a value is assigned to.
    pub(super) fn in_target(&self) -> bool {
        let Some(before) = self
            .out
            .len()
            .checked_sub(2)
            .map(|place| &self.out[place].token)
        else {
            return false;
        };
        if !matches!(self.last(), Some(Token::Word(_))) {
            return false;
        }
        let is_target = matches!(before, Token::LParen | Token::Comma)
            || matches!(before, Token::Word(word) if word.value.eq_ignore_ascii_case("set"));
        if !is_target {
            return false;
        }
        let Some(mut after) = self.closed_near(0) else {
            return false;
        };
        while self.token(after) == Some(&Token::LBracket) {
            match self.closed_near(after) {
                Some(next) if next > after && next < REACH => after = next,
                _ => return false,
            }
        }
        match before {
            Token::Word(word) if word.value.eq_ignore_ascii_case("set") => {
                self.token(after) == Some(&Token::Eq)
            }
            Token::Comma if self.token(after) == Some(&Token::Eq) => true,
            Token::LParen | Token::Comma => self.in_insert(),
            _ => false,
        }
    }

    /// The open parenthesis is the column list of an INSERT.
    pub(super) fn in_insert(&self) -> bool {
        if self.depth != 1 {
            return false;
        }
        let near = &self.out[self.out.len().saturating_sub(REACH)..];
        let Some(open) = near.iter().rposition(|token| token.token == Token::LParen) else {
            return false;
        };
        let words = near[..open].iter().rev().take(6);
        let mut words = words.skip_while(|token| !matches!(&token.token, Token::Word(word) if word.value.eq_ignore_ascii_case("into")));
        words.next().is_some()
    }

    pub(super) fn conflict(&mut self) {
        let Some(close) = self.closed_near(1) else {
            return self.keep();
        };
        let inside = &self.input[self.at + 2..(self.at + close).saturating_sub(1).max(self.at + 2)];
        let is_plain = inside
            .iter()
            .enumerate()
            .all(|(place, token)| match &token.token {
                Token::Word(_) => place % 2 == 0,
                Token::Comma => place % 2 == 1,
                _ => false,
            });
        self.keep();
        if is_plain {
            for _ in 1..close {
                self.keep();
            }
        } else {
            self.at += close - 1;
        }
        if self.is(0, "where") {
            while self.at < self.input.len() && !self.is(0, "do") {
                self.at += 1;
            }
        }
    }
}
