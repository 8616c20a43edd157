//! Whether an advised index takes over from one that is there.

use super::existing::{Existing, Place};
use super::spec::{IndexSpec, Key, Part};

/// The advised index begins with all keys of the other one, ordered alike or all the other way round, holds its
/// further columns too, and the same rows. As `index/redundant-prefix` has it between two that are there.
pub(super) fn is_replaced(index: &Existing, by: &IndexSpec) -> bool {
    let keys: Vec<&Place> = index.keys().collect();
    if index.relation != by.relation
        || index.method != "btree"
        || by.method != "btree"
        || !index.is_valid
        || keys.is_empty()
        || keys.len() > by.keys.len()
        || !is_same_sql(index.predicate.as_deref(), by.predicate.as_deref())
    {
        return false;
    }
    let is_same = |(place, key): (&&Place, &Key)| is_same_part(place, key);
    if !keys.iter().zip(&by.keys).all(is_same) {
        return false;
    }
    // NULLs come first in an advised key that descends.
    let turned = |(place, key): (&&Place, &Key), is_turned: bool| {
        (place.is_descending != key.is_descending) == is_turned
            && (place.nulls_first != key.is_descending) == is_turned
    };
    let is_ordered = |is_turned| {
        keys.iter()
            .zip(&by.keys)
            .all(|pair| turned(pair, is_turned))
    };
    if !is_ordered(false) && !is_ordered(true) {
        return false;
    }
    let is_held = |name: &String| {
        by.include.contains(name) || by.keys.iter().any(|key| key.name() == Some(name))
    };
    index
        .places
        .iter()
        .filter(|place| place.is_included)
        .all(|place| place.column.as_ref().is_some_and(is_held))
}

fn is_same_part(place: &Place, key: &Key) -> bool {
    let is_same = match &key.part {
        Part::Column(name) => place.column.as_ref() == Some(name),
        Part::Expression(text) => {
            place.column.is_none() && is_same_sql(place.expression.as_deref(), Some(text))
        }
    };
    is_same && place.opclass == key.opclass && place.collation.is_none()
}

/// Two expressions are the same when what the server adds of parentheses, blanks and casts of constants is taken
/// away. A difference in anything else keeps them apart.
fn is_same_sql(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => bare(a) == bare(b),
        _ => false,
    }
}

fn bare(sql: &str) -> String {
    let (mut bare, mut is_text) = (String::new(), false);
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        if next == '\'' {
            is_text = !is_text;
            bare.push(next);
            // The cast of a constant.
            if !is_text && let Some(cast) = rest.strip_prefix("::") {
                rest = cast.trim_start_matches(|c: char| {
                    c.is_ascii_alphanumeric() || c == '_' || c == ' ' && !cast.contains(" AND ")
                });
            }
        } else if is_text {
            bare.push(next);
        } else if !matches!(next, '(' | ')' | ' ' | '\n' | '\t') {
            bare.extend(next.to_lowercase());
        }
    }
    bare
}
