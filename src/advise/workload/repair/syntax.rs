//! Parameters where the grammar wants a constant or a key word.

use super::grouping::alike;
use super::sql::Sql;
use crate::parse::keywords::Category;
use crate::parse::{Keyword, TokenKind};

/// What is put where nothing but a constant in quotes may stand, as the path of a column of `JSON_TABLE`.
const QUOTED: &str = "'$'";
/// What is put where nothing but a number may stand.
const NUMBER: &str = "1";

/// Mends a syntax error at a token.
pub fn mend(sql: &Sql<'_>, at: usize) -> Option<String> {
    let one = at..at + 1;
    if sql.is_word(at, "uescape") {
        return sql.replaced(&(at..at + 2), "");
    }
    if at > 0 && sql.is_word(at - 1, "uescape") {
        return sql.replaced(&(at - 1..at + 1), "");
    }
    if sql.word(at) == QUOTED {
        return sql.replaced(&one, NUMBER);
    }
    if !sql.is(at, TokenKind::Param) {
        return None;
    }
    let before = at.checked_sub(1)?;
    if sql.is(before, TokenKind::LeftParen) && before > 0 && sql.is_word(before - 1, "extract") {
        return sql.replaced(&one, field(sql, before));
    }
    let is_form = sql.is_word(at + 1, "normalized") || is_second_of(sql, at, "normalize");
    if is_form {
        return sql.replaced(&one, "NFC");
    }
    if let Some(begin) = type_before(sql, at) {
        let name = sql.slice(&(begin..at))?;
        let end = unit_end(sql, at + 1);
        let unit = sql
            .slice(&(at + 1..end))
            .map_or(String::new(), |unit| format!(" {unit}"));
        let cast = format!("CAST({} AS {name}{unit})", sql.word(at));
        return sql.replaced(&(begin..end), &cast);
    }
    sql.replaced(&one, QUOTED)
}

/// The field of an EXTRACT: that of another one of the same value, else the year.
fn field<'t>(sql: &Sql<'t>, open: usize) -> &'t str {
    let Some(close) = sql.closing(open) else {
        return "year";
    };
    let same = alike(sql, &(open - 1..close + 1));
    let named = same.into_iter().map(|other| other.start + 2);
    let known = named
        .map(|at| (at, sql.kind(at)))
        .find(|(_, kind)| *kind == Some(TokenKind::Word));
    known.map_or("year", |(at, _)| sql.word(at))
}

/// `n$1` is what the server makes of `N'…'`: a name to the grammar.
pub fn national(sql: &Sql<'_>, at: usize) -> Option<String> {
    let digits = sql.word(at).strip_prefix(['n', 'N'])?.strip_prefix('$')?;
    let number: u32 = digits.parse().ok()?;
    sql.replaced(&(at..at + 1), &format!("${number}"))
}

fn is_second_of(sql: &Sql<'_>, at: usize, function: &str) -> bool {
    let open = (sql.is(at + 1, TokenKind::RightParen))
        .then(|| sql.opening(at + 1))
        .flatten();
    open.is_some_and(|open| {
        open > 0 && sql.is_word(open - 1, function) && sql.is(at - 1, TokenKind::Comma)
    })
}

/// Where the name of a type begins that ends before a token: `interval`, `timestamp(3) with time zone`,
/// `shop.state`.
fn type_before(sql: &Sql<'_>, at: usize) -> Option<usize> {
    let mut last = at.checked_sub(1)?;
    if sql.is_word(last, "zone") && sql.is_word(last.checked_sub(1)?, "time") {
        last = last.checked_sub(3)?;
    }
    if sql.is(last, TokenKind::RightParen) {
        last = sql.opening(last)?.checked_sub(1)?;
    }
    while sql.is_any(last, &["precision", "varying"]) {
        last = last.checked_sub(1)?;
    }
    let is_name = match sql.kind(last)? {
        TokenKind::QuotedIdent => true,
        // The path of a column of JSON_TABLE.
        TokenKind::Word if sql.is_word(last, "path") => false,
        TokenKind::Word => !matches!(
            sql.keyword(last).map(Keyword::category),
            Some(Category::Reserved | Category::TypeOrFunction)
        ),
        _ => false,
    };
    if !is_name {
        return None;
    }
    while last >= 2 && sql.is(last - 1, TokenKind::Dot) {
        last -= 2;
    }
    Some(last)
}

/// One past the unit after the constant of an interval: `day`, `year to month`, `second(3)`.
fn unit_end(sql: &Sql<'_>, begin: usize) -> usize {
    const UNITS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
    if !sql.is_any(begin, &UNITS) {
        return begin;
    }
    let mut end = begin + 1;
    if sql.is_word(end, "to") && sql.is_any(end + 1, &UNITS) {
        end += 2;
    }
    if sql.is(end, TokenKind::LeftParen) {
        end = sql.closing(end).map_or(end, |close| close + 1);
    }
    end
}
