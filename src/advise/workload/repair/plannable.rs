//! Mends a text until a planner takes it.

use std::collections::HashSet;

use super::error::PlanError;
use super::sql::{Sql, numbered};
use super::{functions, grouping, operators, syntax, types};
use crate::parse::TokenKind;

/// Turns after which a text is given up. Each mends one place; long statements have a few dozen.
const TURNS: usize = 40;

/// The text, mended so that `check` takes it, or why it does not.
///
/// A text without parameters is asked once: what is wrong with it is not for us to mend.
pub fn plannable(
    text: &str,
    check: &mut dyn FnMut(&str) -> Result<(), PlanError>,
) -> Result<String, String> {
    let mends = Sql::new(text).has(TokenKind::Param);
    until_taken(text, mends, check)
}

/// The same for a text that is known to have had parameters (`mends`), whose values stand in quotes now.
pub fn until_taken(
    text: &str,
    mends: bool,
    check: &mut dyn FnMut(&str) -> Result<(), PlanError>,
) -> Result<String, String> {
    let mut text = numbered(text);
    let mut seen = HashSet::new();
    loop {
        let error = match check(&text) {
            Ok(()) => return Ok(text),
            Err(error) => error,
        };
        seen.insert(text.clone());
        let mended = (mends && seen.len() < TURNS)
            .then(|| repair(&text, &error))
            .flatten();
        match mended.filter(|mended| !seen.contains(mended)) {
            Some(mended) => text = mended,
            None => return Err(error.message),
        }
    }
}

/// The text without the mistake that an error names; `None`: it can't be mended. Goes by the SQLSTATE, the
/// position and the names of types in the message, whose other words are in the server's language.
pub fn repair(text: &str, error: &PlanError) -> Option<String> {
    let sql = Sql::new(text);
    let at = error.position.and_then(|position| sql.at(position));
    let mended = match error.code.as_str() {
        "42601" => syntax::mend(&sql, at?),
        "42703" => syntax::national(&sql, at?),
        "42725" if sql.kind(at?) == Some(TokenKind::Operator) => {
            operators::ambiguous(&sql, at?, &error.message)
        }
        "42725" => functions::ambiguous(&sql, at?, &error.message),
        "42883" if sql.followed_by_parenthesis(at?) => {
            functions::missing(&sql, at?, &error.message)
        }
        "42883" => operators::missing(&sql, at?, &error.message),
        "42804" => types::mismatch(&sql, at?, &error.message),
        "42P08" | "42P18" => types::parameter(&sql, at, error),
        "42803" | "42P10" => grouping::unify(&sql, at?),
        _ => None,
    };
    mended.map(|mended| numbered(&mended))
}
