//! A fast first look at statements: which texts are surely the same one.
//!
//! [`fingerprint`](super::fingerprint()) reads a statement in microseconds; a log holds millions of
//! them, most of which differ from one seen before in a constant only. [`skim`] makes such texts
//! equal in a single pass, so that the fingerprint is made once for all of them. It is finer than
//! the fingerprint: texts that it makes equal have the same fingerprint, not the other way round.

use memchr::{memchr, memchr_iter, memmem};

use super::mix::mix;

/// Writes a statement with its constants replaced, comments left out and white space folded.
/// Commands other than queries are written as they are, and so are numbers that may belong to the
/// statement: output columns by position and modifiers of types. Gives a hash of the constants that
/// were replaced.
pub fn skim(sql: &[u8], out: &mut Vec<u8>) -> u64 {
    let mut skimmer = Skimmer {
        sql,
        at: 0,
        out,
        before: Token::Nothing,
        name_after: Token::Nothing,
        is_type_name: false,
        is_array: false,
        groups: Vec::new(),
        by: None,
        constants: 0,
    };
    while let Some(&byte) = sql.get(skimmer.at) {
        if !skimmer.take(byte) {
            skimmer.out.extend_from_slice(&sql[skimmer.at..]);
            break;
        }
    }
    skimmer.constants
}

/// What stands before a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Nothing,
    /// A name or key word after which no type can stand, or one of a function's call.
    Keyword,
    /// `DISTINCT`
    Distinct,
    /// `AS`, `::` and the like, or a name: what follows may be a type.
    Name,
    Dot,
    Other,
}

struct Skimmer<'a> {
    sql: &'a [u8],
    at: usize,
    out: &'a mut Vec<u8>,
    before: Token,
    /// What stands before the name that was read last, with the schema before it.
    name_after: Token,
    /// That name is of a type that takes modifiers.
    is_type_name: bool,
    is_array: bool,
    /// Open parentheses and brackets: whether numbers in them stay.
    groups: Vec<bool>,
    /// Depth of an ORDER BY or GROUP BY.
    by: Option<usize>,
    /// Hash of the constants so far.
    constants: u64,
}

