//! One expression that parameters have made two: `SELECT date_trunc($1, at) … GROUP BY date_trunc($2, at)`.

use std::ops::Range;

use super::sql::{MOST_TOKENS, Sql};
use crate::parse::{Keyword, TokenKind};

/// Makes the expression at a token, which the server says is no key or stands in no list, the same as the one
/// that it is like: in a list or HAVING it takes the parameters of the key, in a key those of the list.
pub fn unify(sql: &Sql<'_>, at: usize) -> Option<String> {
    if sql.len() > MOST_TOKENS {
        return None;
    }
    let keys = keys(sql);
    if let Some(key) = keys.iter().find(|key| key.contains(&at)) {
        let alike = alike(sql, key);
        let listed = alike.iter().find(|other| !keys.contains(other));
        let as_listed = listed.and_then(|listed| copied(sql, key, listed));
        let others = || alike.iter().filter(|other| keys.contains(other));
        return as_listed.or_else(|| others().find_map(|other| copied(sql, other, key)));
    }
    let around = |key: &Range<usize>| -> Option<Range<usize>> {
        let all = alike(sql, key);
        all.into_iter().find(|other| other.contains(&at))
    };
    let pairs: Vec<_> = (keys.iter())
        .filter_map(|key| around(key).map(|place| (key, place)))
        .collect();
    // Of several keys, the one that nothing in the list is the same as yet.
    let is_met = |key: &Range<usize>| {
        alike(sql, key).iter().any(|other| {
            let same = |(a, b): (usize, usize)| sql.word(a) == sql.word(b);
            !keys.contains(other) && key.clone().zip(other.clone()).all(same)
        })
    };
    let (key, place) = (pairs.iter())
        .find(|(key, _)| !is_met(key))
        .or_else(|| pairs.first())?;
    copied(sql, place, key)
}

/// The text where one expression has the values of another. The server leaves the constants of GROUP BY as they
/// are where the list holds the same, so a constant is taken over from either side.
fn copied(sql: &Sql<'_>, to: &Range<usize>, from: &Range<usize>) -> Option<String> {
    let differing = (to.clone().zip(from.clone()))
        .filter(|(to, from)| sql.word(*to) != sql.word(*from) && is_slot(sql, *to));
    let edits = differing.filter_map(|(to, from)| {
        let (place, value) = if sql.is(to, TokenKind::Param) {
            (to, from)
        } else {
            (from, to)
        };
        sql.is(place, TokenKind::Param)
            .then(|| (place..place + 1, sql.word(value).to_owned()))
    });
    sql.edited(&edits.collect::<Vec<_>>())
}

/// Expressions elsewhere that are the same but for values.
pub fn alike(sql: &Sql<'_>, key: &Range<usize>) -> Vec<Range<usize>> {
    (0..(sql.len() + 1).saturating_sub(key.len()))
        .map(|begin| begin..begin + key.len())
        .filter(|other| other.end <= key.start || key.end <= other.start)
        .filter(|other| is_like(sql, key, other))
        .collect()
}

fn is_like(sql: &Sql<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    one.clone().zip(other.clone()).all(|(a, b)| {
        is_slot(sql, a) && is_slot(sql, b)
            || sql.kind(a) == sql.kind(b) && sql.word(a).eq_ignore_ascii_case(sql.word(b))
    })
}

/// Whether a token is a value: a constant, a parameter, or the field of EXTRACT.
fn is_slot(sql: &Sql<'_>, at: usize) -> bool {
    use TokenKind as K;
    let is_value = matches!(
        sql.kind(at),
        Some(K::Param | K::String | K::Number | K::BitString | K::DollarString)
    );
    is_value || at > 1 && sql.is(at - 1, K::LeftParen) && sql.is_word(at - 2, "extract")
}

/// Expressions of lists after BY and DISTINCT ON, ORDER BY's without their directions.
fn keys(sql: &Sql<'_>) -> Vec<Range<usize>> {
    let mut keys = Vec::new();
    for at in 0..sql.len() {
        let begin = if sql.is_word(at, "by")
            || sql.is_word(at, "on") && at > 0 && sql.is_word(at - 1, "distinct")
        {
            at + 1
        } else {
            continue;
        };
        list(sql, begin, &mut keys);
    }
    keys
}

fn list(sql: &Sql<'_>, begin: usize, keys: &mut Vec<Range<usize>>) {
    let mut start = begin;
    let mut at = begin;
    loop {
        match sql.kind(at) {
            Some(TokenKind::LeftParen | TokenKind::LeftBracket) => {
                // GROUP BY (a, b), DISTINCT ON (a), ROLLUP (a): the lists within.
                let is_list = at == start || sql.is_any(at - 1, &["rollup", "cube", "sets"]);
                if is_list && let Some(inner) = sql.arguments(at) {
                    for key in inner {
                        push(sql, key, keys);
                    }
                }
                let Some(close) = sql.closing(at) else { return };
                at = close + 1;
                continue;
            }
            Some(TokenKind::Comma) => {
                push(sql, start..at, keys);
                start = at + 1;
            }
            Some(TokenKind::RightParen | TokenKind::RightBracket | TokenKind::Semicolon) | None => {
                push(sql, start..at, keys);
                return;
            }
            Some(TokenKind::Word) if ends(sql, at) => {
                push(sql, start..at, keys);
                return;
            }
            _ => {}
        }
        at += 1;
    }
}

fn push(sql: &Sql<'_>, mut key: Range<usize>, keys: &mut Vec<Range<usize>>) {
    let directions = ["asc", "desc", "nulls", "first", "last"];
    while key.end > key.start && sql.is_any(key.end - 1, &directions) {
        key.end -= 1;
    }
    // A parameter by itself is like every other.
    if key.len() > 1 && key.clone().any(|at| is_slot(sql, at)) {
        keys.push(key);
    }
}

/// Words that end a list of keys.
fn ends(sql: &Sql<'_>, at: usize) -> bool {
    matches!(
        sql.keyword(at),
        Some(
            Keyword::Having
                | Keyword::Order
                | Keyword::Limit
                | Keyword::Offset
                | Keyword::Fetch
                | Keyword::For
                | Keyword::Window
                | Keyword::Union
                | Keyword::Except
                | Keyword::Intersect
                | Keyword::Rows
                | Keyword::Range
                | Keyword::Groups
                | Keyword::Select
                | Keyword::Returning
        )
    )
}
