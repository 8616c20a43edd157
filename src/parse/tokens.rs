//! Lossless tokens of SQL, by the lexical rules of `PostgreSQL` (manual, section 4.1).
//!
//! Every byte of the text belongs to exactly one token, so the tokens of a text joined are the
//! text. Nothing fails: what ends too early is a token that is not [`Token::terminated`], and a
//! byte that starts nothing is a token of kind [`TokenKind::Other`].
//!
//! Where the rules changed between versions the newer one is taken: digits may be grouped
//! (`1_000`), integers may be hexadecimal, octal or binary (16), vertical tab is white space (16).

use super::lexer::Lexer;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and line ends.
    Whitespace,
    /// `--` to the end of the line, without the line end.
    LineComment,
    /// `/* … */`, nested ones within.
    BlockComment,
    /// An identifier or key word without quotes.
    Word,
    /// `"…"` or `U&"…"`.
    QuotedIdent,
    /// `'…'`, `E'…'`, `U&'…'` or `N'…'`. A constant continued after a line end
    /// (`'a'` newline `'b'`) is several tokens; those that continue `E'…'` read backslashes too.
    String,
    /// `B'…'` or `X'…'`.
    BitString,
    /// `$tag$ … $tag$`.
    DollarString,
    /// An integer or decimal number, never with a sign.
    Number,
    /// `$1`.
    Param,
    /// One operator, such as `=` or `->>`.
    Operator,
    /// `::`
    Cast,
    /// `:=`
    Assign,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `:name`, `:'name'`, `:"name"` or `:{?name}` of psql, when [`Options`] ask for it.
    Variable,
    /// One byte that starts no token of the language.
    Other,
}

/// One token: bytes `start..end` of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Whether it was closed: false for a quote or block comment that runs into the end.
    pub terminated: bool,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token {
    /// The token's own text, out of the text it was made from.
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start..self.end]
    }

    /// White space or a comment.
    pub fn is_trivia(&self) -> bool {
        use TokenKind::{BlockComment, LineComment, Whitespace};
        matches!(self.kind, Whitespace | LineComment | BlockComment)
    }
}

/// What the reading depends on besides the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The setting of that name: when off, backslashes escape in plain `'…'` too.
    pub standard_conforming_strings: bool,
    /// Read psql's variables as tokens of their own.
    pub psql_variables: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            standard_conforming_strings: true,
            psql_variables: false,
        }
    }
}

/// The tokens of a text, with the default [`Options`].
pub fn tokenize(sql: &str) -> Vec<Token> {
    Lexer::new(sql, Options::default()).collect()
}
