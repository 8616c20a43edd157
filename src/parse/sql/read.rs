//! Texts to syntax trees, by sqlparser.

use std::thread;

use sqlparser::ast::Statement;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};

use super::syntax;

/// Longest text that is read as a tree, in bytes. A tree is dropped by recursion, one level for
/// each operator of a chain such as `a OR b OR …`; at this length the deepest one fits [`STACK`].
pub const MAX_BYTES: usize = 256 * 1024;

/// Stack of the thread that reads and drops trees, in bytes. Only what is used is ever allocated.
const STACK: usize = 256 * 1024 * 1024;

/// Levels of nesting that are read; the parser's own limit of 50 is too low for what ORMs write.
pub(super) const DEPTH: usize = 1_000;

/// Why a text has no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is longer than [`MAX_BYTES`].
    #[error("it is {0} bytes long, and trees are made of up to {MAX_BYTES}")]
    Long(usize),
    /// The parser does not know its syntax, or it has none.
    #[error("{0}")]
    Syntax(String),
    /// It holds no statement, or several.
    #[error("it holds {0} statements")]
    NotOne(usize),
}

/// A statement as a tree.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'t> {
    /// The tree.
    pub statement: &'t Statement,
    /// Strengths of its locking clauses, in the order of the text: trees know two of the four.
    pub locks: &'t [&'static str],
}

/// Reads texts of one statement each, in order, and gives what `see` makes of their trees.
///
/// Trees live on a thread with a stack of its own: whatever the text, none runs out of it.
///
/// # Errors
/// When the system has no thread to give.
pub fn read_each<'t, T: Send>(
    texts: impl Iterator<Item = &'t str> + Send,
    mut see: impl FnMut(&'t str, Result<Tree<'_>, Unread>) -> T + Send,
) -> std::io::Result<Vec<T>> {
    on_stack(move || texts.map(|text| one(text, &mut see)).collect())
}

/// Does what handles trees, on a stack that is large enough for them.
pub(super) fn on_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    thread::scope(|scope| {
        let reader = thread::Builder::new()
            .name("sql".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)?;
        Ok(reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn one<'t, T>(text: &'t str, see: &mut impl FnMut(&'t str, Result<Tree<'_>, Unread>) -> T) -> T {
    if text.len() > MAX_BYTES {
        return see(text, Err(Unread::Long(text.len())));
    }
    let (tokens, locks) = match syntax::tokens(text) {
        Ok(read) => read,
        Err(error) => return see(text, Err(Unread::Syntax(error.to_string()))),
    };
    let trees = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(tokens)
        .parse_statements();
    match trees.as_deref() {
        Ok([statement]) => see(
            text,
            Ok(Tree {
                statement,
                locks: &locks,
            }),
        ),
        Ok(trees) => see(text, Err(Unread::NotOne(trees.len()))),
        Err(error) => see(text, Err(Unread::Syntax(sentence(error)))),
    }
}

fn sentence(error: &ParserError) -> String {
    match error {
        ParserError::TokenizerError(words) | ParserError::ParserError(words) => words.clone(),
        ParserError::RecursionLimitExceeded => format!("it is nested deeper than {DEPTH} levels"),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, read_each};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = read_each([text].into_iter(), |_, tree| match tree {
            Ok(tree) => tree.statement.to_string(),
            Err(error) => error.to_string(),
        });
        assert_eq!(told.unwrap(), [expected]);
    }

    #[test]
    fn statements_as_counters_show_them() {
        check(
            "SELECT * FROM a WHERE b = $1 -- x",
            "SELECT * FROM a WHERE b = $1",
        );
        check(
            "UPDATE a SET b = b + $1 WHERE c = ANY($2)",
            "UPDATE a SET b = b + $1 WHERE c = ANY($2)",
        );
        check("", "it holds 0 statements");
        check("SELECT 1; SELECT 2", "it holds 2 statements");
        check(
            "SELEC 1",
            "Expected: an SQL statement, found: SELEC at Line: 1, Column: 1",
        );
    }

    #[test]
    fn no_text_is_too_deep() {
        let kind = |text: &str| {
            let read = read_each([text].into_iter(), |_, tree| tree.is_ok());
            read.unwrap()[0]
        };
        let parentheses = |n: usize| format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n));
        assert!(kind(&parentheses(200)));
        assert!(!kind(&parentheses(2_000)));
        let chain = |bytes: usize| format!("SELECT 1{}", "+1".repeat((bytes - 8) / 2));
        assert!(kind(&chain(MAX_BYTES)));
        assert!(!kind(&chain(2_000_000)));
        let or = format!("SELECT * FROM a WHERE a=1{}", " OR a=1".repeat(37_000));
        assert!(or.len() <= MAX_BYTES && kind(&or));
    }
}
