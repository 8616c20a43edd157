//! What each token of a statement is to it: part of the statement, or a value that changes from
//! one execution to the next. Fingerprints, readable texts and redaction all rest on this, so
//! they agree with each other; and it follows what `pg_stat_statements` replaces, so they agree
//! with its texts.
//!
//! Values are constants and parameters, and besides:
//! - `TRUE`, `FALSE` and `NULL`, but not in `IS [NOT] NULL`, `NOT NULL` and `SET NULL`; `LIMIT ALL`;
//! - the field of `extract(field FROM …)` and the form of `IS NFC NORMALIZED`, which the server
//!   keeps as constants;
//! - the value of `SET name = value`, as a whole;
//! - names that clients make up: of savepoints, of prepared statements where they are made or
//!   dropped, of cursors where they are made or closed. Where EXECUTE, FETCH and MOVE use one,
//!   nothing else tells what is run, so there it counts as made up only with a digit in it (`ps21`,
//!   `c1` of `postgres_fdw`, `_django_curs_140…`).
//!
//! Numbers that belong to the statement: type modifiers (`numeric(10,2)`, `int[3]`) and output
//! columns by position (`ORDER BY 1`).

use super::keywords::{Category, Keyword};
use super::lexer::Lexer;
use super::tokens::{Options, TokenKind};
use super::{names, numbers};

/// What a piece is to its statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of it.
    Structure,
    /// A value that may be a secret.
    Data,
    /// A value that is none, such as `LIMIT 10` or `NULL`.
    Shown,
}

/// A token of a statement; constants in several parts and lists of settings are one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
    pub keyword: Option<Keyword>,
    pub role: Role,
    /// Whether it stands in a utility statement.
    pub utility: bool,
}

impl Piece {
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start..self.end]
    }

    /// A word or quoted identifier that may be the name of something.
    pub fn is_name(&self) -> bool {
        let reserved = self.keyword.map(Keyword::category) == Some(Category::Reserved);
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedIdent) && !reserved
    }

    /// Makes it a value that is no secret, and to all that look at it later a plain constant.
    pub fn show(&mut self) {
        self.kind = TokenKind::Number;
        self.keyword = None;
        self.role = Role::Shown;
    }

    /// Makes it a value that may be a secret.
    pub fn hide(&mut self) {
        self.kind = TokenKind::String;
        self.keyword = None;
        self.role = Role::Data;
    }

    /// A constant in quotes.
    pub fn is_quoted(&self) -> bool {
        use TokenKind::{BitString, DollarString, String};
        matches!(self.kind, String | BitString | DollarString)
    }
}