impl Skimmer<'_> {
    /// Takes what begins with a byte; false where the rest is to be left as it is.
    fn take(&mut self, byte: u8) -> bool {
        let next = self.sql.get(self.at + 1).copied();
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {
                self.at += 1;
                self.blank();
            }
            b'\'' => self.string(),
            b'"' => {
                let end = memchr(b'"', &self.sql[self.at + 1..]);
                let end = end.map_or(self.sql.len(), |n| self.at + n + 2);
                self.copy(end);
                self.name(false);
            }
            b'-' if next == Some(b'-') => {
                let end = memchr(b'\n', &self.sql[self.at..]);
                self.at = end.map_or(self.sql.len(), |n| self.at + n);
                self.blank();
            }
            b'/' if next == Some(b'*') => self.comment(),
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => return self.word(),
            b'(' | b'[' => {
                let keeps = match (byte, self.before) {
                    (b'[', _) => !self.is_array,
                    (_, Token::Name) => self.is_type_name || self.name_after == Token::Name,
                    (_, Token::Distinct) => true,
                    _ => self.groups.last().copied().unwrap_or_default(),
                };
                self.is_array = byte == b'[' && !keeps;
                self.groups.push(keeps);
                self.sign(1, Token::Other);
            }
            b')' | b']' => {
                self.groups.pop();
                self.is_array = false;
                if self.by.is_some_and(|depth| self.groups.len() < depth) {
                    self.by = None;
                }
                self.sign(1, Token::Name);
            }
            b':' if next == Some(b':') => self.sign(2, Token::Name),
            b'.' => self.sign(1, Token::Dot),
            // A further statement may be a command.
            b';' => return false,
            _ => {
                if byte != b',' {
                    self.is_array = false;
                }
                self.sign(1, Token::Other);
            }
        }
        true
    }

    fn blank(&mut self) {
        if !matches!(self.out.last(), None | Some(b' ')) {
            self.out.push(b' ');
        }
    }

    fn copy(&mut self, end: usize) {
        self.out.extend_from_slice(&self.sql[self.at..end]);
        self.at = end;
    }

    fn sign(&mut self, length: usize, token: Token) {
        self.copy(self.at + length);
        self.before = token;
    }

    fn constant(&mut self, end: usize) {
        self.out.push(b'?');
        self.constants = mix(self.constants, &self.sql[self.at..end]);
        self.at = end;
        self.before = Token::Other;
    }

    fn name(&mut self, is_type_name: bool) {
        if self.before != Token::Dot {
            self.name_after = self.before;
        }
        self.is_type_name = is_type_name;
        self.before = Token::Name;
    }

    fn string(&mut self) {
        // The letter of E'…' was written before.
        let escapes = matches!(self.out.last(), Some(b'e' | b'E'))
            && self.at > 0
            && matches!(self.sql[self.at - 1], b'e' | b'E')
            && !(self.at > 1 && is_word(self.sql[self.at - 2]));
        let mut at = self.at + 1;
        while let Some(&byte) = self.sql.get(at) {
            match byte {
                b'\\' if escapes => at += 2,
                b'\'' if self.sql.get(at + 1) == Some(&b'\'') => at += 2,
                b'\'' => break,
                _ => at += 1,
            }
        }
        self.constant((at + 1).min(self.sql.len()));
    }

    fn comment(&mut self) {
        let mut depth = 0_usize;
        let mut at = self.at;
        while at < self.sql.len() {
            if self.sql[at..].starts_with(b"/*") {
                depth += 1;
                at += 2;
            } else if self.sql[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            } else {
                at += 1;
            }
        }
        // What the server writes for the rest of a list says that there was one.
        if self.sql[self.at..at] == *b"/*, ... */" {
            self.copy(at);
        } else {
            self.at = at;
        }
        self.blank();
    }

    /// A parameter, or a text in dollar quotes.
    fn dollar(&mut self) {
        let rest = &self.sql[self.at + 1..];
        let length = rest.iter().take_while(|b| is_word(**b)).count();
        let is_quote = rest.get(length) == Some(&b'$') && !rest[0].is_ascii_digit();
        if !is_quote {
            self.copy(self.at + 1 + length);
            self.before = Token::Other;
            return;
        }
        let tag = &self.sql[self.at..self.at + length + 2];
        let text = self.at + tag.len();
        let end = memmem::find(&self.sql[text..], tag);
        self.constant(end.map_or(self.sql.len(), |n| text + n + tag.len()));
    }

    fn number(&mut self) {
        let rest = &self.sql[self.at..];
        let length = rest
            .iter()
            .take_while(|b| is_word(**b) || **b == b'.')
            .count();
        let end = self.at + length;
        let plain = rest[..length]
            .iter()
            .all(|b| b.is_ascii_digit() || *b == b'.')
            && memchr_iter(b'.', &rest[..length]).count() <= 1;
        let keeps = self.by.is_some() || self.groups.last().copied().unwrap_or_default();
        if plain && !keeps && self.before != Token::Dot {
            self.constant(end);
        } else {
            self.copy(end);
            self.before = Token::Other;
        }
    }

    fn word(&mut self) -> bool {
        let rest = &self.sql[self.at..];
        let length = rest
            .iter()
            .take_while(|b| is_word(**b) || **b == b'$')
            .count();
        let mut lower = [0; 12];
        let word = match lower.get_mut(..length) {
            Some(lower) => {
                lower.copy_from_slice(&rest[..length]);
                lower.make_ascii_lowercase();
                &*lower
            }
            None => b"",
        };
        if self.before == Token::Nothing && !is_query(word) {
            return false;
        }
        self.is_array = word == b"array";
        let token = match (self.before, kind(word)) {
            (Token::Dot, _) => Token::Name,
            (Token::Distinct, _) if word == b"on" => Token::Distinct,
            (_, token) => token,
        };
        let ends_list = matches!(
            word,
            b"limit"
                | b"offset"
                | b"fetch"
                | b"for"
                | b"having"
                | b"where"
                | b"select"
                | b"union"
                | b"except"
                | b"intersect"
                | b"returning"
                | b"window"
        );
        if word == b"by" {
            self.by = self.by.or(Some(self.groups.len()));
        } else if ends_list && self.by == Some(self.groups.len()) {
            self.by = None;
        }
        self.copy(self.at + length);
        if token == Token::Name {
            self.name(is_type(word));
        } else {
            self.before = token;
        }
        true
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_query(word: &[u8]) -> bool {
    matches!(
        word,
        b"select" | b"insert" | b"update" | b"delete" | b"with" | b"values" | b"merge"
    )
}

/// Key words after which an expression or a list begins, so that no type stands there.
fn kind(word: &[u8]) -> Token {
    match word {
        b"distinct" => Token::Distinct,
        b"select" | b"where" | b"and" | b"or" | b"not" | b"on" | b"then" | b"else" | b"when"
        | b"case" | b"from" | b"join" | b"by" | b"having" | b"limit" | b"offset" | b"returning"
        | b"set" | b"between" | b"like" | b"ilike" | b"in" | b"values" | b"any" | b"some"
        | b"all" | b"exists" | b"array" | b"lateral" => Token::Keyword,
        _ => Token::Name,
    }
}

/// Types that take modifiers, and that no function is named like.
fn is_type(word: &[u8]) -> bool {
    matches!(
        word,
        b"bigint"
            | b"bit"
            | b"boolean"
            | b"bpchar"
            | b"char"
            | b"character"
            | b"dec"
            | b"decimal"
            | b"float"
            | b"int"
            | b"integer"
            | b"interval"
            | b"nchar"
            | b"numeric"
            | b"precision"
            | b"real"
            | b"second"
            | b"smallint"
            | b"time"
            | b"timestamp"
            | b"timestamptz"
            | b"varbit"
            | b"varchar"
            | b"varying"
    )
}
