//! How long the lists of constants in a statement are.

use super::lexer::Lexer;
use super::tokens::{Options, Token, TokenKind};

/// What `pg_stat_statements` of 18 and newer writes in place of the rest of a list.
const SQUASHED: &str = "/*, ... */";

/// The number of constants in the longest `IN (…)` or `ARRAY[…]` of a statement: 0 where there is
/// none, and `None` where the server has squashed a list, so that nobody knows. Rows in an `IN`
/// list count as one each; what a subquery gives does not count.
pub fn longest_list(sql: &str) -> Option<usize> {
    let mut reader = Reader {
        sql,
        stack: Vec::new(),
        before: Before::Other,
        longest: 0,
    };
    for token in Lexer::new(sql, Options::default()) {
        if token.kind == TokenKind::BlockComment && token.text(sql) == SQUASHED {
            return None;
        }
        if !token.is_trivia() {
            reader.take(token);
        }
    }
    while let Some(level) = reader.stack.pop() {
        reader.longest = reader.longest.max(level.constants);
    }
    Some(reader.longest)
}

/// What stands before a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    In,
    Array,
    /// The first word of an element: a type, if a constant in quotes follows.
    Type,
    Other,
}

/// What a bracket holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    List,
    /// A row that is an element of a list.
    Row,
    Else,
}

struct Level {
    holds: Holds,
    /// The next token begins an element.
    begins: bool,
    constants: usize,
}

struct Reader<'a> {
    sql: &'a str,
    stack: Vec<Level>,
    before: Before,
    longest: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: Token) {
        use TokenKind::{
            BitString, Comma, DollarString, LeftBracket, LeftParen, Number, Operator, Param,
            RightBracket, RightParen, String, Variable, Word,
        };
        let before = std::mem::replace(&mut self.before, Before::Other);
        match token.kind {
            LeftParen => self.open(before == Before::In),
            LeftBracket => self.open(before == Before::Array),
            RightParen | RightBracket => {
                if let Some(level) = self.stack.pop() {
                    self.longest = self.longest.max(level.constants);
                }
            }
            Comma => {
                if let Some(level) = self.stack.last_mut() {
                    level.begins = level.holds == Holds::List;
                }
            }
            Operator if matches!(token.text(self.sql), "+" | "-") => {}
            Number | Param | Variable => self.element(true),
            String | BitString | DollarString => {
                if before == Before::Type {
                    self.count();
                } else {
                    self.element(true);
                }
            }
            Word => self.word(token.text(self.sql)),
            _ => self.element(false),
        }
    }

    fn word(&mut self, word: &str) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        if is("true") || is("false") || is("null") || is("cast") {
            self.element(true);
        } else if is("in") {
            self.element(false);
            self.before = Before::In;
        } else if is("array") {
            self.element(false);
            self.before = Before::Array;
        } else if let Some(level) = self.stack.last_mut().filter(|level| level.begins) {
            if is("select") || is("with") || is("values") || is("table") {
                level.holds = Holds::Else;
            }
            self.element(false);
            self.before = Before::Type;
        }
    }

    fn open(&mut self, is_list: bool) {
        let in_list = |level: &Level| level.holds == Holds::List && level.begins;
        let holds = if is_list {
            Holds::List
        } else if self.stack.last().is_some_and(in_list) {
            Holds::Row
        } else {
            Holds::Else
        };
        if let Some(level) = self.stack.last_mut() {
            level.begins = false;
        }
        self.stack.push(Level {
            holds,
            begins: holds != Holds::Else,
            constants: 0,
        });
    }

    /// The token begins an element, or is a later part of one.
    fn element(&mut self, is_constant: bool) {
        let begins = self
            .stack
            .last_mut()
            .is_some_and(|level| std::mem::take(&mut level.begins));
        if begins && is_constant {
            self.count();
        }
    }

    fn count(&mut self) {
        let depth = self.stack.len();
        let holds = self.stack.last().map(|level| level.holds);
        let level = match holds {
            Some(Holds::List) => self.stack.last_mut(),
            Some(Holds::Row) if depth > 1 => self.stack.get_mut(depth - 2),
            _ => None,
        };
        if let Some(level) = level {
            level.constants += 1;
        }
    }
}
