//! Indexes that may go, and those that look so and stay.
//!
//! What is unused, a duplicate, or a leading part of another index, the pages `index/unused`, `index/duplicate` and
//! `index/redundant-prefix` judge; their findings are taken as they are. Here comes what an advised index takes over,
//! and the last look: whether foreign keys keep an index.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};
use serde_json::Value;

use super::existing::{Existing, read};
use super::foreign_keys::{ForeignKey, foreign_keys};
use super::replaced::is_replaced;
use super::what_if::Sized;
use crate::facts::{human, quote};

/// The pages whose findings are taken.
const PAGES: [(&str, Cause); 3] = [
    ("index/duplicate", Cause::Duplicate),
    ("index/redundant-prefix", Cause::Covered),
    ("index/unused", Cause::Unused),
];

/// Numbers that judge, from the pages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// `max_growth` of `index/redundant-prefix`: a narrow index in use stays beside one so many times its size.
    pub max_growth: f64,
    /// `min_counter_age` of `index/unused`, ms: younger counters prove nothing.
    pub min_counter_age_ms: f64,
    /// `min_size` of `index/unused`, bytes.
    pub min_size_bytes: f64,
    /// Size of a page of the server, bytes.
    pub block_bytes: f64,
}

/// Why an index may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nothing scans it.
    Unused,
    /// Another index is the same.
    Duplicate,
    /// It is the leading part of another one.
    Covered,
    /// It is the leading part of an advised one, by its place in the list.
    Replaced(usize),
}

/// An index that may go.
#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    /// `indexes.id`.
    pub index_id: i64,
    /// The index, as people write it.
    pub object: String,
    /// Why, for programs.
    pub cause: Cause,
    /// Statement that drops it.
    pub sql: String,
    /// Statements that make it again; `None`: its definition is not known.
    pub undo: Option<String>,
    /// Why, a sentence fragment.
    pub because: String,
    /// Advised indexes, by their places in the list, that have to be there before it goes: the one that it is the
    /// leading part of, and those that serve a foreign key which nothing else would serve.
    pub needs: Vec<usize>,
    /// certain, likely or possible.
    pub confidence: String,
    /// Bytes that it takes; `None`: not known.
    pub size_bytes: Option<i64>,
}

/// An index that seems not to be needed and stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// `indexes.id`.
    pub index_id: i64,
    /// The index, as people write it.
    pub object: String,
    /// Why it stays, a sentence fragment.
    pub because: String,
}

/// What is to become of the indexes of a database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drops {
    /// Those that may go.
    pub go: Vec<Drop>,
    /// Those without scans, or that an advised one begins with, that stay.
    pub stay: Vec<Kept>,
    /// Those that do more than look-ups, which no other index can take over, scanned or not.
    pub bound: Vec<Kept>,
    /// Pages that could not judge, and why.
    pub not_judged: Vec<(String, String)>,
}

/// Says which indexes of a database may go, once the advised ones are there. The pages must have run and have left
/// their results in these facts.
///
/// # Errors
/// When the facts cannot be read.
pub fn drops(
    facts: &Connection,
    database: i64,
    advised: &[Sized],
    limits: &Limits,
) -> Result<Drops> {
    let existing = read(facts, database)?;
    let mut drops = Drops {
        not_judged: not_judged(facts)?,
        bound: existing.iter().filter_map(bound).collect(),
        ..Drops::default()
    };
    let mut reasons: HashMap<i64, String> = HashMap::new();
    let mut found = findings(facts, &existing)?;
    for index in &existing {
        let replaced = advised.iter().position(|it| is_replaced(index, &it.spec));
        let Some(place) = replaced.filter(|_| !found.contains_key(&index.id)) else {
            continue;
        };
        match why_not_replaced(index, &advised[place], limits) {
            Some(because) => drop(reasons.insert(index.id, because)),
            None => drop(found.insert(index.id, replacement(index, place, &advised[place]))),
        }
    }
    let keys = foreign_keys(facts, database)?;
    keep_for_foreign_keys(&existing, advised, &keys, &mut found, &mut reasons);
    let accepted = accepted(facts)?;
    for index in &existing {
        if let Some(drop) = found.remove(&index.id) {
            drops.go.push(drop);
        } else if index.scans == Some(0) || reasons.contains_key(&index.id) {
            let own = || reason(index, &existing, &keys, &accepted, limits);
            let because = reasons.remove(&index.id).or_else(own);
            drops.stay.extend(because.map(|because| Kept {
                index_id: index.id,
                object: index.object(),
                because,
            }));
        }
    }
    Ok(drops)
}

fn bound(index: &Existing) -> Option<Kept> {
    Some(Kept {
        index_id: index.id,
        object: index.object(),
        because: index.duty()?,
    })
}

