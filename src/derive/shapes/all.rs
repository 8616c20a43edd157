//! Shapes of all statements of all databases.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

use super::catalog::Catalog;
use super::resolve::Resolver;
use super::rows::Writer;
use crate::parse::sql::shape::From;
use crate::parse::sql::{Shape, shapes};

/// Tables that are made here.
const TABLES: [&str; 10] = [
    "statement_shapes",
    "query_blocks",
    "query_relations",
    "query_outputs",
    "query_predicates",
    "query_joins",
    "query_sorts",
    "query_functions",
    "column_refs",
    "access_paths",
];

/// Reads the statements whose text is known and writes what they say, in place of what was there.
pub fn all(facts: &Connection) -> Result<()> {
    for table in TABLES {
        facts.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut statement = facts.prepare(
        "SELECT id, database_id, text FROM statements WHERE text IS NOT NULL ORDER BY database_id, id",
    )?;
    let statements: Vec<(i64, i64, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_>>()?;
    let read = read(statements.iter().map(|(_, _, text)| text.as_str()))?;
    let mut by_database: HashMap<i64, Vec<(i64, Shape)>> = HashMap::new();
    for ((id, database, _), shape) in statements.iter().zip(read) {
        by_database.entry(*database).or_default().push((*id, shape));
    }
    let mut writer = Writer::new(facts)?;
    for (database, statements) in by_database {
        let catalog = Catalog::load(facts, database)?;
        let views = views(&catalog, statements.iter().map(|(_, shape)| shape))?;
        for (id, shape) in statements {
            writer.write(id, &Resolver::new(&catalog, &views, shape))?;
        }
    }
    for table in TABLES {
        crate::derive::derived(facts, table)?;
    }
    Ok(())
}

fn read<'t>(texts: impl Iterator<Item = &'t str> + Send) -> Result<Vec<Shape>> {
    // A thread that could not be had is nothing that the database did.
    shapes(texts).map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
}

/// Shapes of the views that statements read, and of the views that those read.
fn views<'s>(
    catalog: &Catalog,
    statements: impl Iterator<Item = &'s Shape>,
) -> Result<HashMap<i64, Shape>> {
    let mut views = HashMap::new();
    let mut wanted = HashSet::new();
    for shape in statements {
        used(catalog, shape, &mut wanted);
    }
    while !wanted.is_empty() {
        let known: Vec<(i64, &str)> = wanted
            .drain()
            .filter_map(|id| Some((id, catalog.get(id)?.definition.as_deref()?)))
            .collect();
        let shapes = read(known.iter().map(|(_, definition)| *definition))?;
        for ((id, _), shape) in known.into_iter().zip(shapes) {
            if shape.unread_because.is_none() {
                used(catalog, &shape, &mut wanted);
                views.insert(id, shape);
            }
        }
        wanted.retain(|id| !views.contains_key(id));
    }
    Ok(views)
}

fn used(catalog: &Catalog, shape: &Shape, wanted: &mut HashSet<i64>) {
    for source in shape.blocks.iter().flat_map(|block| &block.sources) {
        if let From::Relation { schema, name } = &source.from
            && let Some(relation) = catalog.find(schema.as_deref(), name)
            && relation.definition.is_some()
        {
            wanted.insert(relation.id);
        }
    }
}
