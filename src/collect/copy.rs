//! Rows of `PostgreSQL` into a facts table, by column name.

use rusqlite::Connection;
use rusqlite::types::Value;
use tokio_postgres::{Column, Row};

use super::error::CollectError;
use super::ids::Ids;
use super::value::value;
use crate::parse;

/// What a row belongs to, and what may be kept.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Server.
    pub node: i64,
    /// Database, for what is read inside one.
    pub database: Option<i64>,
    /// Sample of the counters.
    pub sample: i64,
    /// Literals are kept.
    pub literals: bool,
}

/// How a result column becomes a facts column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    AsIs,
    /// An oid that stands for an object in this table.
    Id(&'static str),
    Redact,
    Fingerprint,
    /// The value of the setting that column `name` names.
    Setting,
}

/// Copies the rows of one query.
pub struct Copier<'a> {
    table: &'static str,
    place: Place,
    ids: &'a mut Ids,
    insert: rusqlite::Statement<'a>,
    columns: Vec<(usize, How, bool)>,
    name: Option<usize>,
    oid: Option<usize>,
    /// Rows of objects that came up between two queries.
    pub unknown: usize,
    /// Rows copied.
    pub copied: usize,
}

impl<'a> Copier<'a> {
    /// Prepares for rows with these columns; those whose name begins with `_` are not copied, and
    /// `added` ones are given with each row. Facts columns `node_id`, `database_id`, `sample_id`
    /// and `id` that the query does not give come from `place` and `ids`.
    pub fn new(
        facts: &'a Connection,
        table: &'static str,
        columns: &[Column],
        added: &[&str],
        place: Place,
        ids: &'a mut Ids,
    ) -> Result<Self, CollectError> {
        let mut names = Vec::new();
        let mut plan = Vec::new();
        let required: Vec<String> = strings(
            facts,
            "SELECT name FROM pragma_table_info(?1) WHERE \"notnull\" OR pk",
            table,
        )?;
        let all: Vec<String> = strings(facts, "SELECT name FROM pragma_table_info(?1)", table)?;
        for (index, column) in columns.iter().enumerate() {
            if column.name().starts_with('_') {
                continue;
            }
            let (name, how) = how(column.name());
            plan.push((index, how, required.iter().any(|r| r == name)));
            names.push(name.to_owned());
        }
        names.extend(added.iter().map(|name| (*name).to_owned()));
        let find = |wanted: &str| columns.iter().position(|column| column.name() == wanted);
        let oid = find("oid").filter(|_| Ids::table(table).is_some());
        let given = [
            ("node_id", Some(place.node)),
            ("database_id", place.database),
            ("sample_id", Some(place.sample)),
        ];
        for (name, value) in given {
            if let Some(value) = value
                && all.iter().any(|column| column == name)
                && !names.iter().any(|column| column == name)
            {
                names.push(format!("{name}={value}"));
            }
        }
        let (columns_sql, values_sql) = clauses(&names, oid.is_some());
        let insert = facts.prepare(&format!(
            "INSERT INTO {table} ({columns_sql}) VALUES ({values_sql})"
        ))?;
        Ok(Self {
            table,
            place,
            ids,
            insert,
            columns: plan,
            name: find("name"),
            oid,
            unknown: 0,
            copied: 0,
        })
    }

    /// Copies one row. A row that must refer to an object we do not know is counted, not copied.
    pub fn row(&mut self, row: &Row) -> Result<(), CollectError> {
        self.row_with(row, &[])
    }

    /// Copies one row, with the values of the columns that the caller added.
    pub fn row_with(&mut self, row: &Row, added: &[i64]) -> Result<(), CollectError> {
        let mut values = Vec::with_capacity(self.columns.len() + 1);
        for &(index, how, required) in &self.columns {
            let raw = value(row, index).map_err(CollectError::value(self.table))?;
            let converted = match (how, raw) {
                (How::Id(table), Value::Integer(oid)) => {
                    match reference(self.ids, self.table, table, self.place, oid) {
                        Some(id) => Value::Integer(id),
                        None if required => {
                            self.unknown += 1;
                            return Ok(());
                        }
                        None => Value::Null,
                    }
                }
                (How::Redact, Value::Text(text)) if !self.place.literals => {
                    Value::Text(parse::redact_statement(&text))
                }
                (How::Fingerprint, Value::Text(text)) => {
                    if text.trim().is_empty() {
                        Value::Null
                    } else {
                        Value::Text(parse::fingerprint(&text).to_string())
                    }
                }
                (How::Setting, Value::Text(text)) => {
                    let name: String = match self.name {
                        Some(name) => row.try_get(name).map_err(CollectError::value(self.table))?,
                        None => String::new(),
                    };
                    Value::Text(parse::redact_setting(&name, &text))
                }
                (_, raw) => raw,
            };
            values.push(converted);
        }
        values.extend(added.iter().copied().map(Value::Integer));
        if let Some(oid) = self.oid {
            let oid: u32 = row.try_get(oid).map_err(CollectError::value(self.table))?;
            let oid = i64::from(oid);
            let table = Ids::table(self.table).expect("the table is identified");
            let id = self.ids.assign(table, self.place.database, oid);
            values.push(Value::Integer(id));
        }
        self.insert
            .execute(rusqlite::params_from_iter(values))
            .map_err(|error| CollectError::row(self.table, &error))?;
        self.copied += 1;
        Ok(())
    }
}

/// A reference within a table may come before its object; elsewhere the object must be known.
fn reference(ids: &mut Ids, from: &str, to: &'static str, place: Place, oid: i64) -> Option<i64> {
    if to == from {
        Some(ids.assign(to, place.database, oid))
    } else {
        ids.get(to, place.database, oid)
    }
}

fn how(label: &str) -> (&str, How) {
    match label.split_once(':') {
        None => (label, How::AsIs),
        Some((name, "redact")) => (name, How::Redact),
        Some((name, "fingerprint")) => (name, How::Fingerprint),
        Some((name, "setting")) => (name, How::Setting),
        Some((name, table)) => (
            name,
            How::Id(Ids::table(table).expect("a reference names an identified table")),
        ),
    }
}

/// Column list and value list; `name=value` columns have a value of ours.
fn clauses(names: &[String], with_id: bool) -> (String, String) {
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if let Some((name, value)) = name.split_once('=') {
            columns.push(format!("\"{name}\""));
            values.push(value.to_owned());
        } else {
            columns.push(format!("\"{name}\""));
            values.push(format!("?{}", index + 1));
        }
    }
    if with_id {
        let given = names.iter().filter(|name| !name.contains('=')).count();
        columns.push("\"id\"".to_owned());
        values.push(format!("?{}", given + 1));
    }
    (columns.join(", "), values.join(", "))
}

fn strings(facts: &Connection, sql: &str, table: &str) -> Result<Vec<String>, CollectError> {
    let mut statement = facts.prepare_cached(sql)?;
    let names = statement.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
