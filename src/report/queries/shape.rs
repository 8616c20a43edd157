//! What statements say, in words, from the facts of their shape.

use std::collections::BTreeMap;

use rusqlite::Row;
use serde_json::{Map, Value, json};

use crate::facts::{FactsError, Store};

/// What a statement says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Kind, purpose, how it was read.
    pub reading: Vec<(String, String)>,
    /// Its blocks: the statement itself first, then its subqueries.
    pub blocks: BTreeMap<i64, Block>,
}

/// A query within a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// What it is in the statement; empty for the statement itself.
    pub title: String,
    /// Names and what stands under them.
    pub fields: Vec<(String, String)>,
}

const ABOUT: &str = "SELECT statement_id, 0, 'read', CASE
    WHEN read_as = 'tree' THEN kind || ', by its syntax tree'
    WHEN read_as = 'command' THEN kind || ', no query'
    ELSE kind || ', by its tokens only' || coalesce(': ' || unread_because, '') END
    || CASE purpose WHEN 'application' THEN '' ELSE ', ' || purpose END
    || CASE is_single_row WHEN 1 THEN ', gives one row at most' ELSE '' END
  FROM statement_shapes";

const BLOCKS: &str = "SELECT statement_id, block, CASE role WHEN 'statement' THEN '' ELSE
    CASE WHEN is_negated THEN 'not ' ELSE '' END || role
      || coalesce(' of block ' || parent_block, '')
      || CASE WHEN is_correlated THEN ', correlated' ELSE '' END END
  FROM query_blocks";

/// Each gives statement, block, name and text.
const FIELDS: [&str; 5] = [
    "SELECT statement_id, block, 'table',
       coalesce(join_kind || ' join ', '') || coalesce(schema || '.', '') || name
         || coalesce(' ' || alias, '')
         || CASE usage WHEN 'written' THEN ', written' ELSE '' END
         || CASE WHEN relation_id IS NULL THEN ', not known' ELSE '' END
     FROM query_relations",
    "SELECT j.statement_id, j.block, 'join',
       coalesce(l.alias, l.name, 'outer') || '.' || j.left_column || ' = '
         || coalesce(r.alias, r.name, 'outer') || '.' || j.right_column
     FROM query_joins j
     LEFT JOIN query_relations l
       ON l.statement_id = j.statement_id AND l.block = j.block AND l.ordinal = j.left_ordinal
     LEFT JOIN query_relations r
       ON r.statement_id = j.statement_id AND r.block = j.block AND r.ordinal = j.right_ordinal",
    "SELECT p.statement_id, p.block, p.clause,
       coalesce(p.expression, coalesce(q.alias || '.', q.name || '.', '') || p.column_name, 'an expression')
         || ' ' || p.operator
         || CASE p.comparand WHEN 'none' THEN ''
              WHEN 'list' THEN ' a list' || coalesce(' of ' || p.list_length, '')
              WHEN 'expression' THEN ' an expression' ELSE ' a ' || p.comparand END
         || CASE WHEN p.or_group IS NOT NULL THEN ' (under OR)' ELSE '' END
         || CASE p.is_sargable WHEN 1 THEN ': an index can serve it'
              WHEN 0 THEN coalesce(': the index ' || i.name || ' holds it', ': no plain index serves it' || coalesce(' (' || p.unsargable_because || ')', ''))
              ELSE ': whether an index can serve it is not known' END
     FROM query_predicates p
     LEFT JOIN indexes i ON i.id = p.expression_index_id
     LEFT JOIN query_relations q
       ON q.statement_id = p.statement_id AND q.block = p.block AND q.ordinal = p.ordinal",
    "SELECT s.statement_id, s.block, s.clause || CASE s.clause WHEN 'distinct' THEN '' ELSE ' by' END,
       group_concat(coalesce(coalesce(q.alias || '.', q.name || '.', '') || s.column_name, s.expression, 'an expression')
         || CASE WHEN s.is_descending THEN ' descending' ELSE '' END, ', ')
     FROM (SELECT * FROM query_sorts ORDER BY statement_id, block, clause, position) s
     LEFT JOIN query_relations q
       ON q.statement_id = s.statement_id AND q.block = s.block AND q.ordinal = s.ordinal
     GROUP BY s.statement_id, s.block, s.clause",
    "SELECT statement_id, block, 'takes', trim(
       CASE WHEN set_operation IS NOT NULL THEN set_operation || ', ' ELSE '' END
         || CASE WHEN is_distinct THEN 'distinct rows, ' ELSE '' END
         || CASE WHEN has_star THEN 'all columns (*), ' ELSE '' END
         || CASE WHEN aggregates > 0 THEN 'aggregates, ' ELSE '' END
         || CASE WHEN has_window THEN 'window functions, ' ELSE '' END
         || CASE WHEN orders_randomly THEN 'random order, ' ELSE '' END
         || coalesce('limit ' || coalesce(limit_value, 'by ' || limit_by) || ', ', '')
         || coalesce('offset ' || coalesce(offset_value, 'by ' || offset_by) || ', ', '')
         || coalesce('locks rows for ' || lock_strength || coalesce(' ' || lock_wait, '') || ', ', ''), ', ')
     FROM query_blocks",
];

