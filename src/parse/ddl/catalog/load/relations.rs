//! Tables and views.

use std::collections::HashMap;

use rusqlite::{Result, Row};

use super::loader::Loader;
use super::text::{names, options, string, text, word};
use crate::facts::quote;
use crate::parse::ddl::catalog::catalog::Entity;
use crate::parse::ddl::catalog::model::Relation;

const KINDS: [&str; 5] = [
    "table",
    "partitioned table",
    "view",
    "materialized view",
    "foreign table",
];
const PERSISTENCES: [&str; 3] = ["permanent", "unlogged", "temporary"];
const IDENTITIES: [&str; 4] = ["default", "nothing", "full", "index"];

impl Loader<'_> {
    pub fn relations(&mut self) -> Result<()> {
        let mut parents = Vec::new();
        let mut inheriting = Vec::new();
        let query = "SELECT id, oid, schema, name, kind, owner, persistence, parent_id,
              partition_bound, partition_key, replica_identity, access_method, tablespace, options,
              row_security, definition, inherits
            FROM relations WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let id = row.get(0)?;
            let place = loader.relation(id, row)?;
            if let Some(parent) = row.get::<_, Option<i64>>(7)? {
                parents.push((place, parent));
            }
            let inherits = names(text(row, 16)?);
            if !inherits.is_empty() {
                inheriting.push((place, inherits));
            }
            Ok(())
        })?;
        for (place, parent) in parents {
            if let Some(parent) = self.relations.get(&parent).copied() {
                self.change(place, |relation| relation.partition_of = Some(parent));
                self.change(parent, |relation| {
                    relation.children.insert(place);
                });
            }
        }
        if !inheriting.is_empty() {
            self.inherit(inheriting);
        }
        self.unknown_columns()
    }

    fn relation(&mut self, id: i64, row: &Row) -> Result<usize> {
        let (schema, name) = (string(row, 2)?, string(row, 3)?);
        let relation = Relation {
            facts_id: Some(id),
            oid: self.used(row.get(1)?),
            schema: schema.clone(),
            name: name.clone(),
            kind: word(&KINDS, text(row, 4)?.unwrap_or_default()),
            owner: row.get(5)?,
            persistence: word(&PERSISTENCES, text(row, 6)?.unwrap_or_default()),
            bound: row.get(8)?,
            partition_key: row.get(9)?,
            replica_identity: word(&IDENTITIES, text(row, 10)?.unwrap_or_default()),
            access_method: row.get(11)?,
            tablespace: row.get(12)?,
            options: options(text(row, 13)?),
            row_security: row.get(14)?,
            definition: row.get(15)?,
            ..Relation::default()
        };
        self.need_schema(&schema);
        let place = self.catalog.relations.push(relation);
        // The first of a name has it, if facts that are no server's name two so.
        let entered = self.catalog.enter(&schema, &name, Entity::Relation(place));
        drop(entered);
        self.relations.insert(id, place);
        Ok(place)
    }

    /// Changes a relation; its place is one that the loader gave.
    pub fn change(&mut self, place: usize, change: impl FnOnce(&mut Relation)) {
        if let Ok(relation) = self.catalog.rel_mut(place) {
            change(relation);
        }
    }

    /// Facts name the parents of inheritance, as SQL writes them.
    fn inherit(&mut self, inheriting: Vec<(usize, Vec<String>)>) {
        let relations = self.catalog.relations.iter();
        let written: HashMap<String, usize> = relations
            .map(|(place, relation)| (quote::name(&relation.schema, &relation.name), place))
            .collect();
        for (place, parents) in inheriting {
            for parent in parents.iter().filter_map(|name| written.get(name)) {
                self.change(place, |relation| relation.inherits.push(*parent));
                self.change(*parent, |relation| {
                    relation.children.insert(place);
                });
            }
        }
    }

    /// Relations whose columns the facts do not know.
    fn unknown_columns(&mut self) -> Result<()> {
        let query = "SELECT r.id FROM relations r
            WHERE r.database_id = ?1 AND r.kind <> 'foreign table'
              AND NOT EXISTS (SELECT 1 FROM columns c WHERE c.relation_id = r.id)
              AND EXISTS (SELECT 1 FROM missing_facts m
                WHERE m.table_name = 'columns' AND coalesce(m.database_id, r.database_id) = r.database_id)";
        self.each(query, |loader, row| {
            if let Some(place) = loader.relations.get(&row.get(0)?).copied() {
                loader.change(place, |relation| relation.columns_from_query = true);
            }
            Ok(())
        })
    }

    /// Who reads whom.
    pub fn readers(&mut self) -> Result<()> {
        let query = "SELECT v.view_id, v.relation_id, v.column_name FROM view_columns v
            JOIN relations r ON r.id = v.relation_id WHERE r.database_id = ?1 ORDER BY v.rowid";
        self.each(query, |loader, row| {
            let view = loader.relations.get(&row.get(0)?).copied();
            let read = loader.relations.get(&row.get(1)?).copied();
            let (Some(view), Some(read)) = (view, read) else {
                return Ok(());
            };
            let name = text(row, 2)?;
            loader.change(read, |relation| {
                let column = name.and_then(|name| relation.columns.place(name));
                relation.read_by.push((view, column));
            });
            Ok(())
        })
    }
}
