//! What a statement does, as far as runs of statements need it.

use crate::parse::Lexer;
use crate::parse::keywords::Keyword;
use crate::parse::tokens::{Options, TokenKind};

/// What a statement does, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Begins a transaction.
    Begin,
    /// Ends a transaction.
    End,
    /// Reads tables.
    Read,
    /// Reads tables and passes over rows that are locked, as workers of a queue do.
    Queue,
    /// Changes rows.
    Write,
    /// Anything else: settings, savepoints, queries without a table.
    Other,
}

/// The role of a statement.
pub fn role(sql: &str) -> Role {
    use Keyword as K;
    let mut words = Lexer::new(sql, Options::default())
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| Keyword::find(token.text(sql)));
    match words.next().flatten() {
        Some(K::Begin | K::Start) => Role::Begin,
        // To a savepoint.
        Some(K::Rollback) if words.any(|word| word == Some(K::To)) => Role::Other,
        Some(K::Commit | K::End | K::Abort | K::Rollback) => Role::End,
        Some(K::Prepare) if words.next() == Some(Some(K::Transaction)) => Role::End,
        Some(K::Insert | K::Update | K::Delete | K::Merge) => query(words, Role::Write),
        Some(K::Select | K::With) => query(words, Role::Other),
        _ => Role::Other,
    }
}

fn query(words: impl Iterator<Item = Option<Keyword>>, mut role: Role) -> Role {
    let mut before = None;
    for word in words {
        match word {
            Some(Keyword::From) if role == Role::Other => role = Role::Read,
            Some(Keyword::Locked) if before == Some(Keyword::Skip) => return Role::Queue,
            _ => {}
        }
        before = word;
    }
    role
}
