//! Rows of `pg_class`: sizes and row counts of what the schema tells of, or, without a schema,
//! tables and indexes themselves.

use std::collections::BTreeMap;

use rusqlite::types::Value as Sql;

use super::error::FilesError;
use super::load::{Loader, RowsFile};
use super::names::{self, Names};
use super::rows::Row;
use super::value;

/// Columns under which a main fork's size may stand.
const SIZE: [&str; 5] = [
    "size_bytes",
    "bytes",
    "size",
    "relation_size",
    "pg_relation_size",
];
const TOAST: [&str; 2] = ["toast_size_bytes", "toast_bytes"];

/// Columns that facts do without, or that other columns tell.
const IGNORED: [&str; 22] = [
    "reltype",
    "reloftype",
    "relowner",
    "relam",
    "relfilenode",
    "reltablespace",
    "relallfrozen",
    "reltoastrelid",
    "relhasindex",
    "relisshared",
    "relnatts",
    "relchecks",
    "relhasrules",
    "relhassubclass",
    "relforcerowsecurity",
    "relispopulated",
    "relrewrite",
    "relfrozenxid",
    "relminmxid",
    "relacl",
    "relpartbound",
    "captured_at",
];

/// Columns that are read, beside those under their own name in the facts.
const READ: [&str; 21] = [
    "oid",
    "relname",
    "relkind",
    "relnamespace",
    "nspname",
    "schemaname",
    "schema",
    "reltuples",
    "relpages",
    "relallvisible",
    "relallfrozen",
    "relpersistence",
    "relispartition",
    "relhastriggers",
    "relrowsecurity",
    "relreplident",
    "reloptions",
    "on_table",
    "indexdef",
    "frozen_xid_age",
    "min_mxid_age",
];

/// Reads the file; with several samples the last one counts.
pub fn apply(loader: &mut Loader<'_>, file: &RowsFile) -> Result<(), FilesError> {
    let Some(sample) = file.samples.last() else {
        return Ok(());
    };
    let creates = loader.alone
        && !loader.given.contains_key("relations")
        && !loader.given.contains_key("indexes");
    let mut reader = Reader {
        relations: Names::read(loader.facts, "relations", loader.database)?,
        indexes: Names::read(loader.facts, "indexes", loader.database)?,
        loader,
        file,
        creates,
    };
    // Tables before their indexes.
    for wanted in [false, true] {
        for row in &sample.rows {
            let kind = row.values.get("relkind").map(value::text);
            let kind = kind.as_deref().unwrap_or("r");
            if matches!(kind, "i" | "I") == wanted {
                reader.row(row, kind)?;
            }
        }
    }
    Ok(())
}

struct Reader<'l, 'a> {
    loader: &'l mut Loader<'a>,
    file: &'l RowsFile,
    relations: Names,
    indexes: Names,
    creates: bool,
}

impl Reader<'_, '_> {
    fn row(&mut self, row: &Row, kind: &str) -> Result<(), FilesError> {
        let path = &self.file.path;
        let bad =
            |reason: String| FilesError::content(path, format!("row {}: {reason}", row.number));
        self.columns(row);
        let Some(name) = names::text(row, &["relname"]) else {
            return Err(bad(
                "it has no relname; it has to hold rows of pg_class".to_owned()
            ));
        };
        let table = match kind {
            "r" | "p" | "v" | "m" | "f" => "relations",
            "i" | "I" => "indexes",
            // TOAST tables, sequences and types.
            _ => return Ok(()),
        };
        let Some(schema) = self.schema(row) else {
            return Ok(());
        };
        let oid = names::number(row, &["oid"]);
        let known = if table == "indexes" {
            &self.indexes
        } else {
            &self.relations
        };
        let mut id = known.find(schema.as_deref(), Some(&name), oid);
        let mut values = figures(row, table).map_err(bad)?;
        if id.is_none() && self.creates {
            id = self.create(row, kind, schema.as_deref(), &name, oid)?;
        }
        let Some(id) = id else {
            let why = if self.creates {
                "indexes whose table is not told (on_table) were left out"
            } else {
                "objects that the schema does not have were left out"
            };
            let text = format!("{}: {why}", path.display());
            let name = schema.map_or(name.clone(), |schema| format!("{schema}.{name}"));
            self.loader.notes.item(text, name);
            return Ok(());
        };
        if let Some(oid) = oid {
            values.insert("oid", Sql::Integer(oid));
        }
        let columns = values.keys().map(|name| (*name).to_owned());
        let columns: Vec<String> = columns.collect();
        self.loader.filled(table, path, columns);
        values.retain(|_, value| *value != Sql::Null);
        if values.is_empty() {
            return Ok(());
        }
        let sets: Vec<String> = values.keys().map(|name| format!("{name} = ?")).collect();
        let sql = format!("UPDATE {table} SET {} WHERE id = {id}", sets.join(", "));
        let all = rusqlite::params_from_iter(values.values());
        self.loader.facts.prepare(&sql)?.execute(all)?;
        Ok(())
    }

