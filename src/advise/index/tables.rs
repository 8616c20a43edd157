//! What is known of tables that bears on indexes.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Result};

use super::spec::{Key, Part};
use crate::derive::{ASSUMED_DISTINCT, distinct, is_indexable};
use crate::facts::quote;

/// What a random page costs by default (`DEFAULT_RANDOM_PAGE_COST`).
const RANDOM_PAGE_COST: f64 = 4.0;

/// Tables that may get indexes, by `relations.id`.
#[derive(Debug, Clone)]
pub struct Tables {
    by_id: BTreeMap<i64, Table>,
    /// Operator class for trigrams, where the extension is installed.
    pub trigrams: Option<String>,
    /// The setting of the server, or its default.
    pub random_page_cost: f64,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// `relations.id`.
    pub id: i64,
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// It is partitioned: it holds no rows itself.
    pub is_partitioned: bool,
    /// Rows.
    pub rows: f64,
    /// Pages of 8 kB; `None`: not known.
    pub pages: Option<f64>,
    /// Share of the pages whose rows all transactions see; `None`: not known.
    pub all_visible: Option<f64>,
    /// Columns.
    pub columns: BTreeMap<String, Column>,
    /// Valid indexes.
    pub indexes: Vec<Existing>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Its type, as `format_type` writes it.
    pub kind: String,
    /// Distinct values; `None`: not known.
    pub distinct: Option<f64>,
    /// Share of NULLs.
    pub null_frac: f64,
    /// Mean width, bytes; `None`: not known.
    pub width: Option<f64>,
    /// Order of the rows on disk against that of the values, -1 to 1; `None`: not known.
    pub correlation: Option<f64>,
    /// `attlen`.
    pub length: Option<i64>,
    /// `attalign`.
    pub alignment: Option<String>,
    /// Its collation orders as C does.
    pub is_c: bool,
}

/// An index that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    /// `indexes.id`.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Access method.
    pub method: String,
    /// Keys in order.
    pub keys: Vec<Key>,
    /// Columns of INCLUDE.
    pub include: Vec<String>,
    /// `WHERE`.
    pub predicate: Option<String>,
    /// It is unique.
    pub is_unique: bool,
}

impl Column {
    /// An index on it makes sense.
    pub fn is_indexable(&self) -> bool {
        is_indexable(Some(&self.kind), self.width)
    }

    /// Share of the rows that `= value` leaves, by the mean.
    pub fn share(&self) -> f64 {
        (1.0 - self.null_frac) / self.distinct.unwrap_or(ASSUMED_DISTINCT).max(1.0)
    }
}

impl Table {
    /// Share of the rows that `= value` leaves.
    pub fn share(&self, column: &str) -> f64 {
        let column = self.columns.get(column);
        column.map_or(1.0 / ASSUMED_DISTINCT, Column::share)
    }

    /// An index on the column makes sense.
    pub fn is_indexable(&self, column: &str) -> bool {
        self.columns.get(column).is_some_and(Column::is_indexable)
    }
}

