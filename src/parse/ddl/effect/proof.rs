//! What validated checks prove, so that rows need not be read.

use crate::parse::ddl::catalog::{Relation, Rule};
use crate::parse::ddl::cursor::Cursor;
use crate::parse::tokens::TokenKind;

/// Whether a validated check of a table says that a column is not null.
pub(super) fn not_null(relation: &Relation, column: &str) -> bool {
    conjuncts_of(relation)
        .iter()
        .any(|said| is_not_null(said, column))
}

/// What the validated checks of a table say, each part that has to be true by itself.
pub(super) fn conjuncts_of(relation: &Relation) -> Vec<String> {
    let mut found = Vec::new();
    for (_, _, constraint) in relation.constraints.iter() {
        if let Rule::Check(text) = &constraint.rule
            && !constraint.not_valid
            && !constraint.not_enforced
        {
            conjuncts(text, &mut found);
        }
    }
    found
}

/// The parts of an expression that AND joins.
pub(super) fn conjuncts(text: &str, found: &mut Vec<String>) {
    let mut left = vec![text.trim().to_owned()];
    while let Some(text) = left.pop() {
        let mut c = Cursor::new(&text);
        if c.sees_kind(TokenKind::LeftParen)
            && let Ok(within) = c.group()
            && c.is_at_end()
        {
            left.push(c.source(within));
            continue;
        }
        let mut c = Cursor::new(&text);
        let mut parts = Vec::new();
        let mut between = false;
        let mut start = 0;
        loop {
            let range = c.until(|c| c.sees("and") || c.sees("between") || c.sees("or"));
            if c.accept("between") {
                between = true;
            } else if c.sees("or") {
                parts.clear();
                start = 0;
                break;
            } else if c.accept("and") {
                if !between {
                    parts.push(c.source(start..range.end));
                    start = c.at();
                }
                between = false;
            } else {
                break;
            }
        }
        if parts.is_empty() || start == 0 {
            found.push(text);
            continue;
        }
        let end = {
            c.until(|_| false);
            c.at()
        };
        parts.push(c.source(start..end));
        left.extend(parts.into_iter().map(|part| part.trim().to_owned()));
    }
}

fn is_not_null(text: &str, column: &str) -> bool {
    let mut c = Cursor::new(text);
    let named = c.ident().is_ok_and(|name| name == column);
    named && (c.accept("is not null") || c.accept("notnull")) && c.is_at_end()
}

/// Whether an expression says, whatever else it says, that a column is not null.
pub(super) fn says_not_null(text: &str, column: &str) -> bool {
    let mut parts = Vec::new();
    conjuncts(text, &mut parts);
    parts.iter().any(|said| is_not_null(said, column))
}
