//! Relations, columns and indexes of a database, as the facts have them.

use std::collections::HashMap;

use rusqlite::{Connection, Result, Row};

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
    /// Places in `relations`, by id.
    places: HashMap<i64, usize>,
    /// Places in `indexes`, by id.
    index_places: HashMap<i64, usize>,
}

/// A table, view or the like.
#[derive(Debug)]
pub(super) struct Relation {
    pub id: i64,
    pub oid: i64,
    pub schema: String,
    pub name: String,
    pub kind: Kind,
    pub is_unlogged: bool,
    /// `relations.id` of the partitioned table that it is attached to.
    pub parent: Option<i64>,
    /// Tables that it inherits from, as SQL writes them.
    pub inherits: Vec<String>,
    pub bound: Option<String>,
    pub key: Option<String>,
    pub access_method: Option<String>,
    pub options: Vec<(String, String)>,
    pub tuples: Option<f64>,
    pub pages: Option<i64>,
    pub visible: Option<i64>,
    pub bytes: Option<i64>,
    pub has_row_security: bool,
    pub extension: Option<String>,
    pub definition: Option<String>,
    pub columns: Vec<Column>,
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Partitioned,
    View,
    Materialized,
    Foreign,
}

/// A column of a relation.
#[derive(Debug)]
pub(super) struct Column {
    pub position: i64,
    pub name: String,
    /// `format_type`; none: dropped.
    pub kind: Option<String>,
    pub not_null: bool,
    pub expression: Option<String>,
    pub generated: Option<String>,
    pub collation: Option<String>,
    pub is_dropped: bool,
}

/// An index.
#[derive(Debug)]
pub(super) struct Index {
    pub id: i64,
    pub oid: i64,
    pub relation: i64,
    pub schema: String,
    pub name: String,
    pub method: String,
    pub is_unique: bool,
    pub is_valid: bool,
    pub is_ready: bool,
    pub is_partitioned: bool,
    /// `indexes.id` of the index of the partitioned table that it is attached to.
    pub parent: Option<i64>,
    pub constraint: Option<String>,
    pub definition: Option<String>,
    pub options: Vec<(String, String)>,
    pub tuples: Option<f64>,
    pub pages: Option<i64>,
    pub bytes: Option<i64>,
    pub height: Option<i64>,
    pub extension: Option<String>,
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
            "SELECT id, oid, schema, name, kind, persistence, parent_id, inherits, partition_bound, partition_key,
                    access_method, options, coalesce(tuples, row_estimate), pages, pages_all_visible, size_bytes, row_security,
                    extension, definition
             FROM relations WHERE database_id = ?1 ORDER BY oid, id",
            database,
            relation,
        )?;
        let places: HashMap<i64, usize> = (relations.iter().enumerate())
            .map(|(place, relation)| (relation.id, place))
            .collect();
        let columns = rows(
            facts,
            "SELECT c.relation_id, c.position, c.name, c.type, c.not_null, c.default_expression, c.generated,
                    c.collation, c.is_dropped
             FROM columns c JOIN relations r ON r.id = c.relation_id
             WHERE r.database_id = ?1 AND c.position > 0 ORDER BY c.relation_id, c.position",
            database,
            |row| Ok((row.get::<_, i64>(0)?, column(row)?)),
        )?;
        for (relation, column) in columns {
            if let Some(place) = places.get(&relation) {
                relations[*place].columns.push(column);
            }
        }
        let indexes = rows(
                facts,
                "SELECT id, oid, relation_id, schema, name, method, is_unique, is_valid, is_ready, is_partitioned,
                        parent_id, constraint_name, definition, options, row_estimate, pages, size_bytes, height,
                        extension
                 FROM indexes WHERE database_id = ?1 ORDER BY oid, id",
                database,
                index,
            )?;
        Ok(Self {
            major: version / 10_000,
            index_places: (indexes.iter().enumerate())
                .map(|(place, index)| (index.id, place))
                .collect(),
            relations,
            indexes,
            places,
        })
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

impl Relation {
    /// Its name with the schema, as SQL writes it.
    pub fn sql(&self) -> String {
        quote::name(&self.schema, &self.name)
    }

    /// It has rows and pages in `pg_class` that the planner reads.
    pub fn has_figures(&self) -> bool {
        matches!(
            self.kind,
            Kind::Table | Kind::Partitioned | Kind::Materialized
        )
    }

    /// The shadow makes a table of it.
    pub fn is_made(&self) -> bool {
        matches!(
            self.kind,
            Kind::Table | Kind::Partitioned | Kind::Materialized
        ) && self.extension.is_none()
    }
}

impl Index {
    /// Its name with the schema, as SQL writes it.
    pub fn sql(&self) -> String {
        quote::name(&self.schema, &self.name)
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
fn map(json: Option<String>) -> Vec<(String, String)> {
    let map: Option<std::collections::BTreeMap<String, String>> =
        json.and_then(|json| serde_json::from_str(&json).ok());
    map.unwrap_or_default().into_iter().collect()
}

fn relation(row: &Row<'_>) -> Result<Relation> {
    let kind: String = row.get(4)?;
    let persistence: String = row.get(5)?;
    Ok(Relation {
        id: row.get(0)?,
        oid: row.get(1)?,
        schema: row.get(2)?,
        name: row.get(3)?,
        kind: match kind.as_str() {
            "partitioned table" => Kind::Partitioned,
            "view" => Kind::View,
            "materialized view" => Kind::Materialized,
            "foreign table" => Kind::Foreign,
            _ => Kind::Table,
        },
        is_unlogged: persistence == "unlogged",
        parent: row.get(6)?,
        inherits: list(row.get(7)?),
        bound: row.get(8)?,
        key: row.get(9)?,
        access_method: row.get(10)?,
        options: map(row.get(11)?),
        tuples: row.get(12)?,
        pages: row.get(13)?,
        visible: row.get(14)?,
        bytes: row.get(15)?,
        has_row_security: row.get(16)?,
        extension: row.get(17)?,
        definition: row.get(18)?,
        columns: Vec::new(),
    })
}

fn column(row: &Row<'_>) -> Result<Column> {
    Ok(Column {
        position: row.get(1)?,
        name: row.get(2)?,
        kind: row.get(3)?,
        not_null: row.get(4)?,
        expression: row.get(5)?,
        generated: row.get(6)?,
        collation: row.get(7)?,
        is_dropped: row.get(8)?,
    })
}

fn index(row: &Row<'_>) -> Result<Index> {
    Ok(Index {
        id: row.get(0)?,
        oid: row.get(1)?,
        relation: row.get(2)?,
        schema: row.get(3)?,
        name: row.get(4)?,
        method: row.get(5)?,
        is_unique: row.get(6)?,
        is_valid: row.get(7)?,
        is_ready: row.get(8)?,
        is_partitioned: row.get(9)?,
        parent: row.get(10)?,
        constraint: row.get(11)?,
        definition: row.get(12)?,
        options: map(row.get(13)?),
        tuples: row.get(14)?,
        pages: row.get(15)?,
        bytes: row.get(16)?,
        height: row.get(17)?,
        extension: row.get(18)?,
    })
}
