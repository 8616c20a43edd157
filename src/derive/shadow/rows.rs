//! Rows at the ends of columns: beyond what a histogram shows, the planner looks at the ends of indexes.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, rows};
use super::elements::elements;
use super::neutral::Neutral;
use super::objects::{Column, Constraint, Kind, Relation};
use super::script::Script;
use super::statistics::Slot;
use crate::facts::quote;

/// Least and greatest value of a column.
type Ends = (Option<String>, Option<String>);

/// Ends of columns, by relation and name, as SQL.
type Known = HashMap<(i64, String), Ends>;

/// Types whose values are compared as numbers.
const NUMBERS: [&str; 6] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
];

/// Adds a row of least and a row of greatest values to each table of which values are known.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    script: &mut Script,
) -> Result<()> {
    let known = known(facts, database, catalog)?;
    let neutral = Neutral::read(facts, database)?;
    let relations = catalog.relations.iter();
    for relation in relations.filter(|r| r.is_made() && r.kind != Kind::Partitioned) {
        if let Some((least, greatest)) = values(relation, &known, &neutral) {
            let both = if least == greatest {
                vec![least]
            } else {
                vec![least, greatest]
            };
            add(catalog, relation, &both, script);
        }
    }
    Ok(())
}

/// What statistics tell, and over it what look-ups found.
fn known(facts: &Connection, database: i64, catalog: &Catalog) -> Result<Known> {
    let mut known = Known::new();
    let seen = rows(
        facts,
        "SELECT s.relation_id, c.name, s.slots, c.type, c.collation FROM planner_statistics s
         JOIN columns c ON c.relation_id = s.relation_id AND c.position = s.position
         WHERE s.database_id = ?1 AND NOT s.inherited",
        database,
        |row| {
            let key = (row.get(0)?, row.get(1)?);
            let (slots, kind): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok((key, slots, kind, row.get::<_, Option<String>>(4)?))
        },
    )?;
    for (key, slots, kind, collation) in seen {
        let slots: Vec<Slot> = serde_json::from_str(&slots).unwrap_or_default();
        let collation = collation.map_or_else(String::new, |name| {
            format!(" COLLATE {}", catalog.collation(&name))
        });
        let kind = kind.unwrap_or_default();
        known.insert(key, seen_ends(&slots, &kind, &collation));
    }
    let found = rows(
        facts,
        "SELECT e.relation_id, e.column_name, e.least, e.greatest FROM column_ends e
         JOIN relations r ON r.id = e.relation_id WHERE r.database_id = ?1",
        database,
        |row| {
            let literal = |end: Option<String>| end.map(|end| quote::literal(&end));
            let (least, greatest) = (literal(row.get(2)?), literal(row.get(3)?));
            Ok(((row.get(0)?, row.get(1)?), (least, greatest)))
        },
    )?;
    known.extend(found);
    Ok(known)
}

/// Ends of what ANALYZE saw: its histogram leaves out the most common values, which may lie beyond. `collation` is empty
/// or a clause.
fn seen_ends(slots: &[Slot], kind: &str, collation: &str) -> Ends {
    let values = |number: i64| {
        let slot = slots.iter().find(|slot| slot.kind == number)?;
        Some(elements(slot.values.as_deref()?))
    };
    let mut seen = values(1).unwrap_or_default();
    let bounds = values(2).unwrap_or_default();
    seen.extend(bounds.first().cloned());
    seen.extend(bounds.last().cloned());
    if seen.is_empty() {
        return (None, None);
    }
    let is_ordered = slots.iter().any(|slot| matches!(slot.kind, 2 | 3));
    let name = kind.split('(').next().unwrap_or_default();
    if NUMBERS.contains(&name) || !is_ordered {
        return ends_by_number(seen);
    }
    let cast = |value: &String| format!("{}::{kind}{collation}", quote::literal(value));
    let all: Vec<String> = seen.iter().map(cast).collect();
    let of = |what: &str| Some(format!("{what}({})", all.join(", ")));
    (of("LEAST"), of("GREATEST"))
}

/// Ends of numbers; of other values, which have no order, the ends of their texts.
fn ends_by_number(mut seen: Vec<String>) -> Ends {
    let numbers: Option<Vec<f64>> = seen.iter().map(|value| value.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let mut pairs: Vec<(f64, String)> = numbers.into_iter().zip(seen).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        seen = pairs.into_iter().map(|(_, value)| value).collect();
    } else {
        seen.sort_unstable();
    }
    let literal = |value: &String| quote::literal(value);
    (seen.first().map(literal), seen.last().map(literal))
}

/// The two rows, as SQL; none where nothing is known, or where a column may not be NULL and has no value.
fn values(relation: &Relation, known: &Known, neutral: &Neutral) -> Option<(String, String)> {
    let (mut least, mut greatest) = (Vec::new(), Vec::new());
    let mut is_known = false;
    for column in columns(relation) {
        let key = (relation.id, column.name.clone());
        let ends = known.get(&key);
        is_known |= ends.is_some();
        let (low, high) = ends.cloned().unwrap_or_default();
        let kind = column.kind.as_deref().unwrap_or_default();
        let other = if column.not_null || neutral.is_needed(kind) {
            Some(quote::literal(&neutral.value(kind)?))
        } else {
            None
        };
        for (end, row) in [(low, &mut least), (high, &mut greatest)] {
            let value = end.or_else(|| other.clone());
            row.push(value.unwrap_or_else(|| "NULL".to_owned()));
        }
    }
    is_known.then(|| {
        (
            format!("({})", least.join(", ")),
            format!("({})", greatest.join(", ")),
        )
    })
}

fn columns(relation: &Relation) -> impl Iterator<Item = &Column> {
    (relation.columns.iter()).filter(|column| !column.is_dropped && column.generated.is_none())
}

fn add(catalog: &Catalog, relation: &Relation, both: &[String], script: &mut Script) {
    let names: Vec<String> = columns(relation)
        .map(|column| quote::ident(&column.name))
        .collect();
    let into = format!("INSERT INTO {} ({})", relation.sql(), names.join(", "));
    let mut constraints = catalog.constraints_of(relation.id);
    let may_be_refused = relation.parent.is_some() || constraints.any(Constraint::is_deferred_key);
    if may_be_refused {
        // Values that are ends by themselves may not go together within the bounds of a partition.
        for row in both {
            let sql = format!(
                "DO $pgtriage$BEGIN {into} VALUES {row}; \
                 EXCEPTION WHEN check_violation OR unique_violation OR exclusion_violation THEN NULL; END$pgtriage$"
            );
            script.row(sql, relation);
        }
    } else {
        let sql = format!("{into} VALUES {} ON CONFLICT DO NOTHING", both.join(", "));
        script.row(sql, relation);
    }
}
