//! Which parameters are compared with which columns.

use std::ops::Range;

use crate::advise::workload::repair::sql::Sql;
use crate::parse::keywords::Category;
use crate::parse::{Keyword, TokenKind};

/// A column as a statement names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Table or alias.
    pub qualifier: Option<String>,
    /// The column.
    pub column: String,
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// With a value, or with several in a list: `=`, IN.
    Equal,
    /// With an array: `= ANY ($1)`.
    Array,
    /// It is at least that: `>`, `>=`.
    From,
    /// It is at most that: `<`, `<=`.
    To,
    /// It lies between two values.
    Between,
}

/// Values that a column is compared with, as tokens of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The column.
    pub name: Name,
    /// How it is compared.
    pub how: How,
    /// The values.
    pub values: Vec<Range<usize>>,
}

/// The places of a text where a column is compared with nothing but parameters and constants, parameters among
/// them. Two ends of a range are one place.
pub fn places(sql: &Sql<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for at in 0..sql.len() {
        let Some(place) = comparison(sql, at)
            .or_else(|| between(sql, at))
            .or_else(|| list(sql, at))
        else {
            continue;
        };
        let opposite = match place.how {
            How::From => How::To,
            How::To => How::From,
            _ => {
                places.push(place);
                continue;
            }
        };
        let other = places
            .iter_mut()
            .find(|other| other.how == opposite && other.name == place.name);
        if let Some(other) = other {
            if opposite == How::From {
                other.values.extend(place.values);
            } else {
                other.values.splice(0..0, place.values);
            }
            other.how = How::Between;
        } else {
            places.push(place);
        }
    }
    places
}

fn comparison(sql: &Sql<'_>, at: usize) -> Option<Place> {
    if !sql.is(at, TokenKind::Operator) {
        return None;
    }
    let (how, flipped) = match sql.word(at) {
        "=" => (How::Equal, How::Equal),
        "<" | "<=" => (How::To, How::From),
        ">" | ">=" => (How::From, How::To),
        _ => return None,
    };
    let (left, right) = (sql.left(at)?, sql.right(at)?);
    let place = |name, how, value: Range<usize>| Place {
        name,
        how,
        values: vec![value],
    };
    if how == How::Equal && sql.is_word(right.start, "any") {
        let inner = right.start + 2..right.end - 1;
        return is_value(sql, &inner).then_some(place(column(sql, &left)?, How::Array, inner));
    }
    if is_value(sql, &right) {
        return Some(place(column(sql, &left)?, how, right));
    }
    is_value(sql, &left).then_some(place(column(sql, &right)?, flipped, left))
}

fn between(sql: &Sql<'_>, at: usize) -> Option<Place> {
    if sql.keyword(at)? != Keyword::Between || sql.is_word(at.checked_sub(1)?, "not") {
        return None;
    }
    let low = sql.right(at)?;
    let high = sql
        .is_word(low.end, "and")
        .then(|| sql.expression(low.end + 1, sql.level(at)?))??;
    let is_drawn = is_value(sql, &low) && is_value(sql, &high);
    is_drawn.then_some(Place {
        name: column(sql, &sql.left(at)?)?,
        how: How::Between,
        values: vec![low, high],
    })
}

fn list(sql: &Sql<'_>, at: usize) -> Option<Place> {
    if sql.keyword(at)? != Keyword::In || sql.is_word(at.checked_sub(1)?, "not") {
        return None;
    }
    let values = sql
        .is(at + 1, TokenKind::LeftParen)
        .then(|| sql.arguments(at + 1))??;
    let is_drawn = !values.is_empty() && values.iter().all(|value| is_value(sql, value));
    is_drawn.then_some(Place {
        name: column(sql, &sql.left(at)?)?,
        how: How::Equal,
        values,
    })
}

/// The column that tokens are, and nothing else.
fn column(sql: &Sql<'_>, tokens: &Range<usize>) -> Option<Name> {
    let parts: Vec<String> = (tokens.clone().step_by(2))
        .map(|at| part(sql, at))
        .collect::<Option<_>>()?;
    let dotted = (tokens.start + 1..tokens.end)
        .step_by(2)
        .all(|at| sql.is(at, TokenKind::Dot));
    if !dotted || tokens.len().is_multiple_of(2) || tokens.len() > 5 {
        return None;
    }
    let mut parts = parts.into_iter().rev();
    Some(Name {
        column: parts.next()?,
        qualifier: parts.next(),
    })
}

fn part(sql: &Sql<'_>, at: usize) -> Option<String> {
    let word = sql.word(at);
    match sql.kind(at)? {
        TokenKind::QuotedIdent => {
            let inner = word.strip_prefix('"')?.strip_suffix('"')?;
            Some(inner.replace("\"\"", "\""))
        }
        TokenKind::Word => {
            let category = sql.keyword(at).map(Keyword::category);
            (category != Some(Category::Reserved)).then(|| word.to_lowercase())
        }
        _ => None,
    }
}

/// Words that may stand in a value: casts, moments, units.
const WORDS: [&str; 37] = [
    "as",
    "bigint",
    "boolean",
    "cast",
    "char",
    "character",
    "current_date",
    "current_timestamp",
    "date",
    "day",
    "days",
    "decimal",
    "double",
    "hour",
    "int",
    "int4",
    "int8",
    "integer",
    "interval",
    "local",
    "localtimestamp",
    "minute",
    "month",
    "now",
    "numeric",
    "precision",
    "real",
    "second",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "varying",
    "with",
    "without",
    "zone",
];

/// Whether tokens hold parameters and neither columns nor unknown functions.
fn is_value(sql: &Sql<'_>, tokens: &Range<usize>) -> bool {
    use TokenKind as K;
    let allowed = |at: usize| match sql.kind(at) {
        Some(
            K::Param
            | K::String
            | K::Number
            | K::Operator
            | K::Cast
            | K::LeftParen
            | K::RightParen
            | K::LeftBracket
            | K::RightBracket,
        ) => true,
        Some(K::Word) => {
            sql.is_any(at, &WORDS)
                || at > 0 && (sql.is(at - 1, K::Cast) || sql.is_word(at - 1, "as"))
        }
        _ => false,
    };
    tokens.clone().any(|at| sql.is(at, TokenKind::Param)) && tokens.clone().all(allowed)
}
