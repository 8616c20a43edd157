//! Which statements may be parents or children of a loop, by their form.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

/// A statement that may be run in a loop: it looks for rows of one table by equality with values, or
/// inserts one row.
#[derive(Debug)]
pub(super) struct Child {
    pub id: i64,
    pub database: i64,
    pub relation: i64,
    /// Columns that get one value each.
    pub keys: Vec<String>,
}

/// Children, in order of their ids.
pub(super) fn children(facts: &Connection) -> Result<Vec<Child>> {
    // One table in all, nothing but equality, no lock.
    let mut statement = facts.prepare(
        "SELECT s.statement_id, st.database_id, p.relation_id, p.equality_columns
         FROM statement_shapes s
         JOIN statements st ON st.id = s.statement_id
         JOIN access_paths p ON p.statement_id = s.statement_id
         WHERE s.purpose = 'application' AND s.read_as = 'tree' AND s.kind IN ('select', 'update', 'delete')
           AND p.equality_columns <> '[]'
           AND p.range_columns = '[]' AND p.in_columns = '[]' AND p.join_columns = '[]'
           AND p.other_columns = '[]' AND NOT p.has_unknown
           AND (SELECT count(*) FROM query_relations r WHERE r.statement_id = s.statement_id) = 1
           AND NOT EXISTS (SELECT 1 FROM query_blocks b
                           WHERE b.statement_id = s.statement_id AND b.lock_strength IS NOT NULL)
         UNION ALL
         SELECT s.statement_id, st.database_id, r.relation_id,
                (SELECT json_group_array(c.column_name) FROM column_refs c
                 WHERE c.statement_id = s.statement_id AND c.usage = 'insert')
         FROM statement_shapes s
         JOIN statements st ON st.id = s.statement_id
         JOIN query_relations r ON r.statement_id = s.statement_id AND r.usage = 'written' AND r.block = 0
         WHERE s.purpose = 'application' AND s.read_as = 'tree' AND s.kind = 'insert' AND s.rows_given = 1
           AND r.relation_id IS NOT NULL
         ORDER BY 1",
    )?;
    let rows = statement.query_map([], |row| {
        let keys: String = row.get(3)?;
        Ok(Child {
            id: row.get(0)?,
            database: row.get(1)?,
            relation: row.get(2)?,
            keys: serde_json::from_str(&keys).unwrap_or_default(),
        })
    })?;
    rows.collect()
}

/// Queries that may give several rows, with the columns that come out: relation and name. Those
/// that lock rows are left out, for they take work off a queue.
pub(super) fn parents(facts: &Connection) -> Result<HashMap<i64, HashSet<(i64, String)>>> {
    let mut statement = facts.prepare(
        "SELECT s.statement_id, c.relation_id, c.column_name
         FROM statement_shapes s
         JOIN column_refs c ON c.statement_id = s.statement_id AND c.usage = 'output'
         WHERE s.purpose = 'application' AND s.read_as = 'tree' AND s.kind = 'select'
           AND s.is_single_row = 0 AND s.wrapper IS NULL
           AND NOT EXISTS (SELECT 1 FROM query_blocks b
                           WHERE b.statement_id = s.statement_id AND b.lock_strength IS NOT NULL)",
    )?;
    let mut parents: HashMap<i64, HashSet<(i64, String)>> = HashMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        parents
            .entry(row.get(0)?)
            .or_default()
            .insert((row.get(1)?, row.get(2)?));
    }
    Ok(parents)
}
