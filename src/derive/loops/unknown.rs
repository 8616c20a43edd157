//! Statements over tables that the facts do not have, as where there is a log and no schema: the
//! names of tables and columns are all that is known.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

use super::edges::{Key, plurals, stem};
use super::statements::Child;

/// Tables by name; each has a number below 0 in the place of an id.
#[derive(Debug, Default)]
pub(super) struct Tables {
    numbers: HashMap<(i64, String), i64>,
    names: HashMap<i64, (i64, String)>,
}

impl Tables {
    fn number(&mut self, database: i64, name: String) -> i64 {
        let next = -1 - self.numbers.len() as i64;
        let number = *self.numbers.entry((database, name.clone())).or_insert(next);
        self.names.insert(number, (database, name));
        number
    }

    /// How a column of a parent may hold the key of a child, by their names.
    pub fn tie(&self, own: &Key, parent: &Key) -> Option<&'static str> {
        let (database, table) = self.names.get(&own.0)?;
        let (other_database, other) = self.names.get(&parent.0)?;
        if database != other_database {
            return None;
        }
        let (column, given) = (own.1.to_lowercase(), parent.1.to_lowercase());
        if own.0 == parent.0 {
            return (column == "id" && given == "id").then_some("own key");
        }
        if column == given {
            return (column != "id" && stem(&column).is_some()).then_some("same name");
        }
        let refers = |column: &str, key: &str, table: &str| {
            key == "id" && stem(column).is_some_and(|stem| is_named(table, stem))
        };
        (refers(&column, &given, other) || refers(&given, &column, table)).then_some("named")
    }
}

/// Whether a table is named after a thing; frameworks put a name of their own before it.
fn is_named(table: &str, stem: &str) -> bool {
    plurals(stem).iter().any(|name| {
        table
            .strip_suffix(name.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('_'))
    })
}

/// Children whose table is not known.
pub(super) fn children(facts: &Connection, tables: &mut Tables) -> Result<Vec<Child>> {
    let mut statement = facts.prepare(
        "SELECT s.statement_id, st.database_id, lower(r.name),
                (SELECT json_group_array(DISTINCT p.column_name) FROM query_predicates p
                 WHERE p.statement_id = s.statement_id AND p.operator IN ('=', 'in'))
         FROM statement_shapes s
         JOIN statements st ON st.id = s.statement_id
         JOIN query_relations r ON r.statement_id = s.statement_id
         WHERE s.purpose = 'application' AND s.read_as = 'tree' AND r.relation_id IS NULL
           AND (SELECT count(*) FROM query_relations x WHERE x.statement_id = s.statement_id) = 1
           AND NOT EXISTS (SELECT 1 FROM query_blocks b
                           WHERE b.statement_id = s.statement_id AND b.lock_strength IS NOT NULL)
           AND (s.kind = 'insert' AND s.rows_given = 1
             OR s.kind IN ('select', 'update', 'delete')
             AND EXISTS (SELECT 1 FROM query_predicates p
                         WHERE p.statement_id = s.statement_id AND p.operator <> 'is null')
             AND NOT EXISTS (
               SELECT 1 FROM query_predicates p
               WHERE p.statement_id = s.statement_id AND p.operator <> 'is null'
                 AND NOT (p.column_name IS NOT NULL AND p.wrapped_in IS NULL
                          AND (p.operator = '=' AND p.comparand IN ('parameter', 'constant')
                            OR p.operator = 'in' AND p.list_length = 1))))
         ORDER BY 1",
    )?;
    let mut found = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (database, keys): (i64, String) = (row.get(1)?, row.get(3)?);
        found.push(Child {
            id: row.get(0)?,
            database,
            relation: tables.number(database, row.get(2)?),
            keys: serde_json::from_str(&keys).unwrap_or_default(),
        });
    }
    Ok(found)
}

/// Queries over one table that is not known, with the columns that come out. Of a star there is the
/// key at least, which most tables call `id`; look-ups by it give one row.
pub(super) fn parents(
    facts: &Connection,
    tables: &mut Tables,
) -> Result<HashMap<i64, HashSet<Key>>> {
    let mut statement = facts.prepare(
        "SELECT s.statement_id, st.database_id, lower(r.name),
                CASE o.kind WHEN 'star' THEN 'id' ELSE o.column_name END
         FROM statement_shapes s
         JOIN statements st ON st.id = s.statement_id
         JOIN query_relations r ON r.statement_id = s.statement_id
         JOIN query_outputs o ON o.statement_id = s.statement_id AND o.block = s.subject_block
         WHERE s.purpose = 'application' AND s.read_as = 'tree' AND s.kind = 'select'
           AND s.is_single_row = 0 AND s.wrapper IS NULL AND r.relation_id IS NULL
           AND (o.kind = 'star' OR o.kind = 'column' AND o.column_name IS NOT NULL)
           AND (SELECT count(*) FROM query_relations x WHERE x.statement_id = s.statement_id) = 1
           AND NOT EXISTS (SELECT 1 FROM query_predicates p
                           WHERE p.statement_id = s.statement_id AND lower(p.column_name) = 'id' AND p.operator = '=')
           AND NOT EXISTS (SELECT 1 FROM query_blocks b
                           WHERE b.statement_id = s.statement_id AND b.lock_strength IS NOT NULL)
         ORDER BY 1",
    )?;
    let mut found: HashMap<i64, HashSet<Key>> = HashMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table = tables.number(row.get(1)?, row.get(2)?);
        found
            .entry(row.get(0)?)
            .or_default()
            .insert((table, row.get(3)?));
    }
    Ok(found)
}
