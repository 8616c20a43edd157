//! Indexes that are there.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use crate::facts::quote;

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `None`: an expression.
    pub column: Option<String>,
    pub expression: Option<String>,
    pub is_included: bool,
    /// Operator class; `None`: the type's own.
    pub opclass: Option<String>,
    /// Collation; `None`: that of its column.
    pub collation: Option<String>,
    pub is_descending: bool,
    pub nulls_first: bool,
}

/// An index that is there.
#[derive(Debug, Clone)]
pub(super) struct Existing {
    pub id: i64,
    pub relation: i64,
    schema: String,
    name: String,
    table: String,
    pub method: String,
    pub predicate: Option<String>,
    definition: Option<String>,
    tablespace: Option<String>,
    is_partitioned: bool,
    pub is_valid: bool,
    pub size_bytes: Option<i64>,
    /// Scans on all servers that were looked at; `None`: not known.
    pub scans: Option<i64>,
    pub counted_ms: Option<f64>,
    /// Why no other index can take its place.
    duty: Option<String>,
    pub places: Vec<Place>,
}

impl Existing {
    /// Its name with its schema.
    pub fn object(&self) -> String {
        format!(
            "{}.{}",
            quote::ident(&self.schema),
            quote::ident(&self.name)
        )
    }

    /// What it does beside look-ups, or why nothing can be said of it.
    pub fn duty(&self) -> Option<String> {
        self.duty.clone()
    }

    /// Its keys, without columns of INCLUDE.
    pub fn keys(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| !place.is_included)
    }

    pub fn drop_sql(&self) -> String {
        let how = if self.is_partitioned {
            ""
        } else {
            "CONCURRENTLY "
        };
        format!("DROP INDEX {how}{};", self.object())
    }

    /// What makes it again, where it was.
    pub fn undo_sql(&self) -> Option<String> {
        let definition = self.definition.as_deref()?;
        let create = if self.is_partitioned {
            let only = format!(" ON ONLY {} ", self.table);
            definition.replacen(&only, &format!(" ON {} ", self.table), 1)
        } else {
            definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
        };
        Some(match &self.tablespace {
            Some(name) => format!(
                "SET default_tablespace = {};\n{create};\nRESET default_tablespace;",
                quote::literal(name)
            ),
            None => format!("{create};"),
        })
    }
}

/// The indexes of a database. A partitioned one stands for its parts: their sizes and scans are its own.
pub(super) fn read(facts: &Connection, database: i64) -> Result<Vec<Existing>> {
    let mut statement = facts.prepare(
        "WITH RECURSIVE up(leaf_id, id) AS (
           SELECT id, id FROM indexes WHERE NOT is_partitioned
           UNION ALL
           SELECT up.leaf_id, i.parent_id FROM up JOIN indexes i ON i.id = up.id WHERE i.parent_id IS NOT NULL
         ), whole AS (
           SELECT up.id, sum(l.size_bytes) AS size_bytes, count(*) = count(u.index_id) AS is_counted,
                  sum(u.scans) AS scans, min(u.counted_us) AS counted_us, max(u.counted_us IS NULL) AS age_unknown
           FROM up JOIN indexes l ON l.id = up.leaf_id LEFT JOIN index_usage u ON u.index_id = l.id
           GROUP BY up.id)
         SELECT i.id, i.relation_id, i.schema, i.name, r.schema, r.name, i.method, i.predicate, i.definition,
                i.tablespace, i.is_partitioned, i.is_valid AND i.is_ready AND i.is_live AS is_valid, w.size_bytes,
                CASE WHEN w.is_counted THEN w.scans END, CASE WHEN NOT w.age_unknown THEN w.counted_us / 1000.0 END,
                CASE WHEN i.is_primary THEN 'it is the primary key'
                     WHEN i.is_exclusion THEN 'an exclusion constraint stands on it'
                     WHEN i.constraint_name IS NOT NULL THEN 'it backs the constraint ' || i.constraint_name
                     WHEN (SELECT count(*) FROM constraints c WHERE c.database_id = i.database_id
                           AND c.kind = 'foreign key' AND c.index_oid = i.oid) > 0 THEN 'a foreign key refers to it'
                     WHEN i.is_replica_identity THEN 'it is the replica identity of its table'
                     WHEN i.is_unique THEN 'it is unique: it keeps rows out, which no counter shows'
                     WHEN i.is_clustered THEN 'CLUSTER goes by it'
                     WHEN i.parent_id IS NOT NULL THEN 'it is part of '
                       || coalesce((SELECT p.name FROM indexes p WHERE p.id = i.parent_id), 'a partitioned index')
                     WHEN i.extension IS NOT NULL OR r.extension IS NOT NULL THEN 'it belongs to an extension'
                     WHEN r.persistence = 'temporary' THEN 'its table is temporary'
                     WHEN NOT (i.is_valid AND i.is_ready AND i.is_live) THEN 'it is not valid, which index/invalid speaks of'
                     WHEN i.definition IS NULL THEN 'its definition could not be read' END AS duty
         FROM indexes i JOIN relations r ON r.id = i.relation_id LEFT JOIN whole w ON w.id = i.id
         WHERE i.database_id = ?1 ORDER BY i.id",
    )?;
    let rows = statement.query_map([database], |row| {
        let (schema, table): (String, String) = (row.get(4)?, row.get(5)?);
        Ok(Existing {
            id: row.get(0)?,
            relation: row.get(1)?,
            schema: row.get(2)?,
            name: row.get(3)?,
            table: format!("{}.{}", quote::ident(&schema), quote::ident(&table)),
            method: row.get(6)?,
            predicate: row.get(7)?,
            definition: row.get(8)?,
            tablespace: row.get(9)?,
            is_partitioned: row.get(10)?,
            is_valid: row.get(11)?,
            size_bytes: row.get(12)?,
            scans: row.get(13)?,
            counted_ms: row.get(14)?,
            duty: row.get(15)?,
            places: Vec::new(),
        })
    })?;
    let mut all = rows.collect::<Result<Vec<_>>>()?;
    let mut places = places(facts, database)?;
    for index in &mut all {
        index.places = places.remove(&index.id).unwrap_or_default();
    }
    Ok(all)
}

fn places(facts: &Connection, database: i64) -> Result<HashMap<i64, Vec<Place>>> {
    let mut statement = facts.prepare(
        "SELECT x.index_id, x.column_name, x.expression, x.is_included, CASE WHEN NOT x.opclass_is_default THEN coalesce(x.opclass, '') END,
                nullif(x.collation, coalesce(c.collation, CASE c.type WHEN 'name' THEN 'C' ELSE 'default' END)),
                x.is_descending, x.nulls_first
         FROM index_columns x JOIN indexes i ON i.id = x.index_id
         LEFT JOIN columns c ON c.relation_id = i.relation_id AND c.name = x.column_name AND NOT c.is_dropped
         WHERE i.database_id = ?1 ORDER BY x.index_id, x.position",
    )?;
    let mut all: HashMap<i64, Vec<Place>> = HashMap::new();
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push(Place {
            column: row.get(1)?,
            expression: row.get(2)?,
            is_included: row.get(3)?,
            opclass: row.get(4)?,
            collation: row.get(5)?,
            is_descending: row.get(6)?,
            nulls_first: row.get(7)?,
        });
    }
    Ok(all)
}