impl Tables {
    /// The tables of a database that have rows. Partitions are left out: they get the indexes of their
    /// partitioned table.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let mut tables = Self::of([]);
        tables.relations(facts, database)?;
        tables.columns(facts)?;
        tables.indexes(facts)?;
        let schema: Option<String> = facts
            .query_row(
                "SELECT schema FROM extensions WHERE database_id = ?1 AND name = 'pg_trgm'",
                [database],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        let cost: Option<f64> = facts
            .query_row(
                "SELECT coalesce(server_value_num, value_num) FROM settings WHERE name = 'random_page_cost'
                 ORDER BY node_id LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        tables.random_page_cost = cost.unwrap_or(RANDOM_PAGE_COST);
        tables.trigrams = schema.map(|schema| format!("{}.gin_trgm_ops", quote::ident(&schema)));
        Ok(tables)
    }

    /// Of tables that are known otherwise.
    pub fn of(tables: impl IntoIterator<Item = Table>) -> Self {
        Self {
            by_id: tables.into_iter().map(|table| (table.id, table)).collect(),
            trigrams: None,
            random_page_cost: RANDOM_PAGE_COST,
        }
    }

    /// One by its id.
    pub fn get(&self, id: i64) -> Option<&Table> {
        self.by_id.get(&id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.by_id.values()
    }

    fn relations(&mut self, facts: &Connection, database: i64) -> Result<()> {
        let mut statement = facts.prepare(
            "WITH RECURSIVE parts (top, id) AS (
               SELECT id, id FROM relations WHERE kind = 'partitioned table' AND NOT is_partition
               UNION ALL SELECT p.top, r.id FROM parts p JOIN relations r ON r.parent_id = p.id)
             SELECT r.id, r.schema, r.name, r.kind = 'partitioned table',
               coalesce((SELECT sum(c.row_estimate) FROM parts p JOIN relations c ON c.id = p.id
                 WHERE p.top = r.id AND c.kind <> 'partitioned table'), r.row_estimate) AS rows,
               coalesce((SELECT sum(c.pages) FROM parts p JOIN relations c ON c.id = p.id
                 WHERE p.top = r.id AND c.kind <> 'partitioned table'), r.pages) AS pages,
               coalesce((SELECT sum(c.pages_all_visible) FROM parts p JOIN relations c ON c.id = p.id
                 WHERE p.top = r.id AND c.kind <> 'partitioned table'), r.pages_all_visible) AS visible
             FROM relations r
             WHERE r.database_id = ?1 AND r.kind IN ('table', 'materialized view', 'partitioned table')
               AND NOT r.is_partition AND r.persistence <> 'temporary'
               AND r.extension IS NULL",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            let count: Option<f64> = row.get(4)?;
            let Some(count) = count.filter(|count| *count > 0.0) else {
                continue;
            };
            let pages: Option<f64> = row.get(5)?;
            let visible: Option<f64> = row.get(6)?;
            let table = Table {
                id: row.get(0)?,
                schema: row.get(1)?,
                name: row.get(2)?,
                is_partitioned: row.get(3)?,
                rows: count,
                pages,
                all_visible: visible
                    .zip(pages)
                    .map(|(visible, pages)| (visible / pages.max(1.0)).min(1.0)),
                ..Table::default()
            };
            self.by_id.insert(table.id, table);
        }
        Ok(())
    }

    fn columns(&mut self, facts: &Connection) -> Result<()> {
        let mut statement = facts.prepare(
            "SELECT c.relation_id, c.name, c.type, s.n_distinct, s.null_frac, s.avg_width, s.correlation,
               c.length, c.alignment, coalesce(c.collation, d.collation) AS collation
             FROM columns c
             JOIN relations r ON r.id = c.relation_id
             LEFT JOIN databases d ON d.id = r.database_id
             LEFT JOIN column_statistics s ON s.relation_id = c.relation_id AND s.column_name = c.name
               AND s.inherited = (r.kind = 'partitioned table')
             WHERE c.position > 0 AND NOT c.is_dropped",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(table) = self.by_id.get_mut(&row.get::<_, i64>(0)?) else {
                continue;
            };
            let known: Option<f64> = row.get(3)?;
            let collation: Option<String> = row.get(9)?;
            let column = Column {
                kind: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                distinct: known.and_then(|known| distinct(known, table.rows)),
                null_frac: row.get::<_, Option<f64>>(4)?.unwrap_or(0.0),
                width: row.get(5)?,
                correlation: row.get(6)?,
                length: row.get(7)?,
                alignment: row.get(8)?,
                is_c: collation.is_some_and(|name| {
                    let name = name.rsplit('.').next().unwrap_or(&name).trim_matches('"');
                    matches!(name, "C" | "POSIX" | "ucs_basic")
                }),
            };
            table.columns.insert(row.get(1)?, column);
        }
        Ok(())
    }

    fn indexes(&mut self, facts: &Connection) -> Result<()> {
        let mut statement = facts.prepare(
            "SELECT i.relation_id, i.id, i.name, i.method, i.predicate, i.is_unique, x.column_name,
               x.expression, x.is_included, x.is_descending,
               CASE WHEN NOT x.opclass_is_default THEN x.opclass END AS opclass
             FROM indexes i JOIN index_columns x ON x.index_id = i.id
             WHERE i.is_valid ORDER BY i.id, x.position",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(table) = self.by_id.get_mut(&row.get::<_, i64>(0)?) else {
                continue;
            };
            let id: i64 = row.get(1)?;
            if table.indexes.last().is_none_or(|index| index.id != id) {
                table.indexes.push(Existing {
                    id,
                    name: row.get(2)?,
                    method: row.get(3)?,
                    predicate: row.get(4)?,
                    is_unique: row.get(5)?,
                    keys: Vec::new(),
                    include: Vec::new(),
                });
            }
            let column: Option<String> = row.get(6)?;
            let Some(index) = table.indexes.last_mut() else {
                continue;
            };
            if row.get(8)? {
                index.include.extend(column);
                continue;
            }
            let expression = row.get::<_, Option<String>>(7)?;
            index.keys.push(Key {
                part: match column {
                    Some(column) => Part::Column(column),
                    None => Part::Expression(expression.unwrap_or_default()),
                },
                opclass: row.get(10)?,
                is_descending: row.get(9)?,
            });
        }
        Ok(())
    }
}