    /// Tells of columns that nobody knows.
    fn columns(&mut self, row: &Row) {
        for name in row.values.keys() {
            let lists = [&IGNORED[..], &READ[..], &SIZE[..], &TOAST[..]];
            if !lists.iter().any(|list| list.contains(&name.as_str())) {
                let file = self.file.path.display();
                let text =
                    format!("{file}: columns that pg_class is not known to have were left out");
                self.loader.notes.item(text, name);
            }
        }
    }

    /// The schema of a row, as far as it says; none at all for objects of the server itself.
    #[allow(
        clippy::option_option,
        reason = "not told is not the same as not wanted"
    )]
    fn schema(&self, row: &Row) -> Option<Option<String>> {
        const FIRST_OF_USERS: i64 = 16_384;
        let namespace = row
            .values
            .get("relnamespace")
            .filter(|value| !value.is_null());
        let by_oid = namespace.and_then(|value| value::integer(value).ok());
        let named = names::text(row, &["schemaname", "nspname", "schema"]);
        let named = named.or_else(|| namespace.filter(|_| by_oid.is_none()).map(value::text));
        if let Some(schema) = named {
            return (!names::is_system(&schema)).then_some(Some(schema));
        }
        match by_oid {
            None => Some(None),
            Some(2200) => Some(Some("public".to_owned())),
            Some(oid) => {
                let sql = "SELECT name FROM schemas WHERE oid = ?1 AND database_id = ?2";
                let params = [oid, self.loader.database];
                let known = self
                    .loader
                    .facts
                    .query_row(sql, params, |row| row.get(0))
                    .ok();
                let of_users = known
                    .as_deref()
                    .map_or(oid >= FIRST_OF_USERS, |name: &str| !names::is_system(name));
                of_users.then_some(known)
            }
        }
    }

    fn create(
        &mut self,
        row: &Row,
        kind: &str,
        schema: Option<&str>,
        name: &str,
        oid: Option<i64>,
    ) -> Result<Option<i64>, FilesError> {
        let facts = self.loader.facts;
        let database = self.loader.database;
        let schema = schema.unwrap_or("public");
        if !matches!(kind, "i" | "I") {
            let kind = match kind {
                "p" => "partitioned table",
                "v" => "view",
                "m" => "materialized view",
                "f" => "foreign table",
                _ => "table",
            };
            facts.execute(
                "INSERT INTO relations (database_id, schema, name, kind) VALUES (?1, ?2, ?3, ?4)",
                rusqlite::params![database, schema, name, kind],
            )?;
            let id = facts.last_insert_rowid();
            self.relations
                .add(id, schema.to_owned(), name.to_owned(), oid.unwrap_or(0));
            return Ok(Some(id));
        }
        let table = names::text(row, &["on_table"]);
        let table = table
            .as_deref()
            .map(|table| table.rsplit('.').next().unwrap_or(table));
        let own = self.relations.find(Some(schema), table, None);
        let Some(relation) = own.or_else(|| self.relations.find(None, table, None)) else {
            return Ok(None);
        };
        let definition = names::text(row, &["indexdef"]);
        let words = definition.as_deref().unwrap_or_default();
        let method = words
            .split(" USING ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        facts.execute(
            "INSERT INTO indexes (database_id, relation_id, schema, name, method, is_unique, is_partitioned, definition)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            rusqlite::params![
                database,
                relation,
                schema,
                name,
                method.unwrap_or("btree"),
                words.starts_with("CREATE UNIQUE "),
                kind == "I",
                definition
            ],
        )?;
        let id = facts.last_insert_rowid();
        self.indexes
            .add(id, schema.to_owned(), name.to_owned(), oid.unwrap_or(0));
        Ok(Some(id))
    }
}

