//! Reads the tokens; the rules are told in [`tokens`](super::tokens).

use super::tokens::{Options, Token, TokenKind};

const SPACE: u8 = 1;
const DIGIT: u8 = 2;
const IDENT_START: u8 = 4;
const IDENT: u8 = 8;
const OPERATOR: u8 = 16;
const TAG: u8 = 32;

static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        table[i] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => SPACE,
            b'0'..=b'9' => DIGIT | IDENT | TAG,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => IDENT_START | IDENT | TAG,
            b'$' => IDENT,
            b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'+' | b'-' | b'*'
            | b'/' | b'%' | b'<' | b'>' | b'=' => OPERATOR,
            _ => 0,
        };
        i += 1;
    }
    table
};

fn is(byte: u8, class: u8) -> bool {
    CLASS[usize::from(byte)] & class != 0
}

/// Whether the byte may stand inside an identifier, so that a word before it would swallow it.
pub(super) fn in_identifier(byte: u8) -> bool {
    is(byte, IDENT)
}

/// How the inside of a quoted constant is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// A doubled quote is a quote.
    Plain,
    /// The same, and a backslash takes the next character with it.
    Escape,
    /// The first quote ends it.
    Bits,
}

/// An iterator over the tokens of a text.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    sql: &'a str,
    bytes: &'a [u8],
    pos: usize,
    options: Options,
    /// Up to here each `+` and `-` is an operator by itself: a long run is looked at only once.
    single_signs: usize,
    /// The quoting of the constant just read, while only white space and comments follow it.
    continues: Option<Quoting>,
    /// Whether a line end stood in that white space.
    newline: bool,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of the text.
    pub fn new(sql: &'a str, options: Options) -> Self {
        Self {
            sql,
            bytes: sql.as_bytes(),
            pos: 0,
            options,
            single_signs: 0,
            continues: None,
            newline: false,
        }
    }

    /// Goes on reading from another place, which must be a character boundary.
    pub(super) fn skip_to(&mut self, pos: usize) {
        self.pos = pos;
        self.single_signs = 0;
        self.continues = None;
    }

    /// Reads differently from here on.
    pub(super) fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    fn at(&self, pos: usize) -> u8 {
        self.bytes.get(pos).copied().unwrap_or(0)
    }

    /// The end of the run of bytes of a class.
    fn run(&self, from: usize, class: u8) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|&&b| is(b, class)).count()
    }

    fn plain_quoting(&self) -> Quoting {
        if self.options.standard_conforming_strings {
            Quoting::Plain
        } else {
            Quoting::Escape
        }
    }

    /// Reads the token that starts at `pos` with this byte: kind, end and whether it was closed.
    fn scan(&mut self, start: usize, first: u8) -> (TokenKind, usize, bool) {
        use TokenKind as K;
        let (kind, end) = match first {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => (K::Whitespace, self.run(start, SPACE)),
            b'\'' => {
                let quoting = match self.continues {
                    Some(quoting) if self.newline => quoting,
                    _ => self.plain_quoting(),
                };
                return self.quoted(start + 1, quoting);
            }
            b'"' => return self.quoted_ident(start + 1),
            b'$' => return self.dollar(start),
            b'0'..=b'9' => (K::Number, self.number(start)),
            b'.' => match self.at(start + 1) {
                b'0'..=b'9' => (K::Number, self.number(start)),
                b'.' => (K::DotDot, start + 2),
                _ => (K::Dot, start + 1),
            },
            b':' => return self.colon(start),
            b',' => (K::Comma, start + 1),
            b';' => (K::Semicolon, start + 1),
            b'(' => (K::LeftParen, start + 1),
            b')' => (K::RightParen, start + 1),
            b'[' => (K::LeftBracket, start + 1),
            b']' => (K::RightBracket, start + 1),
            b'-' if self.at(start + 1) == b'-' => (K::LineComment, self.line_end(start)),
            b'/' if self.at(start + 1) == b'*' => return self.block_comment(start),
            _ if is(first, OPERATOR) => (K::Operator, self.operator(start)),
            _ if is(first, IDENT_START) => return self.word(start, first),
            _ => (K::Other, start + 1),
        };
        (kind, end, true)
    }

    fn word(&self, start: usize, first: u8) -> (TokenKind, usize, bool) {
        match (first | 0x20, self.at(start + 1), self.at(start + 2)) {
            (b'e', b'\'', _) => self.quoted(start + 2, Quoting::Escape),
            (b'b' | b'x', b'\'', _) => self.quoted(start + 2, Quoting::Bits),
            (b'n', b'\'', _) => self.quoted(start + 2, self.plain_quoting()),
            (b'u', b'&', b'\'') => self.quoted(start + 3, Quoting::Plain),
            (b'u', b'&', b'"') => self.quoted_ident(start + 3),
            _ => (TokenKind::Word, self.run(start + 1, IDENT), true),
        }
    }

    /// Reads from after the opening quote to the closing one.
    fn quoted(&self, mut pos: usize, quoting: Quoting) -> (TokenKind, usize, bool) {
        let kind = if quoting == Quoting::Bits {
            TokenKind::BitString
        } else {
            TokenKind::String
        };
        while let Some(&byte) = self.bytes.get(pos) {
            match byte {
                b'\'' if quoting != Quoting::Bits && self.at(pos + 1) == b'\'' => pos += 2,
                b'\'' => return (kind, pos + 1, true),
                // What follows may be a character of several bytes, none of which is a quote.
                b'\\' if quoting == Quoting::Escape => pos += 2,
                _ => pos += 1,
            }
        }
        (kind, self.bytes.len(), false)
    }

    fn quoted_ident(&self, mut pos: usize) -> (TokenKind, usize, bool) {
        while let Some(&byte) = self.bytes.get(pos) {
            match byte {
                b'"' if self.at(pos + 1) == b'"' => pos += 2,
                b'"' => return (TokenKind::QuotedIdent, pos + 1, true),
                _ => pos += 1,
            }
        }
        (TokenKind::QuotedIdent, self.bytes.len(), false)
    }

    /// A parameter, a dollar-quoted constant, or a lone dollar sign.
    fn dollar(&self, start: usize) -> (TokenKind, usize, bool) {
        let next = self.at(start + 1);
        if is(next, DIGIT) {
            return (TokenKind::Param, self.run(start + 1, DIGIT), true);
        }
        let tag_end = self.run(start + 1, TAG);
        if self.at(tag_end) != b'$' {
            return (TokenKind::Other, start + 1, true);
        }
        let tag = &self.sql[start..=tag_end];
        match self.sql[tag_end + 1..].find(tag) {
            Some(at) => {
                let end = tag_end + 1 + at + tag.len();
                (TokenKind::DollarString, end, true)
            }
            None => (TokenKind::DollarString, self.bytes.len(), false),
        }
    }

    /// The end of a number: `1..10` is the numbers 1 and 10, `1e` is 1 and a word.
    fn number(&self, start: usize) -> usize {
        if self.at(start) == b'0' {
            let radix_digit: fn(u8) -> bool = match self.at(start + 1) | 0x20 {
                b'x' => |b| b.is_ascii_hexdigit(),
                b'o' => |b| matches!(b, b'0'..=b'7'),
                b'b' => |b| matches!(b, b'0' | b'1'),
                _ => |_| false,
            };
            let end = self.digits(start + 2, true, radix_digit);
            if end > start + 2 {
                return end;
            }
        }
        let decimal = |b: u8| b.is_ascii_digit();
        let mut end = self.digits(start, false, decimal);
        if self.at(end) == b'.' && self.at(end + 1) != b'.' {
            end = self.digits(end + 1, false, decimal);
        }
        if self.at(end) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.at(end + 1), b'+' | b'-'));
            let exponent = self.digits(end + 1 + sign, false, decimal);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        end
    }

    /// The end of a run of digits, with single underscores between them (or before the first).
    fn digits(&self, mut pos: usize, leading_underscore: bool, digit: fn(u8) -> bool) -> usize {
        let start = pos;
        loop {
            if digit(self.at(pos)) {
                pos += 1;
            } else if self.at(pos) == b'_'
                && (pos > start || leading_underscore)
                && digit(self.at(pos + 1))
            {
                pos += 2;
            } else {
                return pos;
            }
        }
    }

    fn colon(&self, start: usize) -> (TokenKind, usize, bool) {
        let next = self.at(start + 1);
        match next {
            b':' => return (TokenKind::Cast, start + 2, true),
            b'=' => return (TokenKind::Assign, start + 2, true),
            _ => {}
        }
        if self.options.psql_variables {
            let (open, close) = match next {
                b'\'' | b'"' => (2, Some(next)),
                b'{' if self.at(start + 2) == b'?' => (3, Some(b'}')),
                _ => (1, None),
            };
            let name_end = self.run(start + open, TAG);
            let closed = close.is_none_or(|c| self.at(name_end) == c);
            if name_end > start + open && closed {
                let end = name_end + usize::from(close.is_some());
                return (TokenKind::Variable, end, true);
            }
        }
        (TokenKind::Colon, start + 1, true)
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = &self.bytes[from..];
        let length = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        from + length.unwrap_or(rest.len())
    }

    fn block_comment(&self, start: usize) -> (TokenKind, usize, bool) {
        let mut depth = 0usize;
        let mut pos = start;
        while let Some(&byte) = self.bytes.get(pos) {
            match (byte, self.at(pos + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    pos += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    pos += 2;
                    if depth == 0 {
                        return (TokenKind::BlockComment, pos, true);
                    }
                }
                _ => pos += 1,
            }
        }
        (TokenKind::BlockComment, self.bytes.len(), false)
    }

    /// The end of an operator: the longest run of operator characters before a comment, but one
    /// of SQL's own characters only does not end in `+` or `-` (so that `a=-1` is `=` and `-`).
    fn operator(&mut self, start: usize) -> usize {
        if start < self.single_signs && matches!(self.bytes[start], b'+' | b'-') {
            return start + 1;
        }
        let mut end = start;
        let mut own = false;
        // Whether a character before the last one allows a sign at the end.
        let mut sign_may_end = false;
        loop {
            let byte = self.at(end);
            let comment = matches!((byte, self.at(end + 1)), (b'-', b'-') | (b'/', b'*'));
            if !is(byte, OPERATOR) || comment {
                break;
            }
            sign_may_end = own;
            own |= matches!(
                byte,
                b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'%'
            );
            end += 1;
        }
        if sign_may_end {
            return end;
        }
        let run_end = end;
        while end > start + 1 && matches!(self.bytes[end - 1], b'+' | b'-') {
            end -= 1;
        }
        self.single_signs = run_end;
        end
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.pos;
        let &first = self.bytes.get(start)?;
        let (kind, end, terminated) = self.scan(start, first);
        match kind {
            TokenKind::Whitespace => {
                let space = &self.bytes[start..end];
                self.newline |= space.iter().any(|b| matches!(b, b'\n' | b'\r'));
            }
            TokenKind::LineComment => {}
            TokenKind::String | TokenKind::BitString => {
                self.continues = Some(self.quoting(start, first));
                self.newline = false;
            }
            _ => self.continues = None,
        }
        self.pos = end;
        Some(Token {
            kind,
            terminated,
            start,
            end,
        })
    }
}

impl Lexer<'_> {
    /// How the constant that starts here was read.
    fn quoting(&self, start: usize, first: u8) -> Quoting {
        match (first | 0x20, self.at(start + 1)) {
            (b'e', _) => Quoting::Escape,
            (b'b' | b'x', _) => Quoting::Bits,
            (b'u', _) => Quoting::Plain,
            (b'n', _) => self.plain_quoting(),
            _ => match self.continues {
                Some(quoting) if self.newline => quoting,
                _ => self.plain_quoting(),
            },
        }
    }
}
