//! How many rows are asked for.

use super::repair::sql::{Sql, numbered};
use crate::parse::TokenKind;

/// The text with numbers in the place of the parameters of LIMIT, FETCH and OFFSET. Without them the planner
/// takes a tenth of all rows to be asked for, which no page of a program shows; the first page is by far the
/// most usual, so that nothing is skipped.
pub fn page(text: &str, rows: u64) -> String {
    let sql = Sql::new(text);
    let mut edits = Vec::new();
    for at in 0..sql.len() {
        let begin = if sql.is_any(at, &["limit", "offset"]) {
            at + 1
        } else if sql.is_word(at, "fetch") && sql.is_any(at + 1, &["first", "next"]) {
            at + 2
        } else {
            continue;
        };
        let Some(end) = value_end(&sql, begin) else {
            continue;
        };
        let number = if sql.is_word(at, "offset") { 0 } else { rows };
        edits.push((begin..end, number.to_string()));
    }
    numbered(sql.edited(&edits).as_deref().unwrap_or(text))
}

/// One past a parameter that begins here, with its cast or in parentheses.
fn value_end(sql: &Sql<'_>, begin: usize) -> Option<usize> {
    let inner = (begin..sql.len()).find(|at| !sql.is(*at, TokenKind::LeftParen))?;
    let mut end = bare_end(sql, inner)?;
    for _ in begin..inner {
        end = sql.is(end, TokenKind::RightParen).then_some(end + 1)?;
    }
    Some(end)
}

/// The same for one without parentheses around it.
fn bare_end(sql: &Sql<'_>, begin: usize) -> Option<usize> {
    if sql.is_word(begin, "cast") && sql.is(begin + 2, TokenKind::Param) {
        return sql.closing(begin + 1).map(|close| close + 1);
    }
    if !sql.is(begin, TokenKind::Param) {
        return None;
    }
    let mut end = begin + 1;
    while sql.is(end, TokenKind::Cast) {
        end = sql.type_end(end + 1);
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(page(text, 20), expected);
    }

    #[test]
    fn rows_that_are_asked_for_are_numbers() {
        check(
            "SELECT * FROM t WHERE a = $1 LIMIT $2 OFFSET $3",
            "SELECT * FROM t WHERE a = $1 LIMIT 20 OFFSET 0",
        );
        check(
            "SELECT * FROM (SELECT * FROM t LIMIT ($4::bigint)) x WHERE a = $7 FETCH FIRST $1 ROWS ONLY",
            "SELECT * FROM (SELECT * FROM t LIMIT 20) x WHERE a = $1 FETCH FIRST 20 ROWS ONLY",
        );
        check("SELECT $2 LIMIT CAST($1 AS bigint)", "SELECT $1 LIMIT 20");
        check(
            "SELECT 1 LIMIT 5 OFFSET a + $1",
            "SELECT 1 LIMIT 5 OFFSET a + $1",
        );
    }
}
