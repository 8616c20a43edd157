//! What a statement does, by its first words.

use super::shape::Kind;
use crate::parse::keywords::Keyword;
use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, TokenKind};

/// The kind of a statement, by its first word. WITH counts as a query until its body is read.
pub fn kind(sql: &str) -> Kind {
    use Keyword as K;
    let first = Lexer::new(sql, Options::default())
        .find(|token| !token.is_trivia() && token.kind != TokenKind::LeftParen);
    let Some(first) = first else {
        return Kind::Unknown;
    };
    match Keyword::find(first.text(sql)) {
        Some(K::Select | K::With | K::Table) => Kind::Select,
        Some(K::Values) => Kind::Values,
        Some(K::Insert) => Kind::Insert,
        Some(K::Update) => Kind::Update,
        Some(K::Delete) => Kind::Delete,
        Some(K::Merge) => Kind::Merge,
        Some(K::Copy) => Kind::Copy,
        Some(K::Call) => Kind::Call,
        Some(K::Explain) => Kind::Explain,
        Some(
            K::Begin
            | K::Start
            | K::Commit
            | K::End
            | K::Rollback
            | K::Abort
            | K::Savepoint
            | K::Release
            | K::Prepare,
        ) => Kind::Transaction,
        Some(K::Set | K::Reset | K::Show | K::Discard | K::Listen | K::Unlisten) => Kind::Set,
        Some(_) => Kind::Utility,
        None => Kind::Unknown,
    }
}
