//! Running the query of a page: parameters in, rows out.

use std::collections::BTreeMap;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Statement};

use crate::facts::{Limit, Store};

use super::page::Sql;
use super::params::Value;

/// Values of a page's parameters, by name.
pub type Values = BTreeMap<String, Value>;

/// Most rows a query may return; more is a mistake in the query.
const MOST_ROWS: usize = 200_000;

/// Rows with the names of their columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<SqlValue>>,
}

/// Runs a query that may only read, within `limit`.
pub(super) fn rows(
    store: &mut Store,
    sql: &Sql,
    values: &Values,
    limit: Limit,
) -> Result<Rows, String> {
    store
        .read_only(limit, |connection| fetch(connection, &sql.text, values))
        .map_err(|error| reason(&error))
        .and_then(|rows| match rows {
            Some(rows) => Ok(rows),
            None => Err(format!("it returns more than {MOST_ROWS} rows")),
        })
}

fn fetch(connection: &Connection, sql: &str, values: &Values) -> rusqlite::Result<Option<Rows>> {
    let mut statement = connection.prepare(sql)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    for (index, name) in parameters(&statement) {
        if let Some(value) = name.strip_prefix(':').and_then(|name| values.get(name)) {
            statement.raw_bind_parameter(index, value)?;
        }
    }
    let mut found = Rows {
        columns,
        rows: Vec::new(),
    };
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if found.rows.len() == MOST_ROWS {
            return Ok(None);
        }
        let row = (0..found.columns.len()).map(|column| row.get(column));
        found.rows.push(row.collect::<Result<_, _>>()?);
    }
    Ok(Some(found))
}

/// Indexes and names (with their colon) of a statement's parameters; an unnamed one is `?`.
pub(super) fn parameters(statement: &Statement<'_>) -> Vec<(usize, String)> {
    (1..=statement.parameter_count())
        .map(|index| {
            let name = statement.parameter_name(index).unwrap_or("?");
            (index, name.to_owned())
        })
        .collect()
}

/// What `SQLite` says, in words that fit into a sentence.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, _)
            if code.code == rusqlite::ErrorCode::OperationInterrupted =>
        {
            "its query takes too long and was ended".to_owned()
        }
        rusqlite::Error::SqliteFailure(code, _)
            if code.code == rusqlite::ErrorCode::AuthorizationForStatementDenied =>
        {
            "its query may only read".to_owned()
        }
        rusqlite::Error::MultipleStatement => {
            "a rule is one query: remove what stands behind its first `;`".to_owned()
        }
        rusqlite::Error::SqlInputError { msg, .. }
        | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        other => other.to_string(),
    }
}