/// The pieces of a text of one or more statements, without white space and comments.
pub(super) fn outline(sql: &str) -> Vec<Piece> {
    let mut pieces = read(sql);
    let mut start = 0;
    let mut depth = 0usize;
    for i in 0..=pieces.len() {
        match pieces.get(i).map(|piece| piece.kind) {
            Some(TokenKind::LeftParen) => depth += 1,
            Some(TokenKind::RightParen) => depth = depth.saturating_sub(1),
            Some(TokenKind::Semicolon) if depth > 0 => {}
            Some(TokenKind::Semicolon) | None => {
                statement(sql, &mut pieces[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    pieces.retain(|piece| piece.start < piece.end);
    pieces
}

fn read(sql: &str) -> Vec<Piece> {
    use TokenKind as K;
    let mut pieces: Vec<Piece> = Vec::new();
    for token in Lexer::new(sql, Options::default()).filter(|t| !t.is_trivia()) {
        let text = token.text(sql);
        let literal = matches!(
            token.kind,
            K::String | K::BitString | K::DollarString | K::Number | K::Param
        );
        let mut piece = Piece {
            kind: token.kind,
            start: token.start,
            end: token.end,
            keyword: None,
            role: if literal { Role::Data } else { Role::Structure },
            utility: true,
        };
        if token.kind == K::Word {
            piece.keyword = Keyword::find(text);
            // `n$1` is what pg_stat_statements makes of `N'…'`.
            let digits = text.strip_prefix("n$").or_else(|| text.strip_prefix("N$"));
            if digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit())) {
                piece.show();
            }
        }
        match pieces.last_mut() {
            // A constant that goes on after a line end.
            Some(last) if text.starts_with('\'') && last.is_quoted() => last.end = token.end,
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// Gives the pieces of one statement their roles.
fn statement(sql: &str, pieces: &mut [Piece]) {
    let utility = is_utility(pieces);
    for piece in pieces.iter_mut() {
        piece.utility = utility;
    }
    names::mark(sql, pieces);
    for i in 0..pieces.len() {
        if is_word_value(pieces, i) {
            pieces[i].show();
        }
    }
    numbers::mark(sql, pieces);
}

/// Everything but queries, INSERT, UPDATE, DELETE, MERGE and what wraps one of them. What begins
/// with no known word counts as utility, for that is the careful reading.
fn is_utility(mut pieces: &[Piece]) -> bool {
    use Keyword as K;
    loop {
        let Some(first) = pieces.first() else {
            return false;
        };
        let second = pieces.get(1);
        return match first.keyword {
            Some(
                K::Select
                | K::Insert
                | K::Update
                | K::Delete
                | K::Merge
                | K::With
                | K::Values
                | K::Table
                | K::Declare,
            ) => false,
            Some(K::Copy) => second.is_none_or(|p| p.kind != TokenKind::LeftParen),
            Some(K::Create) => !is_create_table_as(pieces),
            Some(K::Explain) => {
                pieces = explained(&pieces[1..]);
                continue;
            }
            _ => first.kind != TokenKind::LeftParen,
        };
    }
}

/// What stands after the options of EXPLAIN.
fn explained(mut pieces: &[Piece]) -> &[Piece] {
    use Keyword::{Analyse, Analyze, Verbose};
    if pieces
        .first()
        .is_some_and(|p| p.kind == TokenKind::LeftParen)
    {
        let query = [
            Keyword::Select,
            Keyword::With,
            Keyword::Values,
            Keyword::Table,
        ]
        .map(Some);
        let nested = pieces
            .get(1)
            .is_some_and(|p| query.contains(&p.keyword) || p.kind == TokenKind::LeftParen);
        if nested {
            return pieces;
        }
        let close = pieces.iter().position(|p| p.kind == TokenKind::RightParen);
        pieces = &pieces[close.map_or(pieces.len(), |n| n + 1)..];
    }
    let options = pieces
        .iter()
        .take_while(|p| matches!(p.keyword, Some(Analyze | Analyse | Verbose)))
        .count();
    &pieces[options..]
}

fn is_create_table_as(pieces: &[Piece]) -> bool {
    use Keyword as K;
    let mut words = pieces.iter().skip(1).map(|p| p.keyword).skip_while(|word| {
        matches!(
            word,
            Some(K::Global | K::Local | K::Temp | K::Temporary | K::Unlogged)
        )
    });
    if words.next() != Some(Some(K::Table)) {
        return false;
    }
    let mut depth = 0usize;
    for pair in pieces.windows(2) {
        match pair[0].kind {
            TokenKind::LeftParen => depth += 1,
            TokenKind::RightParen => depth = depth.saturating_sub(1),
            TokenKind::Word if depth == 0 && pair[0].keyword == Some(K::As) => {
                let query = [K::Select, K::With, K::Values, K::Table, K::Execute].map(Some);
                return query.contains(&pair[1].keyword) || pair[1].kind == TokenKind::LeftParen;
            }
            _ => {}
        }
    }
    false
}

/// Whether a word is a constant, or stands where the server makes one of it.
fn is_word_value(pieces: &[Piece], i: usize) -> bool {
    use Keyword as K;
    let before = |n: usize| i.checked_sub(n).map(|j| &pieces[j]);
    let word = |n: usize| before(n).and_then(|p| p.keyword);
    let next = pieces.get(i + 1);
    let next_word = next.and_then(|p| p.keyword);
    match pieces[i].keyword {
        Some(K::Null | K::True | K::False) => match word(1) {
            Some(K::Is) => false,
            Some(K::Not) => word(2) != Some(K::Is) && !pieces[i].utility,
            Some(K::Set) => !pieces[i].utility,
            // Not the constraint in `a int NULL`.
            _ => expects_operand(before(1)),
        },
        Some(K::All) => word(1) == Some(K::Limit),
        Some(K::Nfc | K::Nfd | K::Nfkc | K::Nfkd)
            if next_word == Some(K::Normalized)
                || (before(1).is_some_and(|p| p.kind == TokenKind::Comma)
                    && next.is_some_and(|p| p.kind == TokenKind::RightParen)) =>
        {
            true
        }
        _ => {
            pieces[i].kind == TokenKind::Word
                && word(2) == Some(K::Extract)
                && before(1).is_some_and(|p| p.kind == TokenKind::LeftParen)
                && next_word == Some(K::From)
        }
    }
}

/// Whether an operand is to come after a piece, so that a sign there belongs to what follows.
pub(super) fn expects_operand(before: Option<&Piece>) -> bool {
    use Keyword as K;
    use TokenKind as T;
    let Some(before) = before else {
        return true;
    };
    if before.role != Role::Structure {
        return false;
    }
    match before.keyword {
        Some(
            K::CurrentCatalog
            | K::CurrentDate
            | K::CurrentRole
            | K::CurrentTime
            | K::CurrentTimestamp
            | K::CurrentUser
            | K::End
            | K::False
            | K::Localtime
            | K::Localtimestamp
            | K::Null
            | K::SessionUser
            | K::SystemUser
            | K::True
            | K::User,
        ) => false,
        Some(
            K::Absolute
            | K::Backward
            | K::Between
            | K::By
            | K::Cache
            | K::Escape
            | K::Forward
            | K::Ilike
            | K::Increment
            | K::Like
            | K::Maxvalue
            | K::Minvalue
            | K::Relative
            | K::Restart
            | K::Return
            | K::Start,
        ) => true,
        Some(word) => word.category() == Category::Reserved,
        None => matches!(
            before.kind,
            T::Operator
                | T::LeftParen
                | T::LeftBracket
                | T::Comma
                | T::Semicolon
                | T::Assign
                | T::Colon
        ),
    }
}
