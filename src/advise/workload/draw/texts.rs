//! The texts that come of values.

use std::ops::Range;
use std::rc::Rc;

use rusqlite::Result;

use super::column::{Columns, Values};
use super::place::{How, Place, places};
use super::value::{Draw, values};
use crate::advise::workload::query::Origin;
use crate::advise::workload::repair::sql::{MOST_TOKENS, Sql, numbered};
use crate::facts::quote;
use crate::parse::array::element;

/// Elements of a list whose length nothing tells: a batch of a handful, since the longest ones are told by the
/// texts that hold them.
const LIST: usize = 5;

/// Most elements that are written out: the planner's estimates do not change with more.
const LONGEST_LIST: usize = 100;

/// What `pg_stat_statements` of 18 writes in place of the rest of a list.
const SQUASHED: &str = "/*, ... */";

/// Texts of a statement with drawn values, each another one, in the place of parameters that are compared with
/// columns; other parameters stay. `longest`: elements of its longest list, where they are known.
pub fn texts(
    columns: &Columns<'_>,
    statement: i64,
    text: &str,
    longest: Option<usize>,
) -> Result<Vec<(Origin, String)>> {
    let sql = Sql::new(text);
    if sql.len() > MOST_TOKENS {
        return Ok(Vec::new());
    }
    let mut drawn: Vec<(Place, Rc<Values>)> = Vec::new();
    for place in places(&sql) {
        if let Some(known) = columns.values(statement, &place.name)? {
            drawn.push((place, known));
        }
    }
    let mut texts: Vec<(Origin, String)> = Vec::new();
    for draw in Draw::ALL {
        let edits: Vec<_> = (drawn.iter())
            .filter_map(|(place, known)| edits(&sql, draw, place, known, longest))
            .flatten()
            .collect();
        let Some(text) = sql.edited(&edits).map(|text| numbered(&text)) else {
            continue;
        };
        if texts.iter().all(|(_, other)| *other != text) {
            texts.push((draw.origin(), text));
        }
    }
    Ok(texts)
}

fn edits(
    sql: &Sql<'_>,
    draw: Draw,
    place: &Place,
    known: &Values,
    longest: Option<usize>,
) -> Option<Vec<(Range<usize>, String)>> {
    let many = longest
        .filter(|count| *count > 0)
        .unwrap_or(LIST)
        .min(LONGEST_LIST);
    let first = place.values.first()?.clone();
    if place.how == How::Array {
        let found = values(draw, place.how, known, many)?;
        let all: Vec<String> = found.iter().map(|value| element(value)).collect();
        return Some(vec![(
            first,
            quote::literal(&format!("{{{}}}", all.join(","))),
        )]);
    }
    let is_squashed = place.values.len() == 1 && follows(sql, &first, SQUASHED);
    if place.how == How::Equal && is_squashed {
        let found = values(draw, place.how, known, many)?;
        let all: Vec<String> = found.iter().map(|value| quote::literal(value)).collect();
        return Some(vec![(first, all.join(", "))]);
    }
    // Of a list that is longer than what is known the rest stays.
    let found = values(draw, place.how, known, place.values.len())?;
    let pairs = place.values.iter().cloned().zip(found);
    Some(
        pairs
            .map(|(at, value)| (at, quote::literal(&value)))
            .collect(),
    )
}

/// Whether this comment stands right behind tokens.
fn follows(sql: &Sql<'_>, tokens: &Range<usize>, comment: &str) -> bool {
    let after = sql
        .bytes(tokens)
        .and_then(|bytes| sql.text.get(bytes.end..));
    after.is_some_and(|after| after.trim_start().starts_with(comment))
}
