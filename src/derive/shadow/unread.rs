//! What is not imitated: foreign tables, and statistics that our role could not read.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, rows};
use super::objects::{Index, Kind, Relation};
use super::script::{LeftOut, Script};
use super::statistics::Slot;
use crate::facts::quote;

/// Tells foreign tables, with all tables that are read along with them.
pub(super) fn foreign(catalog: &Catalog, script: &mut Script) {
    for relation in catalog.relations.iter().filter(|r| r.kind == Kind::Foreign) {
        let parents: HashSet<String> = (relation.parent.and_then(|id| catalog.relation(id)))
            .map(Relation::sql)
            .into_iter()
            .chain(relation.inherits.iter().cloned())
            .collect();
        let is_parent = |other: &Relation| parents.contains(&other.sql());
        let is_beside = |other: &Relation| {
            other.inherits.iter().any(|name| parents.contains(name))
                || (other.parent.and_then(|id| catalog.relation(id))).is_some_and(is_parent)
        };
        let touched = catalog.relations.iter();
        let touched = touched.filter(|other| is_parent(other) || is_beside(other));
        script.left_out.push(LeftOut {
            object: format!("foreign table {}", relation.sql()),
            because: "what it is asked for is planned elsewhere".to_owned(),
            relations: std::iter::once(relation.id)
                .chain(touched.map(|other| other.id))
                .collect(),
        });
    }
}

/// Tells GIN indexes whose counts could not be read.
pub(super) fn counts(catalog: &Catalog, script: &mut Script) {
    let is_open = |index: &&Index| {
        index.method == "gin" && index.metapage.is_none() && index.bytes.is_some_and(|it| it > 0)
    };
    for index in catalog.indexes.iter().filter(is_open) {
        script.left_out.push(LeftOut {
            object: format!("counts of the index {}", index.sql()),
            because:
                "a superuser reads them, by pageinspect or once a checkpoint has written them; \
                      without them costs go by its size alone"
                    .to_owned(),
            relations: vec![index.relation],
        });
    }
}

/// Tells statistics that are there and could not be read.
pub(super) fn statistics(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    script: &mut Script,
) -> Result<()> {
    let missing = rows(
        facts,
        "SELECT DISTINCT table_name, object, reason, remedy FROM missing_facts
         WHERE (database_id = ?1 OR database_id IS NULL)
           AND (table_name = 'planner_statistics' OR table_name = 'extended_statistics' AND column_name = 'data')
         ORDER BY table_name, object",
        database,
        |row| {
            let kind: String = row.get(0)?;
            let object: Option<String> = row.get(1)?;
            let (reason, remedy): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            let remedy = remedy.map_or_else(String::new, |remedy| format!("; {remedy}"));
            Ok((kind, object, format!("{reason}{remedy}")))
        },
    )?;
    // An index goes by the table that plans with it.
    let relations = catalog.relations.iter();
    let relations = relations.map(|relation| (relation.sql(), relation.id));
    let indexes = catalog.indexes.iter();
    let indexes = indexes.map(|index| (index.sql(), index.relation));
    let tables: HashMap<String, i64> = relations.chain(indexes).collect();
    for (kind, object, because) in missing {
        let what = if kind == "extended_statistics" {
            "extended statistics"
        } else {
            "statistics"
        };
        let name = object.as_deref().unwrap_or_default();
        let name = name.strip_prefix("expressions of ").unwrap_or(name);
        let relation = tables.get(name).copied();
        script.left_out.push(LeftOut {
            object: object.map_or_else(|| what.to_owned(), |object| format!("{what} of {object}")),
            because,
            relations: relation.into_iter().collect(),
        });
    }
    ranges(facts, database, catalog, script)
}

/// Before 17 `pg_stats` does not show histograms of ranges. What comes from there has no operators.
fn ranges(facts: &Connection, database: i64, catalog: &Catalog, script: &mut Script) -> Result<()> {
    if catalog.major >= 17 {
        return Ok(());
    }
    let own = rows(
        facts,
        "SELECT schema, name FROM types WHERE database_id = ?1 AND kind = 'range'",
        database,
        |row| {
            let (schema, name): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(quote::name(&schema, &name))
        },
    )?;
    let is_range = |kind: &str| kind.ends_with("range") || own.iter().any(|own| own == kind);
    let columns = rows(
        facts,
        "SELECT s.relation_id, c.name, c.type, s.slots FROM planner_statistics s
         JOIN columns c ON c.relation_id = s.relation_id AND c.position = s.position
         WHERE s.database_id = ?1 AND NOT s.inherited AND c.type IS NOT NULL ORDER BY s.relation_id, c.position",
        database,
        |row| {
            let (relation, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let (kind, slots): (String, String) = (row.get(2)?, row.get(3)?);
            Ok((relation, name, kind, slots))
        },
    )?;
    for (id, name, kind, slots) in columns {
        let slots: Vec<Slot> = serde_json::from_str(&slots).unwrap_or_default();
        let is_shown = slots
            .iter()
            .any(|slot| slot.operator.is_some() || matches!(slot.kind, 6 | 7));
        let Some(relation) = catalog
            .relation(id)
            .filter(|_| is_range(&kind) && !is_shown)
        else {
            continue;
        };
        let what = format!("histogram of ranges in {} of", quote::ident(&name));
        let because = "pg_stats does not show it before PostgreSQL 17, and our role may not read pg_statistic";
        script.leave_out(&what, relation, because);
    }
    Ok(())
}
