//! Relations, columns and indexes of a database, as the facts have them.

use std::collections::HashMap;

use rusqlite::{Connection, Result, Row};

use super::objects::{self, Constraint, Index, Relation};
use crate::facts::quote;

/// All that is made of one database.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    /// `server_version_num` of the main server, without the minor number.
    pub major: i64,
    /// In the order of their oids.
    pub relations: Vec<Relation>,
    /// In the order of their oids.
    pub indexes: Vec<Index>,
    /// In the order of their oids.
    pub constraints: Vec<Constraint>,
    /// Collations of users, with their schemas, by name.
    collations: HashMap<String, String>,
    /// Places in `constraints`, by relation.
    constraint_places: HashMap<i64, Vec<usize>>,
    /// Places in `relations`, by id.
    places: HashMap<i64, usize>,
    /// Places in `indexes`, by id.
    index_places: HashMap<i64, usize>,
}

impl Catalog {
    /// Reads what the facts have of a database.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let version: i64 = facts.query_row(
            "SELECT coalesce((SELECT version_num FROM nodes ORDER BY id LIMIT 1), 0)",
            [],
            |row| row.get(0),
        )?;
        let mut relations = rows(
            facts,
            "SELECT id, schema, name, kind, persistence, parent_id, inherits, partition_bound, partition_key,
                    access_method, options, coalesce(tuples, row_estimate) AS tuples, pages, pages_all_visible, size_bytes, row_security,
                    extension, definition
             FROM relations WHERE database_id = ?1 ORDER BY oid, id",
            database,
            objects::relation,
        )?;
        let places: HashMap<i64, usize> = (relations.iter().enumerate())
            .map(|(place, relation)| (relation.id, place))
            .collect();
        let columns = rows(
            facts,
            "SELECT c.relation_id, c.position, c.name, c.type, c.type_oid, c.not_null, c.default_expression, c.generated,
                    c.collation, c.is_dropped
             FROM columns c JOIN relations r ON r.id = c.relation_id
             WHERE r.database_id = ?1 AND c.position > 0 ORDER BY c.relation_id, c.position",
            database,
            |row| Ok((row.get::<_, i64>(0)?, objects::column(row)?)),
        )?;
        for (relation, column) in columns {
            if let Some(place) = places.get(&relation) {
                relations[*place].columns.push(column);
            }
        }
        let indexes = rows(
                facts,
                "SELECT id, relation_id, schema, name, method, is_valid, is_ready,
                        parent_id, constraint_name, definition, options, row_estimate AS tuples, pages, size_bytes, height,
                        gin_pending_pages, gin_total_pages, gin_entry_pages, gin_data_pages, gin_entries, brin_range_pages,
                        brin_map_pages, extension
                 FROM indexes WHERE database_id = ?1 ORDER BY oid, id",
                database,
                objects::index,
            )?;
        let constraints = rows(
            facts,
            "SELECT relation_id, name, kind, json_extract(columns, '$[0]') AS \"column\", referenced_relation_id, is_validated,
                    is_deferrable, is_inherited, definition
             FROM constraints WHERE database_id = ?1 AND relation_id IS NOT NULL ORDER BY oid, id",
            database,
            objects::constraint,
        )?;
        let mut constraint_places: HashMap<i64, Vec<usize>> = HashMap::new();
        for (place, constraint) in constraints.iter().enumerate() {
            (constraint_places.entry(constraint.relation).or_default()).push(place);
            if constraint.kind == "not null"
                && let Some(relation) = places.get(&constraint.relation)
            {
                let columns = &mut relations[*relation].columns;
                let column = columns
                    .iter_mut()
                    .find(|c| Some(&c.name) == constraint.column.as_ref());
                if let (Some(column), Some(definition)) = (column, &constraint.definition) {
                    let tail = if definition.ends_with(" NO INHERIT") {
                        " NO INHERIT"
                    } else {
                        ""
                    };
                    column.not_null_constraint = Some((constraint.name.clone(), tail.to_owned()));
                }
            }
        }
        let collations = rows(
            facts,
            "SELECT schema, name FROM collations WHERE database_id = ?1",
            database,
            |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(0)?)),
        )?;
        Ok(Self {
            major: version / 10_000,
            constraints,
            constraint_places,
            collations: collations.into_iter().collect(),
            index_places: (indexes.iter().enumerate())
                .map(|(place, index)| (index.id, place))
                .collect(),
            relations,
            indexes,
            places,
        })
    }

    /// A collation as SQL writes it; the facts have its name alone.
    pub fn collation(&self, name: &str) -> String {
        let schema = self.collations.get(name);
        quote::name(schema.map_or("pg_catalog", String::as_str), name)
    }

    /// Constraints of a relation.
    pub fn constraints_of(&self, relation: i64) -> impl Iterator<Item = &Constraint> {
        let places = self.constraint_places.get(&relation);
        (places.into_iter().flatten()).map(|place| &self.constraints[*place])
    }

    /// An index by its id.
    pub fn index(&self, id: i64) -> Option<&Index> {
        self.index_places
            .get(&id)
            .map(|place| &self.indexes[*place])
    }

    /// A relation by its id.
    pub fn relation(&self, id: i64) -> Option<&Relation> {
        self.places.get(&id).map(|place| &self.relations[*place])
    }
}

/// Reads rows of one database.
pub(super) fn rows<T>(
    facts: &Connection,
    sql: &str,
    database: i64,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = facts.prepare(sql)?;
    let rows = statement.query_map([database], read)?;
    rows.collect()
}

/// A JSON list of texts; what is none is empty.
pub(super) fn list(json: Option<String>) -> Vec<String> {
    json.and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default()
}

/// A JSON map of texts, in the order of its keys.
pub(super) fn map(json: Option<String>) -> Vec<(String, String)> {
    let map: Option<std::collections::BTreeMap<String, String>> =
        json.and_then(|json| serde_json::from_str(&json).ok());
    map.unwrap_or_default().into_iter().collect()
}
