//! The whole of a catalog, and what stands by itself: schemas, extensions, types.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Result, Row};

use super::text::string;
use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::catalog::model::{Extension, Schema, Type};
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::type_name::type_name;

/// Major version that is imitated where the facts name none.
const NEWEST: u32 = 18;

/// Letters of `typalign` and `typstorage`.
pub(super) const ALIGNMENTS: [&str; 4] = ["c", "s", "i", "d"];
pub(super) const STORAGES: [&str; 4] = ["p", "e", "m", "x"];

/// A catalog that is being made, and which of its members stands for which row.
pub(super) struct Loader<'a> {
    pub facts: &'a Connection,
    pub database: i64,
    pub catalog: Catalog,
    /// Places of relations by `relations.id`.
    pub relations: HashMap<i64, usize>,
    /// Places of indexes by `indexes.oid`.
    pub indexes: HashMap<i64, usize>,
    /// Types by how `format_type` prints them.
    types: HashMap<String, Type>,
    highest_oid: i64,
}

impl Catalog {
    /// The catalog of a database, as far as facts know it: its relations carry their ids, and what
    /// is made in it later has higher oids than all there is.
    ///
    /// # Errors
    /// Where the facts cannot be read.
    pub fn from_facts(facts: &Connection, database_id: i64) -> Result<Self> {
        let version = "SELECT max(version_num) / 10000 FROM nodes";
        let major: Option<u32> = facts.query_row(version, [], |row| row.get(0))?;
        let mut loader = Loader {
            facts,
            database: database_id,
            catalog: Self::new(major.unwrap_or(NEWEST), false),
            relations: HashMap::new(),
            indexes: HashMap::new(),
            types: HashMap::new(),
            highest_oid: 0,
        };
        loader.schemas()?;
        loader.user_types()?;
        loader.relations()?;
        loader.columns()?;
        loader.indexes()?;
        loader.constraints()?;
        loader.readers()?;
        loader.sequences()?;
        loader.triggers()?;
        loader.functions()?;
        loader.search_path()?;
        let mut catalog = loader.catalog;
        catalog.begin_at(loader.highest_oid + 1);
        Ok(catalog)
    }
}

impl Loader<'_> {
    /// Does something with each row of a query about the database.
    pub fn each(
        &mut self,
        query: &str,
        mut act: impl FnMut(&mut Self, &Row) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.facts.prepare(query)?;
        let mut rows = statement.query([self.database])?;
        while let Some(row) = rows.next()? {
            act(self, row)?;
        }
        Ok(())
    }

    /// An oid that is in use.
    pub fn used(&mut self, oid: i64) -> i64 {
        self.highest_oid = self.highest_oid.max(oid);
        oid
    }

    /// Makes a schema that has objects, though nothing says that it exists.
    pub fn need_schema(&mut self, name: &str) {
        if self.catalog.schemas.get(name).is_none() {
            Arc::make_mut(&mut self.catalog.schemas).insert(name, Schema::default());
        }
    }

    fn schemas(&mut self) -> Result<()> {
        let known = "SELECT count(*) FROM schemas WHERE database_id = ?1";
        let known: i64 = (self.facts).query_row(known, [self.database], |row| row.get(0))?;
        if known > 0 {
            Arc::make_mut(&mut self.catalog.schemas).remove("public");
        }
        let query = "SELECT name, oid, owner, public_create FROM schemas
            WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let schema = Schema {
                oid: loader.used(row.get(1)?),
                owner: row.get(2)?,
                public_create: row.get(3)?,
            };
            Arc::make_mut(&mut loader.catalog.schemas).insert(&string(row, 0)?, schema);
            Ok(())
        })?;
        let query = "SELECT name, version, schema FROM extensions
            WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let extension = Extension {
                schema: string(row, 2)?,
                version: row.get(1)?,
            };
            Arc::make_mut(&mut loader.catalog.extensions).insert(&string(row, 0)?, extension);
            Ok(())
        })
    }

    /// The type that `format_type` prints so.
    pub fn named_type(&mut self, printed: &str) -> Type {
        if let Some(known) = self.types.get(printed) {
            return known.clone();
        }
        let read = type_name(&mut Cursor::new(printed));
        let mut of = read
            .map(|name| self.catalog.resolve(&name))
            .unwrap_or_default();
        printed.clone_into(&mut of.printed);
        self.types.insert(printed.to_owned(), of.clone());
        of
    }
}
