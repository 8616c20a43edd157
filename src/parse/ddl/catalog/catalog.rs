//! The catalog that statements build, and what is found in it.

use std::sync::Arc;

use super::book::Book;
use super::model::{Column, Extension, Function, Index, Relation, Schema, Sequence, UserType};
use super::named::Named;
use super::shelf::Shelf;
use crate::facts::quote::object_name;
use crate::parse::ddl::statement::Name;

/// What was done, or why it could not be.
pub(super) type Done<T = ()> = Result<T, String>;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 1_600;

/// Most objects that statements may make beside those they name, such as indexes of partitions.
const MAX_COPIES: usize = 1_000_000;

/// First oid of what users make.
const FIRST_OID: i64 = 16_384;

/// What a name in a schema is that relations, indexes and sequences share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Entity {
    Relation(usize),
    Index(usize),
    Sequence(usize),
}

/// Everything that was made, and the settings in force. A copy is cheap: it shares what neither
/// has changed.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Major version of the server that is imitated.
    pub(in crate::parse) major: u32,
    /// What it does not know is taken to exist, and what fits badly is done all the same.
    pub(in crate::parse) lenient: bool,
    /// All of the database was read: what it does not know is not there.
    pub(in crate::parse) complete: bool,
    /// Something was run that nobody understood or saw: anything may be there by now, or gone.
    pub(in crate::parse) doubtful: bool,
    pub(in crate::parse) schemas: Arc<Named<Schema>>,
    pub(in crate::parse) extensions: Arc<Named<Extension>>,
    pub(in crate::parse) relations: Shelf<Relation>,
    pub(in crate::parse) indexes: Shelf<Index>,
    pub(in crate::parse) sequences: Shelf<Sequence>,
    pub(in crate::parse) functions: Shelf<Function>,
    pub(super) functions_by_name: Book<Vec<usize>>,
    pub(in crate::parse) types: Book<Arc<UserType>>,
    entities: Book<Entity>,
    /// How many constraints of a schema have a name.
    constraint_names: Book<usize>,
    pub(super) search_path: Vec<String>,
    pub(super) default_tablespace: Option<String>,
    pub(super) default_access_method: String,
    pub(super) role: Option<String>,
    /// The value that was added to an enum last: it may not be used in the same transaction.
    pub last_label: i64,
    next_oid: i64,
    copies: usize,
}

impl Catalog {
    /// The catalog of a new database; PUBLIC may create things in `public`, or not.
    pub fn new(major: u32, public_create: bool) -> Self {
        let mut schemas = Named::default();
        let public = Schema {
            oid: 2200,
            owner: (major >= 15).then(|| "pg_database_owner".to_owned()),
            public_create,
        };
        schemas.insert("public", public);
        Self {
            major,
            lenient: false,
            complete: true,
            doubtful: false,
            schemas: Arc::new(schemas),
            extensions: Arc::default(),
            relations: Shelf::default(),
            indexes: Shelf::default(),
            sequences: Shelf::default(),
            functions: Shelf::default(),
            functions_by_name: Book::default(),
            types: Book::default(),
            entities: Book::default(),
            constraint_names: Book::default(),
            search_path: vec!["public".to_owned()],
            default_tablespace: None,
            default_access_method: "heap".to_owned(),
            role: None,
            last_label: 0,
            next_oid: FIRST_OID,
            copies: 0,
        }
    }

    /// A catalog of which nothing was read: what statements name is taken to exist.
    pub fn lenient(major: u32) -> Self {
        Self {
            lenient: true,
            complete: false,
            ..Self::new(major, major < 15)
        }
    }

    /// What is made from now on has at least this oid.
    pub fn mark(&self) -> i64 {
        self.next_oid
    }

    /// What is made from now on has at least this oid.
    pub fn begin_at(&mut self, oid: i64) {
        self.next_oid = self.next_oid.max(oid);
    }

    pub(super) fn oid(&mut self) -> i64 {
        self.next_oid += 1;
        self.next_oid - 1
    }

    /// Counts an object that is made beside the one that a statement names.
    pub(super) fn copied(&mut self) -> Done {
        self.copies += 1;
        if self.copies > MAX_COPIES {
            return Err("it makes too many objects in partitions".to_owned());
        }
        Ok(())
    }

    /// The schema that something of this name is made in.
    pub(in crate::parse::ddl) fn home(&self, name: &Name) -> Done<String> {
        if let Some(schema) = &name.schema {
            return Ok(schema.clone());
        }
        let known = |schema: &&String| self.schemas.get(schema).is_some();
        match self.search_path.iter().find(known) {
            Some(schema) => Ok(schema.clone()),
            None => Err(format!(
                "no schema of the search path exists for {}",
                name.name
            )),
        }
    }