/// Tables that hold the shape of statements, as `show --format json` gives them.
const TABLES: [&str; 6] = [
    "query_blocks",
    "query_relations",
    "query_predicates",
    "query_joins",
    "query_sorts",
    "access_paths",
];

/// The shapes of all statements, or of one.
pub fn shapes(store: &Store, only: Option<i64>) -> Result<BTreeMap<i64, Shape>, FactsError> {
    let mut found: BTreeMap<i64, Shape> = BTreeMap::new();
    each(store, ABOUT, only, |id, row| {
        let field = (row.get(2)?, row.get(3)?);
        found.entry(id).or_default().reading.push(field);
        Ok(())
    })?;
    each(store, BLOCKS, only, |id, row| {
        let blocks = &mut found.entry(id).or_default().blocks;
        blocks.entry(row.get(1)?).or_default().title = row.get(2)?;
        Ok(())
    })?;
    for sql in FIELDS {
        each(store, sql, only, |id, row| {
            let (name, text): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let blocks = &mut found.entry(id).or_default().blocks;
                let fields = &mut blocks.entry(row.get(1)?).or_default().fields;
                fields.push((name, text));
            }
            Ok(())
        })?;
    }
    Ok(found)
}

fn each(
    store: &Store,
    sql: &str,
    only: Option<i64>,
    mut take: impl FnMut(i64, &Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let sql = format!("SELECT * FROM ({sql}) WHERE ?1 IS NULL OR statement_id = ?1");
    let mut statement = store.connection().prepare(&sql)?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row)?;
    }
    Ok(())
}

/// The rows of one statement in the tables of shapes, by table.
pub fn tables(store: &Store, id: i64) -> Result<Value, FactsError> {
    let mut all = Map::new();
    for table in TABLES {
        let sql = format!("SELECT * FROM {table} WHERE statement_id = ?1");
        let mut statement = store.connection().prepare(&sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let rows = statement.query_map([id], |row| {
            let mut object = Map::new();
            for (at, name) in names.iter().enumerate().skip(1) {
                let value = match row.get_ref(at)? {
                    rusqlite::types::ValueRef::Null | rusqlite::types::ValueRef::Blob(_) => {
                        Value::Null
                    }
                    rusqlite::types::ValueRef::Integer(number) => json!(number),
                    rusqlite::types::ValueRef::Real(number) => json!(number),
                    rusqlite::types::ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
                };
                object.insert(name.clone(), value);
            }
            Ok(Value::Object(object))
        })?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        all.insert(table.to_owned(), Value::Array(rows));
    }
    Ok(Value::Object(all))
}
