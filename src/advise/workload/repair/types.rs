//! Expressions and parameters of the wrong type, or of none.

use super::error::PlanError;
use super::message::wanted;
use super::operand::Level;
use super::sql::Sql;
use crate::parse::TokenKind;

/// An expression at a token is text and ought to be something else: CASE of parameters that is assigned to a
/// number, branches of UNION, the first branch of a recursion.
pub fn mismatch(sql: &Sql<'_>, at: usize, message: &str) -> Option<String> {
    let Some(to) = wanted(message) else {
        // A polymorphic function of nothing but unknown types.
        let arguments = sql.arguments(sql.call(at)?)?;
        let lone = arguments.into_iter().filter(|argument| argument.len() == 1);
        let edits = lone
            .filter(|argument| sql.is_value(argument.start))
            .filter_map(|argument| sql.casting(&argument, "text"));
        return sql.edited(&edits.collect::<Vec<_>>());
    };
    // What is assigned or united is the whole expression.
    let whole = sql.expression(at, Level::Or)?;
    sql.cast(&whole, &to)
}

/// A parameter without a type, or with two.
pub fn parameter(sql: &Sql<'_>, at: Option<usize>, error: &PlanError) -> Option<String> {
    let at = match at {
        Some(at) => at,
        None => unnamed(sql, &error.message)?,
    };
    if !sql.is(at, TokenKind::Param) {
        return None;
    }
    let number = sql.word(at);
    let others = (0..sql.len()).filter(|other| *other != at && sql.word(*other) == number);
    if error.code == "42P08" && others.count() > 0 {
        // Used with two types: without values it may as well be two parameters.
        let next = (sql.tokens.iter())
            .filter(|token| token.kind == TokenKind::Param)
            .filter_map(|token| token.text(sql.text)[1..].parse::<u64>().ok())
            .max()?;
        return sql.replaced(&(at..at + 1), &format!("${}", next + 1));
    }
    sql.cast(&(at..at + 1), "text")
}

/// The first place of the parameter that a message names as `$1`.
fn unnamed(sql: &Sql<'_>, message: &str) -> Option<usize> {
    let after = &message[message.find('$')?..];
    let end = after[1..].find(|c: char| !c.is_ascii_digit());
    let number = &after[..end.map_or(after.len(), |end| end + 1)];
    (0..sql.len()).find(|at| sql.is(*at, TokenKind::Param) && sql.word(*at) == number)
}
