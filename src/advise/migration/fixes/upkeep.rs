//! Upkeep that belongs to a change of the schema: statistics of the expressions of an index are gathered once it is
//! there, and until then the planner guesses. All other upkeep is a matter of one server and done by hand.

use super::kind::{Kind, index_name, kind};
use super::sort::Part;
use super::suit::one_by_one;
use crate::advise::migration::words::Words;
use crate::parse::migration::Layout;
use crate::parse::tokens::TokenKind;

/// Statements of a fix by what becomes of them.
#[derive(Debug, Default)]
pub struct Told {
    /// They change the schema.
    pub change: Vec<String>,
    /// They gather statistics of what is indexed by a change.
    pub along: Vec<String>,
    /// Upkeep that nothing waits for.
    pub upkeep: Vec<String>,
}

/// Tells upkeep that belongs to an index from all other.
pub fn told(statements: Vec<String>) -> Told {
    let mut told = Told::default();
    for statement in statements {
        let belongs = || {
            let table = analyzed(&statement);
            let mut made = told.change.iter().filter_map(|made| computed(made));
            table.is_some_and(|table| made.any(|of| of == table))
        };
        if kind(&statement) != Kind::Upkeep {
            told.change.push(statement);
        } else if belongs() {
            told.along.push(statement);
        } else {
            told.upkeep.push(statement);
        }
    }
    told
}

/// Puts what gathers statistics into the migration that builds the index, where the layout runs the statements
/// of such a one by one; elsewhere it is a migration of its own behind that.
pub fn joined(parts: Vec<Part>, layout: Layout) -> Vec<Part> {
    // Flyway refuses files in which some statements can be run in a transaction and some cannot.
    if !one_by_one(layout) || layout == Layout::Flyway {
        return parts;
    }
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        let before = joined.last_mut().filter(|last| last.is_all(Kind::Outside));
        match before.filter(|_| part.is_all(Kind::Upkeep)) {
            Some(before) => before.up.extend(part.up),
            None => joined.push(part),
        }
    }
    joined
}

impl Part {
    fn is_all(&self, of: Kind) -> bool {
        self.up.iter().all(|statement| kind(statement) == of)
    }
}

/// The table that a statement gathers statistics of, if it does that and no more.
pub fn analyzed(statement: &str) -> Option<String> {
    let words = Words::new(statement);
    if !words.are(0, "analyze") || words.len() < 2 || words.after_name(1) != words.len() {
        return None;
    }
    Some(words.slice(1..words.len()).to_owned())
}

/// The table of an index that a statement makes over an expression.
fn computed(statement: &str) -> Option<String> {
    let words = Words::new(statement);
    let index = index_name(&words).filter(|index| index.is_made)?;
    let mut at = words.find_from(index.at, "on")? + 1;
    at += usize::from(words.are(at, "only"));
    let end = words.after_name(at);
    let list = (end..words.len()).find(|at| words.is_kind(*at, TokenKind::LeftParen))?;
    let close = words.after_group(list).checked_sub(1)?;
    // Only an expression has parentheses of its own: a call, or around it.
    let has_expression = (list + 1..close).any(|at| words.is_kind(at, TokenKind::LeftParen));
    has_expression.then(|| words.slice(at..end).to_owned())
}
