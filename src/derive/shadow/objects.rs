//! Relations, columns, constraints and indexes, as the facts have them.

use rusqlite::{Result, Row};

use super::catalog::{list, map};
use super::script::Metapage;
use crate::facts::quote;

/// A table, view or the like.
#[derive(Debug)]
pub(super) struct Relation {
    pub id: i64,
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
    pub type_oid: Option<i64>,
    pub not_null: bool,
    /// Name and definition of the constraint that says so (18+).
    pub not_null_constraint: Option<(String, String)>,
    pub expression: Option<String>,
    pub generated: Option<String>,
    pub collation: Option<String>,
    pub is_dropped: bool,
}

/// A constraint of a table.
#[derive(Debug)]
pub(super) struct Constraint {
    pub relation: i64,
    pub name: String,
    pub kind: String,
    pub column: Option<String>,
    /// `relations.id` of the table that a foreign key refers to.
    pub referenced: Option<i64>,
    pub is_validated: bool,
    pub is_deferrable: bool,
    pub is_inherited: bool,
    pub definition: Option<String>,
}

/// An index.
#[derive(Debug)]
pub(super) struct Index {
    pub id: i64,
    pub relation: i64,
    pub schema: String,
    pub name: String,
    pub method: String,
    pub is_valid: bool,
    pub is_ready: bool,
    /// `indexes.id` of the index of the partitioned table that it is attached to.
    pub parent: Option<i64>,
    pub constraint: Option<String>,
    pub definition: Option<String>,
    pub options: Vec<(String, String)>,
    pub tuples: Option<f64>,
    pub pages: Option<i64>,
    pub bytes: Option<i64>,
    pub height: Option<i64>,
    pub metapage: Option<Metapage>,
    pub extension: Option<String>,
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

impl Constraint {
    /// A key that may be checked at the end of a transaction.
    pub fn is_deferred_key(&self) -> bool {
        self.is_deferrable && matches!(self.kind.as_str(), "primary key" | "unique" | "exclusion")
    }
}

impl Index {
    /// Its name with the schema, as SQL writes it.
    pub fn sql(&self) -> String {
        quote::name(&self.schema, &self.name)
    }
}

pub(super) fn relation(row: &Row<'_>) -> Result<Relation> {
    let kind: String = row.get("kind")?;
    let persistence: String = row.get("persistence")?;
    Ok(Relation {
        id: row.get("id")?,
        schema: row.get("schema")?,
        name: row.get("name")?,
        kind: match kind.as_str() {
            "partitioned table" => Kind::Partitioned,
            "view" => Kind::View,
            "materialized view" => Kind::Materialized,
            "foreign table" => Kind::Foreign,
            _ => Kind::Table,
        },
        is_unlogged: persistence == "unlogged",
        parent: row.get("parent_id")?,
        inherits: list(row.get("inherits")?),
        bound: row.get("partition_bound")?,
        key: row.get("partition_key")?,
        access_method: row.get("access_method")?,
        options: map(row.get("options")?),
        tuples: row.get("tuples")?,
        pages: row.get("pages")?,
        visible: row.get("pages_all_visible")?,
        bytes: row.get("size_bytes")?,
        has_row_security: row.get("row_security")?,
        extension: row.get("extension")?,
        definition: row.get("definition")?,
        columns: Vec::new(),
    })
}

pub(super) fn column(row: &Row<'_>) -> Result<Column> {
    Ok(Column {
        position: row.get("position")?,
        name: row.get("name")?,
        kind: row.get("type")?,
        type_oid: row.get("type_oid")?,
        not_null: row.get("not_null")?,
        not_null_constraint: None,
        expression: row.get("default_expression")?,
        generated: row.get("generated")?,
        collation: row.get("collation")?,
        is_dropped: row.get("is_dropped")?,
    })
}

pub(super) fn constraint(row: &Row<'_>) -> Result<Constraint> {
    Ok(Constraint {
        relation: row.get("relation_id")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        column: row.get("column")?,
        referenced: row.get("referenced_relation_id")?,
        is_validated: row.get("is_validated")?,
        is_deferrable: row.get("is_deferrable")?,
        is_inherited: row.get("is_inherited")?,
        definition: row.get("definition")?,
    })
}

pub(super) fn index(row: &Row<'_>) -> Result<Index> {
    Ok(Index {
        id: row.get("id")?,
        relation: row.get("relation_id")?,
        schema: row.get("schema")?,
        name: row.get("name")?,
        method: row.get("method")?,
        is_valid: row.get("is_valid")?,
        is_ready: row.get("is_ready")?,
        parent: row.get("parent_id")?,
        constraint: row.get("constraint_name")?,
        definition: row.get("definition")?,
        options: map(row.get("options")?),
        tuples: row.get("tuples")?,
        pages: row.get("pages")?,
        bytes: row.get("size_bytes")?,
        height: row.get("height")?,
        metapage: metapage(row)?,
        extension: row.get("extension")?,
    })
}

/// As it was read.
fn metapage(row: &Row<'_>) -> Result<Option<Metapage>> {
    let number = |name: &str| row.get::<_, Option<u32>>(name);
    let entries: Option<i64> = row.get("gin_entries")?;
    if let (Some(pending), Some(total), Some(entry), Some(data), Some(entries)) = (
        number("gin_pending_pages")?,
        number("gin_total_pages")?,
        number("gin_entry_pages")?,
        number("gin_data_pages")?,
        entries,
    ) {
        return Ok(Some(Metapage::Gin {
            pending,
            total,
            entry,
            data,
            entries,
        }));
    }
    let of_brin = number("brin_range_pages")?.zip(number("brin_map_pages")?);
    Ok(of_brin.map(|(range, map)| Metapage::Brin { range, map }))
}
