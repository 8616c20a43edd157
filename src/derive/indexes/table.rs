//! What is known of a table that bears on its indexes.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use crate::derive::{ASSUMED_DISTINCT, distinct, is_indexable};

/// A table with its indexes.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// `pg_class.reltuples`.
    pub rows: f64,
    columns: HashMap<String, Column>,
    /// Valid indexes.
    pub indexes: Vec<Index>,
}

#[derive(Debug)]
struct Column {
    distinct: Option<f64>,
    null_frac: f64,
    is_indexable: bool,
}

/// An index as far as it serves searches.
#[derive(Debug)]
pub(super) struct Index {
    pub id: i64,
    pub is_btree: bool,
    /// Key columns in order; none for an expression.
    pub keys: Vec<Key>,
}

/// A key column of an index.
#[derive(Debug)]
pub(super) struct Key {
    pub column: Option<String>,
    pub is_descending: bool,
}

impl Table {
    /// Share of the rows that `column = value` leaves, and whether statistics tell it.
    pub fn selectivity(&self, column: &str) -> (f64, bool) {
        let is_key = |index: &Index| {
            let [key] = index.keys.as_slice() else {
                return false;
            };
            index.is_btree && key.column.as_deref() == Some(column)
        };
        let known = self.columns.get(column);
        match known.and_then(|column| column.distinct.map(|distinct| (distinct, column.null_frac)))
        {
            Some((distinct, null_frac)) => ((1.0 - null_frac) / distinct.max(1.0), true),
            None => (
                1.0 / ASSUMED_DISTINCT,
                // An index of this column alone serves however many values there are.
                self.indexes.iter().any(is_key),
            ),
        }
    }

    /// An index on the column makes sense.
    pub fn is_indexable(&self, column: &str) -> bool {
        self.columns
            .get(column)
            .is_some_and(|column| column.is_indexable)
    }
}

/// The tables that have access paths and rows, by their ids.
pub(super) fn tables(facts: &Connection) -> Result<HashMap<i64, Table>> {
    let mut tables = HashMap::new();
    let mut statement = facts.prepare(
        "SELECT id, row_estimate FROM relations
         WHERE kind IN ('table', 'materialized view') AND NOT is_partition
           AND row_estimate > 0 AND id IN (SELECT relation_id FROM access_paths)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table = Table {
            rows: row.get(1)?,
            ..Table::default()
        };
        tables.insert(row.get::<_, i64>(0)?, table);
    }
    columns(facts, &mut tables)?;
    indexes(facts, &mut tables)?;
    Ok(tables)
}

fn columns(facts: &Connection, tables: &mut HashMap<i64, Table>) -> Result<()> {
    let mut statement = facts.prepare(
        "SELECT c.relation_id, c.name, c.type, s.n_distinct, s.null_frac, s.avg_width
         FROM columns c LEFT JOIN column_statistics s
           ON s.relation_id = c.relation_id AND s.column_name = c.name AND NOT s.inherited
         WHERE c.position > 0 AND NOT c.is_dropped",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(table) = tables.get_mut(&row.get::<_, i64>(0)?) else {
            continue;
        };
        let kind: Option<String> = row.get(2)?;
        let known: Option<f64> = row.get(3)?;
        let column = Column {
            distinct: known.and_then(|known| distinct(known, table.rows)),
            null_frac: row.get::<_, Option<f64>>(4)?.unwrap_or(0.0),
            is_indexable: is_indexable(kind.as_deref(), row.get(5)?),
        };
        table.columns.insert(row.get(1)?, column);
    }
    Ok(())
}

fn indexes(facts: &Connection, tables: &mut HashMap<i64, Table>) -> Result<()> {
    let mut statement = facts.prepare(
        "SELECT i.relation_id, i.id, i.method = 'btree', x.column_name, x.is_descending
         FROM indexes i JOIN index_columns x ON x.index_id = i.id AND NOT x.is_included
         WHERE i.is_valid ORDER BY i.id, x.position",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(table) = tables.get_mut(&row.get::<_, i64>(0)?) else {
            continue;
        };
        let id = row.get(1)?;
        let key = Key {
            column: row.get(3)?,
            is_descending: row.get(4)?,
        };
        match table.indexes.last_mut().filter(|index| index.id == id) {
            Some(index) => index.keys.push(key),
            None => table.indexes.push(Index {
                id,
                is_btree: row.get(2)?,
                keys: vec![key],
            }),
        }
    }
    Ok(())
}
