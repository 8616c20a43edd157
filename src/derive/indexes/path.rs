//! What statements ask of a table.

use rusqlite::{Connection, Result};

/// An access path with what bears on the rows it reads.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub statement: i64,
    pub block: i64,
    pub ordinal: i64,
    pub relation: i64,
    /// Columns that are compared with `=` to values.
    pub equality: Vec<String>,
    /// Columns that are compared with lists.
    pub within: Vec<String>,
    /// Columns that are compared with `<`, `>`, `BETWEEN`.
    pub range: Vec<String>,
    /// Columns of predicates that a B-tree does not serve, or `IS NULL`.
    pub other: Vec<String>,
    /// ORDER BY, where a LIMIT makes its order worth an index.
    pub sort: Vec<Sort>,
    /// Rows that a LIMIT lets through.
    pub limit: Option<f64>,
    /// Further rows are skipped by OFFSET, nobody knows how many.
    pub skips: bool,
    /// Rows that fulfil all conditions, where the counters tell.
    pub matching: Option<f64>,
}

/// A column of ORDER BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sort {
    pub column: String,
    pub is_descending: bool,
}

/// The access paths of statements that were called.
pub(super) fn paths(facts: &Connection) -> Result<Vec<Path>> {
    let mut statement = facts.prepare(
        "SELECT p.statement_id, p.block, p.ordinal, p.relation_id,
                p.equality_columns, p.in_columns, p.range_columns, p.other_columns, p.null_columns,
                p.sort_columns, p.has_limit, b.limit_value,
                t.rows * 1.0 / nullif(t.calls, 0) AS rows_per_call,
                b.block = s.subject_block AND b.aggregates = 0 AND NOT b.has_group_by AND b.set_operation IS NULL
                  AND NOT b.is_distinct AND s.kind = 'select' AND s.wrapper IS NULL
                  AND (SELECT count(*) FROM query_relations r
                       WHERE r.statement_id = p.statement_id AND r.block = p.block) = 1 AS gives_rows,
                b.offset_by IS NOT NULL AND coalesce(b.offset_value, 1) > 0 AS skips
         FROM access_paths p
         JOIN statement_shapes s ON s.statement_id = p.statement_id AND s.purpose = 'application'
         JOIN query_blocks b ON b.statement_id = p.statement_id AND b.block = p.block
         JOIN statement_totals t ON t.statement_id = p.statement_id",
    )?;
    let mut rows = statement.query([])?;
    let mut paths = Vec::new();
    while let Some(row) = rows.next()? {
        let list = |place: usize| -> Result<Vec<String>> {
            Ok(serde_json::from_str(&row.get::<_, String>(place)?).unwrap_or_default())
        };
        let has_limit: bool = row.get(10)?;
        let rows_per_call: Option<f64> = row.get(12)?;
        let gives_rows: bool = row.get(13)?;
        let limit = row.get::<_, Option<f64>>(11)?.or(rows_per_call);
        paths.push(Path {
            statement: row.get(0)?,
            block: row.get(1)?,
            ordinal: row.get(2)?,
            relation: row.get(3)?,
            equality: list(4)?,
            within: list(5)?,
            range: list(6)?,
            other: [list(7)?, list(8)?].concat(),
            sort: if has_limit {
                sorts(list(9)?)
            } else {
                Vec::new()
            },
            limit: limit.filter(|_| has_limit).map(|rows| rows.max(1.0)),
            skips: row.get(14)?,
            matching: rows_per_call.filter(|_| gives_rows && !has_limit),
        });
    }
    Ok(paths)
}

fn sorts(columns: Vec<String>) -> Vec<Sort> {
    let sort = |column: String| match column.strip_prefix('-') {
        Some(column) => Sort {
            column: column.to_owned(),
            is_descending: true,
        },
        None => Sort {
            column,
            is_descending: false,
        },
    };
    columns.into_iter().map(sort).collect()
}