/// What a row counts and measures, under the names of the facts.
fn figures(row: &Row, table: &str) -> Result<BTreeMap<&'static str, Sql>, String> {
    let get = |names: &[&'static str]| {
        let found = names
            .iter()
            .find_map(|name| Some((*name, row.values.get(*name)?)));
        found.filter(|(_, value)| !value.is_null())
    };
    let whole = |names: &[&'static str]| match get(names) {
        Some((name, given)) => value::integer(given)
            .map(|number| Some(Sql::Integer(number)))
            .map_err(|reason| format!("{name}: {reason}")),
        None => Ok(names
            .iter()
            .any(|name| row.values.contains_key(*name))
            .then_some(Sql::Null)),
    };
    let mut values = BTreeMap::new();
    let mut put = |name, value: Option<Sql>| {
        if let Some(value) = value {
            values.insert(name, value);
        }
    };
    let pages = whole(&["relpages"])?;
    let rows = match get(&["reltuples"]) {
        Some((name, given)) => {
            let text = value::text(given);
            let rows: f64 = text
                .parse()
                .map_err(|_| format!("{name}: `{text}` is no number"))?;
            // A table that nobody has looked at yet counts 0 rows on 0 pages up to version 13.
            let unknown = rows < 0.0 || rows == 0.0 && pages == Some(Sql::Integer(0));
            Some(
                if unknown && table == "relations" || rows < 0.0 || !rows.is_finite() {
                    Sql::Null
                } else {
                    Sql::Real(rows)
                },
            )
        }
        None => None,
    };
    put("row_estimate", rows);
    put("pages", pages);
    put("size_bytes", whole(&SIZE)?);
    if let Some(given) = row
        .values
        .get("reloptions")
        .filter(|given| !given.is_null())
    {
        put(
            "options",
            Some(Sql::Text(value::options(given).to_string())),
        );
    }
    if table == "indexes" {
        return Ok(values);
    }
    put("pages_all_visible", whole(&["relallvisible"])?);
    put("pages_all_frozen", whole(&["relallfrozen"])?);
    put("toast_size_bytes", whole(&TOAST)?);
    put("frozen_xid_age", whole(&["frozen_xid_age"])?);
    put("min_mxid_age", whole(&["min_mxid_age"])?);
    put("has_triggers", whole(&["relhastriggers"])?);
    put("row_security", whole(&["relrowsecurity"])?);
    put("is_partition", whole(&["relispartition"])?);
    let word = |name: &str, words: &[(&str, &str)]| {
        let given = row.values.get(name).map(value::text)?;
        let found = words.iter().find(|(letter, _)| *letter == given)?;
        Some(Sql::Text(found.1.to_owned()))
    };
    let persistence = [("p", "permanent"), ("u", "unlogged"), ("t", "temporary")];
    put("persistence", word("relpersistence", &persistence));
    let identity = [
        ("d", "default"),
        ("n", "nothing"),
        ("f", "full"),
        ("i", "index"),
    ];
    put("replica_identity", word("relreplident", &identity));
    Ok(values)
}
