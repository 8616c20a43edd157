//! Indexes.

use std::collections::HashMap;

use rusqlite::{Result, Row};

use super::loader::Loader;
use super::text::{options, string, text};
use crate::parse::ddl::catalog::catalog::Entity;
use crate::parse::ddl::catalog::definition::key_collation;
use crate::parse::ddl::catalog::model::{Index, Key, KeyOf, Relation};
use crate::parse::ddl::read::statement;
use crate::parse::ddl::statement::{Name, Statement};

impl Loader<'_> {
    pub fn indexes(&mut self) -> Result<()> {
        let mut keys = self.keys()?;
        let mut by_id = HashMap::new();
        let mut parents = Vec::new();
        let query = "SELECT i.id, i.oid, i.relation_id, i.schema, i.name, i.method, i.is_unique,
              i.nulls_not_distinct, i.is_primary, i.is_exclusion, i.is_immediate, i.is_clustered,
              i.is_valid, i.is_replica_identity, i.is_partitioned, i.parent_id, i.constraint_name,
              i.predicate, i.tablespace, i.options, i.definition
            FROM indexes i WHERE i.database_id = ?1 ORDER BY i.id";
        self.each(query, |loader, row| {
            let id: i64 = row.get(0)?;
            let Some(relation) = loader.relations.get(&row.get(2)?).copied() else {
                return Ok(());
            };
            let keys = keys.remove(&id).unwrap_or_default();
            let at = loader.index(relation, row, keys)?;
            by_id.insert(id, at);
            if let Some(parent) = row.get::<_, Option<i64>>(15)? {
                parents.push((at, parent));
            }
            Ok(())
        })?;
        for (at, parent) in parents {
            if let Some(parent) = by_id.get(&parent).copied()
                && let Ok(above) = self.catalog.index_mut(parent)
            {
                above.children.insert(at);
                if let Ok(index) = self.catalog.index_mut(at) {
                    index.parent = Some(parent);
                }
            }
        }
        Ok(())
    }

    /// Columns of all indexes, by the index.
    fn keys(&mut self) -> Result<HashMap<i64, Vec<IndexColumn>>> {
        let mut keys: HashMap<i64, Vec<IndexColumn>> = HashMap::new();
        let query = "SELECT c.index_id, c.column_name, c.expression, c.is_included, c.opclass,
              c.opclass_is_default, c.collation, c.is_descending, c.nulls_first
            FROM indexes i JOIN index_columns c ON c.index_id = i.id
            WHERE i.database_id = ?1 ORDER BY c.index_id, c.position";
        self.each(query, |_, row| {
            let column = IndexColumn {
                name: row.get(1)?,
                expression: row.get(2)?,
                included: row.get(3)?,
                opclass: if row.get(5)? { None } else { row.get(4)? },
                collation: row.get(6)?,
                descending: row.get(7)?,
                nulls_first: row.get(8)?,
            };
            keys.entry(row.get(0)?).or_default().push(column);
            Ok(())
        })?;
        Ok(keys)
    }

    fn index(&mut self, place: usize, row: &Row, columns: Vec<IndexColumn>) -> Result<usize> {
        let (schema, name) = (string(row, 3)?, string(row, 4)?);
        let oid = self.used(row.get(1)?);
        let partitioned: bool = row.get(14)?;
        let mut index = Index {
            oid,
            relation: place,
            name: name.clone(),
            method: string(row, 5)?,
            unique: row.get(6)?,
            nulls_not_distinct: row.get(7)?,
            primary: row.get(8)?,
            exclusion: row.get(9)?,
            deferrable: !row.get::<_, bool>(10)?,
            clustered: row.get(11)?,
            invalid: !partitioned && !row.get::<_, bool>(12)?,
            replica_identity: row.get(13)?,
            constraint: row.get(16)?,
            predicate: row.get(17)?,
            tablespace: row.get(18)?,
            options: options(text(row, 19)?),
            ..Index::default()
        };
        if let Ok(relation) = self.catalog.rel(place) {
            fill(&mut index, relation, columns);
            if index.keys.iter().any(has_more) || index.method != "btree" {
                refine(&mut index, text(row, 20)?);
            }
        }
        let at = self.catalog.indexes.push(index);
        self.need_schema(&schema);
        let entered = self.catalog.enter(&schema, &name, Entity::Index(at));
        drop(entered);
        self.change(place, |relation| {
            relation.indexes.insert(at);
        });
        if oid > 0 {
            self.indexes.insert(oid, at);
        }
        Ok(at)
    }
}

/// A row of `index_columns`.
struct IndexColumn {
    name: Option<String>,
    expression: Option<String>,
    included: bool,
    /// Where it is not the default.
    opclass: Option<String>,
    collation: Option<String>,
    descending: bool,
    nulls_first: bool,
}

fn fill(index: &mut Index, relation: &Relation, columns: Vec<IndexColumn>) {
    for column in columns {
        let place = column
            .name
            .as_deref()
            .and_then(|name| relation.columns.place(name));
        if column.included {
            index.include.extend(place);
            continue;
        }
        let of = match place {
            Some(place) => KeyOf::Column(place),
            None => KeyOf::Expression(column.expression.or(column.name).unwrap_or_default()),
        };
        let mut key = Key {
            of,
            collation: None,
            collation_schema: None,
            opclass: column.opclass.as_deref().map(named),
            opclass_options: Vec::new(),
            descending: column.descending,
            nulls_first: column.nulls_first,
            operator: None,
        };
        if key_collation(relation, &key, false) != column.collation {
            key.collation = column.collation;
        }
        index.keys.push(key);
    }
}

/// An operator class, as `index_columns` names it.
fn named(opclass: &str) -> Name {
    match opclass.split_once('.') {
        Some((schema, name)) => Name {
            schema: Some(schema.to_owned()),
            name: name.to_owned(),
        },
        None => Name {
            schema: None,
            name: opclass.to_owned(),
        },
    }
}

/// Its definition may say more of a key than its columns do.
fn has_more(key: &Key) -> bool {
    key.opclass.is_some() || key.collation.is_some()
}

/// Takes from the definition what the columns do not tell: schemas of collations, options of
/// operator classes.
fn refine(index: &mut Index, definition: Option<&str>) {
    let read = definition.map(statement);
    let Some(Ok(Statement::CreateIndex(said))) = read else {
        return;
    };
    for (key, said) in index.keys.iter_mut().zip(said.elements) {
        if let Some(collation) = said.collation {
            key.collation = Some(collation.name);
            key.collation_schema = collation.schema;
        }
        if !said.opclass_options.is_empty() {
            key.opclass = key.opclass.take().or(said.opclass);
            key.opclass_options = said.opclass_options;
        }
    }
}