/// Pages that did not run, and objects that they left out.
fn not_judged(facts: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = facts.prepare(
        "SELECT p.value, coalesce(
                  (SELECT s.because FROM skipped_rules s WHERE s.rule = p.value),
                  (SELECT CASE r.status WHEN 'off' THEN 'it is switched off' END FROM rules r WHERE r.id = p.value),
                  (SELECT 'it did not run' WHERE NOT EXISTS (SELECT 1 FROM rules r WHERE r.id = p.value)),
                  (SELECT min(coalesce(u.object || ': ', '') || u.because)
                            || CASE WHEN sum(u.object_count) > 1 THEN '; and so for ' || (sum(u.object_count) - 1) || ' more' ELSE '' END
                   FROM unjudged u WHERE u.rule = p.value HAVING count(*) > 0)) AS because
         FROM json_each(?1) p WHERE because IS NOT NULL ORDER BY p.key",
    )?;
    let names = serde_json::json!(PAGES.map(|(name, _)| name)).to_string();
    let rows = statement.query_map([names], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// What the pages found, by index.
fn findings(facts: &Connection, existing: &[Existing]) -> Result<HashMap<i64, Drop>> {
    let mut statement = facts.prepare(
        "SELECT subject_id, object, detail, confidence, fix, undo, reclaim_bytes FROM findings
         WHERE rule = ?1 AND subject_kind = 'index' AND fix IS NOT NULL",
    )?;
    let ours: HashSet<i64> = existing.iter().map(|index| index.id).collect();
    let mut found: HashMap<i64, Drop> = HashMap::new();
    for (page, cause) in PAGES {
        let mut rows = statement.query([page])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if !ours.contains(&id) {
                continue;
            }
            let one = Drop {
                index_id: id,
                object: row.get(1)?,
                cause,
                needs: Vec::new(),
                because: row.get(2)?,
                confidence: row.get(3)?,
                sql: row.get(4)?,
                undo: row.get(5)?,
                size_bytes: row.get(6)?,
            };
            found.entry(id).or_insert(one);
        }
    }
    Ok(found)
}

/// Indexes whose findings settings accept, by their name: with the reason that is given there.
fn accepted(facts: &Connection) -> Result<HashMap<String, Option<String>>> {
    let mut statement = facts.prepare(
        "SELECT object, reason FROM ignored_findings
         WHERE rule IN ('index/duplicate', 'index/redundant-prefix', 'index/unused')",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn why_not_replaced(index: &Existing, by: &Sized, limits: &Limits) -> Option<String> {
    if let Some(because) = index.duty() {
        return Some(because);
    }
    let new_bytes = by.pages as f64 * limits.block_bytes;
    let is_in_use = index.scans != Some(0);
    match index.size_bytes {
        None => Some("its size is not known".to_owned()),
        Some(bytes) if is_in_use && new_bytes >= limits.max_growth * bytes as f64 => Some(format!(
            "it is in use, and the advised index ({}) that begins like it is {:.1} times as large",
            by.spec.target(),
            new_bytes / (bytes as f64).max(1.0)
        )),
        Some(_) => None,
    }
}

fn replacement(index: &Existing, place: usize, by: &Sized) -> Drop {
    Drop {
        index_id: index.id,
        object: index.object(),
        cause: Cause::Replaced(place),
        needs: vec![place],
        sql: index.drop_sql(),
        undo: index.undo_sql(),
        because: format!(
            "the advised index on {} begins with all of it{}",
            by.spec.target(),
            index.size_bytes.map_or(String::new(), |bytes| format!(
                "; it takes {}",
                human::bytes(bytes as f64)
            ))
        ),
        confidence: "likely".to_owned(),
        size_bytes: index.size_bytes,
    }
}

/// Takes back drops that would leave a foreign key without an index that it has now. Where an advised index is to
/// serve it, drops wait for that one.
fn keep_for_foreign_keys(
    existing: &[Existing],
    advised: &[Sized],
    keys: &[ForeignKey],
    found: &mut HashMap<i64, Drop>,
    reasons: &mut HashMap<i64, String>,
) {
    for key in keys {
        let serving: Vec<&Existing> = existing
            .iter()
            .filter(|index| key.is_served_by(index))
            .collect();
        if serving.iter().any(|index| !found.contains_key(&index.id)) {
            continue;
        }
        let all: Vec<usize> = (0..advised.len())
            .filter(|place| key.is_served_by_spec(&advised[*place].spec))
            .collect();
        if let Some(first) = all.first() {
            for index in &serving {
                if let Some(drop) = found.get_mut(&index.id)
                    && !drop.needs.iter().any(|place| all.contains(place))
                {
                    drop.needs.push(*first);
                }
            }
            continue;
        }
        // The one with the most scans stays, the smallest of equals.
        let best = serving
            .iter()
            .max_by_key(|index| (index.scans, std::cmp::Reverse(index.size_bytes), -index.id));
        if let Some(best) = best {
            found.remove(&best.id);
            reasons.insert(best.id, key.needs());
        }
    }
}

/// Why an index without scans stays.
fn reason(
    index: &Existing,
    existing: &[Existing],
    keys: &[ForeignKey],
    accepted: &HashMap<String, Option<String>>,
    limits: &Limits,
) -> Option<String> {
    if let Some(because) = index.duty() {
        return Some(because);
    }
    if let Some(given) = accepted.get(&index.object()) {
        let given = given
            .as_deref()
            .map_or(String::new(), |given| format!(": {given}"));
        return Some(format!("the settings accept it{given}"));
    }
    let alone = |key: &&ForeignKey| {
        key.is_served_by(index)
            && !existing
                .iter()
                .any(|it| it.id != index.id && it.scans != Some(0) && key.is_served_by(it))
    };
    if let Some(key) = keys.iter().find(alone) {
        return Some(key.needs());
    }
    match index.counted_ms {
        None => Some(
            "nothing shows how long it is there, or since when its scans are counted".to_owned(),
        ),
        Some(age) if age < limits.min_counter_age_ms => {
            Some(format!("its scans are known for {} only", human::ms(age)))
        }
        Some(_)
            if index
                .size_bytes
                .is_some_and(|bytes| (bytes as f64) < limits.min_size_bytes) =>
        {
            Some(format!(
                "it is small ({})",
                human::bytes(index.size_bytes.unwrap_or(0) as f64)
            ))
        }
        Some(_) => None,
    }
}

/// A list of names in JSON.
pub(super) fn names(list: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(list).unwrap_or_default();
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Names as SQL writes them, with commas.
pub(super) fn columns(names: &[String]) -> String {
    names
        .iter()
        .map(|name| quote::ident(name))
        .collect::<Vec<_>>()
        .join(", ")
}
