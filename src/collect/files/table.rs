//! Rows of a view into its facts table.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::catalog::{Owner, Spec, is_key};
use super::columns;
use super::error::FilesError;
use super::load::{Loader, RowsFile};
use super::names::{self, Names};
use super::rows::{Row, Sample};
use super::value::{self, Column};
use super::{hooks, people};

/// Reads a file into the facts table of its view.
pub fn apply(
    loader: &mut Loader<'_>,
    spec: &Spec,
    name: &str,
    file: &RowsFile,
) -> Result<(), FilesError> {
    let table = spec.table;
    let columns = columns::of(loader.facts, table)?;
    loader.replace(table, &clear(spec, loader.database))?;
    loader.filled(table, &file.path, []);
    let sampled = columns.iter().any(|column| column.name == "sample_id");
    let in_database = matches!(spec.owner, Owner::Relation | Owner::Index);
    let ids = if sampled || spec.aged {
        let database = in_database.then_some(loader.database);
        loader
            .series
            .ids(loader.facts, table, database, &file.samples)?
    } else {
        Vec::new()
    };
    let timeless = |sample: &Sample| sample.captured_at.is_none() && !sample.rows.is_empty();
    if (sampled || spec.aged) && file.samples.iter().any(timeless) {
        let given = loader.given.entry(table.to_owned()).or_default();
        given.timeless = true;
        given.ageless = spec.aged;
    }
    // Tables without samples hold the latest state.
    let skip = if sampled {
        0
    } else {
        file.samples.len().saturating_sub(1)
    };
    let mut writer = Writer {
        relations: Names::read(loader.facts, "relations", loader.database)?,
        indexes: Names::read(loader.facts, "indexes", loader.database)?,
        loader,
        spec,
        name,
        path: &file.path,
        columns,
    };
    for (index, sample) in file.samples.iter().enumerate().skip(skip) {
        for row in &sample.rows {
            let sample = ids.get(index).copied().filter(|_| sampled);
            writer.row(row, sample)?;
        }
    }
    Ok(())
}

/// What makes room for the rows of files in a store that has others.
fn clear(spec: &Spec, database: i64) -> String {
    let table = spec.table;
    match (spec.owner, table) {
        // Others refer to these by id.
        (_, "databases" | "roles" | "sequences" | "schemas") => String::new(),
        (Owner::Relation, _) => format!(
            "DELETE FROM {table} WHERE relation_id IN (SELECT id FROM relations WHERE database_id = {database})"
        ),
        (Owner::Index, _) => format!(
            "DELETE FROM {table} WHERE index_id IN (SELECT id FROM indexes WHERE database_id = {database})"
        ),
        _ => format!("DELETE FROM {table}"),
    }
}

struct Writer<'l, 'a> {
    loader: &'l mut Loader<'a>,
    spec: &'l Spec,
    name: &'l str,
    path: &'l Path,
    columns: Vec<Column>,
    relations: Names,
    indexes: Names,
}

type Values = BTreeMap<String, Sql>;

