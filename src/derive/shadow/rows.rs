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

/// Ends of columns, by relation and name.
type Known = HashMap<(i64, String), Ends>;

/// Adds a row of least and a row of greatest values to each table of which values are known.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    script: &mut Script,
) -> Result<()> {
    let known = known(facts, database)?;
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
fn known(facts: &Connection, database: i64) -> Result<Known> {
    let mut known = Known::new();
    let seen = rows(
        facts,
        "SELECT s.relation_id, c.name, s.slots FROM planner_statistics s
         JOIN columns c ON c.relation_id = s.relation_id AND c.position = s.position
         WHERE s.database_id = ?1 AND NOT s.inherited",
        database,
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)),
    )?;
    for (relation, column, slots) in seen {
        let slots: Vec<Slot> = serde_json::from_str(&slots).unwrap_or_default();
        known.insert((relation, column), seen_ends(&slots));
    }
    let found = rows(
        facts,
        "SELECT e.relation_id, e.column_name, e.least, e.greatest FROM column_ends e
         JOIN relations r ON r.id = e.relation_id WHERE r.database_id = ?1",
        database,
        |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))),
    )?;
    known.extend(found);
    Ok(known)
}

/// Ends of a histogram. Where there is none, of the most common values: by number if all are numbers, else by text.
fn seen_ends(slots: &[Slot]) -> Ends {
    let values = |kind: i64| {
        let slot = slots.iter().find(|slot| slot.kind == kind)?;
        Some(elements(slot.values.as_deref()?)).filter(|values| !values.is_empty())
    };
    if let Some(bounds) = values(2) {
        return (bounds.first().cloned(), bounds.last().cloned());
    }
    let Some(mut common) = values(1) else {
        return (None, None);
    };
    let numbers: Option<Vec<f64>> = common.iter().map(|value| value.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let mut pairs: Vec<(f64, String)> = numbers.into_iter().zip(common).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        common = pairs.into_iter().map(|(_, value)| value).collect();
    } else {
        common.sort_unstable();
    }
    (common.first().cloned(), common.last().cloned())
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
            Some(neutral.value(kind)?)
        } else {
            None
        };
        for (end, row) in [(low, &mut least), (high, &mut greatest)] {
            let value = end.or_else(|| other.clone());
            row.push(value.map_or_else(|| "NULL".to_owned(), |value| quote::literal(&value)));
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