    /// Schemas that a name is looked for in.
    fn places<'a>(&'a self, name: &'a Name) -> &'a [String] {
        match &name.schema {
            Some(schema) => std::slice::from_ref(schema),
            None => &self.search_path,
        }
    }

    /// The relation, index or sequence of that name.
    pub fn find(&self, name: &Name) -> Option<Entity> {
        let mut places = self.places(name).iter();
        places.find_map(|schema| self.entities.get(schema, &name.name).copied())
    }

    /// What has this name in this schema.
    pub(super) fn entity(&self, schema: &str, name: &str) -> Option<Entity> {
        self.entities.get(schema, name).copied()
    }

    /// The type of that name that was made.
    pub fn find_type(&self, name: &Name) -> Option<&Arc<UserType>> {
        let mut places = self.places(name).iter();
        places.find_map(|schema| self.types.get(schema, &name.name))
    }

    pub(super) fn relation(&self, name: &Name) -> Done<usize> {
        match self.find(name) {
            Some(Entity::Relation(place)) => Ok(place),
            Some(_) => Err(format!("{} is no table or view", name.name)),
            None => Err(format!("there is no table {}", name.name)),
        }
    }

    pub(in crate::parse) fn rel(&self, place: usize) -> Done<&Relation> {
        let found = self.relations.get(place);
        found.ok_or_else(|| "its table is gone".to_owned())
    }

    pub(super) fn rel_mut(&mut self, place: usize) -> Done<&mut Relation> {
        let found = self.relations.get_mut(place);
        found.ok_or_else(|| "its table is gone".to_owned())
    }

    pub(super) fn index_mut(&mut self, place: usize) -> Done<&mut Index> {
        let found = self.indexes.get_mut(place);
        found.ok_or_else(|| "the index is gone".to_owned())
    }

    pub(in crate::parse::ddl) fn column(&self, relation: usize, name: &str) -> Done<usize> {
        let relation = self.rel(relation)?;
        let found = relation.columns.place(name);
        found.ok_or_else(|| format!("{} has no column {name}", relation.name))
    }

    pub(super) fn columns(&self, relation: usize, names: &[String]) -> Done<Vec<usize>> {
        let names = names.iter();
        names.map(|name| self.column(relation, name)).collect()
    }

    /// Takes a name for something; an error if it is taken.
    pub(super) fn enter(&mut self, schema: &str, name: &str, entity: Entity) -> Done {
        if self.schemas.get(schema).is_none() {
            return Err(format!("there is no schema {schema}"));
        }
        if self.is_taken(schema, name) {
            return Err(format!("{name} exists already"));
        }
        self.entities.insert(schema, name, entity);
        Ok(())
    }

    pub(super) fn is_taken(&self, schema: &str, name: &str) -> bool {
        self.entities.get(schema, name).is_some()
    }

    pub(super) fn leave(&mut self, schema: &str, name: &str) {
        self.entities.remove(schema, name);
    }

    pub(super) fn count_constraint(&mut self, schema: &str, name: &str) {
        let count = self.constraint_names.get(schema, name).copied();
        let count = count.unwrap_or_default() + 1;
        self.constraint_names.insert(schema, name, count);
    }

    pub(super) fn forget_constraint(&mut self, schema: &str, name: &str) {
        match self.constraint_names.get(schema, name).copied() {
            None => {}
            Some(..=1) => self.constraint_names.remove(schema, name),
            Some(count) => self.constraint_names.insert(schema, name, count - 1),
        }
    }

    /// A name that is free for an index or sequence.
    pub(super) fn choose_relation_name(
        &self,
        schema: &str,
        table: &str,
        columns: &str,
        label: &str,
    ) -> String {
        choose(table, columns, label, |name| self.is_taken(schema, name))
    }

    /// A name that no constraint of the schema has.
    pub(super) fn choose_constraint_name(
        &self,
        schema: &str,
        table: &str,
        columns: &str,
        label: &str,
    ) -> String {
        choose(table, columns, label, |name| {
            self.constraint_names.get(schema, name).is_some()
        })
    }

    /// The name of the NOT NULL of a column.
    pub fn not_null_name(&self, relation: &Relation, name: &str, column: &Column) -> String {
        column.not_null_name.clone().unwrap_or_else(|| {
            self.choose_constraint_name(&relation.schema, &relation.name, name, "not_null")
        })
    }
}

/// The first of the names with this label, and then with numbers, that is free.
fn choose(table: &str, columns: &str, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = object_name(table, columns, label);
    if !taken(&plain) {
        return plain;
    }
    // Numbers are looked for by halving, so that many of one name take no more than few.
    let numbered = |n: usize| object_name(table, columns, &format!("{label}{n}"));
    let mut high = 1;
    while taken(&numbered(high)) {
        high *= 2;
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if taken(&numbered(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    numbered(high)
}