impl Writer<'_, '_> {
    fn bad(&self, row: &Row, reason: &str) -> FilesError {
        FilesError::content(self.path, format!("row {}: {reason}", row.number))
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known.name == column)
    }

    fn row(&mut self, row: &Row, sample: Option<i64>) -> Result<(), FilesError> {
        let namespace = names::text(row, &["nspname", "name"]);
        if self.spec.table == "schemas" && namespace.as_deref().is_some_and(names::is_system) {
            return Ok(());
        }
        let Some(mut values) = self.owner(row)? else {
            return Ok(());
        };
        let mut own: Values = BTreeMap::new();
        for (key, given) in &row.values {
            self.value(row, key, given, &mut own)?;
        }
        hooks::finish(self.spec.table, self.loader.literals, &mut own);
        let named: Vec<String> = own.keys().cloned().collect();
        self.loader.filled(self.spec.table, self.path, named);
        values.extend(own);
        if let Some(sample) = sample {
            values.insert("sample_id".to_owned(), Sql::Integer(sample));
        }
        for (column, id) in [("node_id", 1), ("database_id", self.loader.database)] {
            if self.has(column) && !values.contains_key(column) {
                values.insert(column.to_owned(), Sql::Integer(id));
            }
        }
        values.retain(|name, value| {
            let column = self.columns.iter().find(|column| column.name == *name);
            *value != Sql::Null || column.is_some_and(|column| !column.required)
        });
        let missing = |column: &&Column| {
            column.required && !column.has_default && !values.contains_key(&column.name)
        };
        if let Some(column) = self.columns.iter().find(missing) {
            let renamed = self.spec.renames.iter().find(|(_, to)| *to == column.name);
            let name = renamed.map_or(column.name.as_str(), |(from, _)| from);
            let reason = format!("it has no {name}; it has to hold rows of {}", self.name);
            return Err(self.bad(row, &reason));
        }
        self.write(row, &values)
    }

    /// Takes one value of a row.
    fn value(
        &mut self,
        row: &Row,
        key: &str,
        given: &Value,
        own: &mut Values,
    ) -> Result<(), FilesError> {
        let key = key.to_ascii_lowercase();
        let references = ["id", "sample_id", "node_id", "database_id"];
        if is_key(self.spec.owner, &key) && !self.is_named(&key)
            || self.spec.ignored.contains(&key.as_str())
            || self.spec.names.is_empty() && references.contains(&key.as_str()) && key != "id"
        {
            return Ok(());
        }
        let Some(column) = columns::column(&self.columns, self.spec, &key) else {
            let text = format!(
                "{}: columns that {} is not known to have were left out",
                self.path.display(),
                self.name
            );
            self.loader.notes.item(text, key);
            return Ok(());
        };
        let given = match column.name.as_str() {
            "most_common_freqs" => &value::number_list(given).map_err(|e| self.bad(row, &e))?,
            "options" => &value::options(given),
            "connection_limit" if value::integer(given) == Ok(-1) => &Value::Null,
            _ => given,
        };
        let converted = value::convert(given, column)
            .map_err(|reason| self.bad(row, &format!("{key}: {reason}")))?;
        let name = column.name.clone();
        match (own.get_mut(&name), converted) {
            (Some(Sql::Integer(sum)), Sql::Integer(more)) => *sum = sum.saturating_add(more),
            (Some(known), Sql::Null) if *known != Sql::Null => {}
            (_, converted) => {
                own.insert(name, converted);
            }
        }
        Ok(())
    }

    /// A column that says which row is meant and is one of the facts as well.
    fn is_named(&self, key: &str) -> bool {
        let owner_is_row = self.spec.owner == Owner::Server;
        owner_is_row && self.has(key)
    }

    /// The columns that say what the row belongs to; none where that is not known.
    fn owner(&mut self, row: &Row) -> Result<Option<Values>, FilesError> {
        let mut values = BTreeMap::new();
        let schema = names::text(row, &["schemaname", "nspname", "schema"]);
        let schema = schema.as_deref();
        if schema.is_some_and(names::is_system) && self.spec.owner != Owner::Server {
            return Ok(None);
        }
        match self.spec.owner {
            Owner::Relation => {
                let name = names::text(row, &["relname", "tablename", "table_name"]);
                let oid = names::number(row, &["relid", "starelid"]);
                let by_id = names::number(row, &["relation_id"]).filter(|_| name.is_none());
                let found = by_id.or_else(|| self.relations.find(schema, name.as_deref(), oid));
                let found = match found {
                    None if self.may_create() => self.create(row, schema, name.as_deref())?,
                    found => found,
                };
                let Some(id) = found else {
                    self.stranger("tables", schema, name.as_deref(), oid);
                    return Ok(None);
                };
                values.insert("relation_id".to_owned(), Sql::Integer(id));
            }
            Owner::Index => {
                let name = names::text(row, &["indexrelname", "indexname"]);
                let oid = names::number(row, &["indexrelid"]);
                let by_id = names::number(row, &["index_id"]).filter(|_| name.is_none());
                let found = by_id.or_else(|| self.indexes.find(schema, name.as_deref(), oid));
                let Some(id) = found else {
                    self.stranger("indexes", schema, name.as_deref(), oid);
                    return Ok(None);
                };
                values.insert("index_id".to_owned(), Sql::Integer(id));
            }
            Owner::Database => {
                let oid = names::number(row, &["datid"]);
                let name = names::text(row, &["datname"]);
                if self.spec.table == "database_stats" && oid == Some(0) {
                    return Ok(None);
                }
                let id = people::database(self.loader, oid, name.as_deref())?;
                values.insert("database_id".to_owned(), id.map_or(Sql::Null, Sql::Integer));
                if self.has("role_id") {
                    let oid = names::number(row, &["usesysid"]);
                    let name = names::text(row, &["usename", "rolname"]);
                    let role = people::role(self.loader, oid, name.as_deref())?;
                    values.insert("role_id".to_owned(), role.map_or(Sql::Null, Sql::Integer));
                }
            }
            Owner::Server => {}
        }
        Ok(Some(values))
    }

    /// Tells of a row about something that is not there.
    fn stranger(&mut self, what: &str, schema: Option<&str>, name: Option<&str>, oid: Option<i64>) {
        let file = self.path.display();
        let text = format!(
            "{file}: rows about {what} that are not known (or not by this name alone) were left out"
        );
        let item = match (schema, name, oid) {
            (Some(schema), Some(name), _) => format!("{schema}.{name}"),
            (None, Some(name), _) => name.to_owned(),
            (_, None, Some(oid)) => format!("oid {oid}"),
            (_, None, None) => "a row without a name".to_owned(),
        };
        self.loader.notes.item(text, item);
    }

    /// Without a schema, statistics of columns tell which tables there are.
    fn may_create(&self) -> bool {
        let given = &self.loader.given;
        self.loader.alone
            && self.spec.table == "column_statistics"
            && !given.contains_key("columns")
            && !given.contains_key("relations")
    }

    fn create(
        &mut self,
        row: &Row,
        schema: Option<&str>,
        name: Option<&str>,
    ) -> Result<Option<i64>, FilesError> {
        let Some(name) = name else {
            return Err(self.bad(row, "it has no tablename; it has to hold rows of pg_stats"));
        };
        let schema = schema.unwrap_or("public");
        let facts = self.loader.facts;
        facts.execute(
            "INSERT INTO relations (database_id, schema, name) VALUES (?1, ?2, ?3)",
            rusqlite::params![self.loader.database, schema, name],
        )?;
        let id = facts.last_insert_rowid();
        self.relations
            .add(id, schema.to_owned(), name.to_owned(), 0);
        Ok(Some(id))
    }

    /// Writes a row over the one of the same name, if the schema told of it.
    fn update(&mut self, row: &Row, values: &Values) -> Result<bool, FilesError> {
        let sets: Vec<String> = values
            .keys()
            .map(|name| format!("\"{name}\" = ?"))
            .collect();
        let schema = if self.spec.table == "sequences" {
            "schema"
        } else {
            "NULL"
        };
        let sql = format!(
            "UPDATE {} SET {} WHERE name = ? AND {schema} IS ? AND database_id = ?",
            self.spec.table,
            sets.join(", ")
        );
        let get = |name: &str| values.get(name).cloned().unwrap_or(Sql::Null);
        let mut all: Vec<Sql> = values.values().cloned().collect();
        let own_schema = if schema == "NULL" {
            Sql::Null
        } else {
            get("schema")
        };
        all.extend([get("name"), own_schema, Sql::Integer(self.loader.database)]);
        let changed = self
            .loader
            .facts
            .prepare_cached(&sql)?
            .execute(rusqlite::params_from_iter(all))
            .map_err(|error| self.bad(row, &error.to_string()))?;
        Ok(changed > 0)
    }

    fn write(&mut self, row: &Row, values: &Values) -> Result<(), FilesError> {
        let table = self.spec.table;
        let facts = self.loader.facts;
        if matches!(table, "databases" | "roles") {
            return people::update(self.loader, table, values)
                .map_err(|error| self.bad(row, &error.to_string()));
        }
        if matches!(table, "sequences" | "schemas" | "extensions") && self.update(row, values)? {
            return Ok(());
        }
        let names: Vec<String> = values.keys().map(|name| format!("\"{name}\"")).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let update = names.iter().map(|name| format!("{name} = excluded.{name}"));
        let update = update.collect::<Vec<_>>().join(", ");
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({marks}) ON CONFLICT DO UPDATE SET {update}",
            names.join(", ")
        );
        facts
            .prepare_cached(&sql)?
            .execute(rusqlite::params_from_iter(values.values()))
            .map_err(|error| self.bad(row, &error.to_string()))?;
        Ok(())
    }
}
