//! Words and lists in facts.

use rusqlite::types::ValueRef;
use rusqlite::{Result, Row};
use serde_json::{Map, Value};

use crate::parse::ddl::statement::OptionList;

/// Text of a row, without a copy; none where it is NULL.
pub(super) fn text<'a>(row: &'a Row, at: usize) -> Result<Option<&'a str>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => None,
        other => Some(other.as_str()?),
    })
}

/// Text of a row that may not be missing.
pub(super) fn string(row: &Row, at: usize) -> Result<String> {
    Ok(text(row, at)?.unwrap_or_default().to_owned())
}

/// The known word that is the text; else the first of them.
pub(super) fn word(known: &[&'static str], text: &str) -> &'static str {
    optional_word(known, Some(text)).unwrap_or(known[0])
}

/// The known word that is the text.
pub(super) fn optional_word(known: &[&'static str], text: Option<&str>) -> Option<&'static str> {
    let text = text?;
    known.iter().copied().find(|word| *word == text)
}

/// Names of a JSON list; of what is none, no names.
pub(super) fn names(list: Option<&str>) -> Vec<String> {
    let list = list.filter(|list| *list != "[]");
    let list = list.and_then(|list| serde_json::from_str(list).ok());
    list.unwrap_or_default()
}

/// Options of a JSON map, in their order.
pub(super) fn options(map: Option<&str>) -> OptionList {
    let map: Option<Map<String, Value>> = map.and_then(|map| serde_json::from_str(map).ok());
    let pairs = map.into_iter().flatten();
    let pairs = pairs.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
    pairs.collect()
}
