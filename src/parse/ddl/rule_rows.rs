//! Constraints and indexes as facts rows.

use rusqlite::{Result, params};

use super::catalog::{Constraint, Index, KeyOf, Relation, Rule, key_collation};
use super::rows::{Writer, list, map};

impl Writer<'_> {
    pub fn constraint(
        &self,
        id: i64,
        relation: &Relation,
        name: &str,
        constraint: &Constraint,
    ) -> Result<()> {
        let mut kind = "check";
        let mut columns = Vec::new();
        let mut index = None;
        let mut foreign = None;
        match &constraint.rule {
            Rule::Index { index: at, .. } => {
                index = self.catalog.indexes.get(*at);
                if let Some(index) = index {
                    kind = match (index.primary, index.unique) {
                        (true, _) => "primary key",
                        (_, false) => "exclusion",
                        _ => "unique",
                    };
                    columns = key_places(index);
                }
            }
            Rule::Check(text) => columns = relation.columns_in(text),
            Rule::Foreign(known) => {
                kind = "foreign key";
                columns.clone_from(&known.columns);
                let at = known.index.and_then(|at| self.catalog.indexes.get(at));
                index = at;
                foreign = Some(known);
            }
            Rule::Trigger => kind = "trigger",
        }
        let target = foreign.and_then(|known| self.catalog.relations.get(known.relation));
        let referenced = foreign
            .zip(target)
            .map(|(known, target)| list(&target.column_names(&known.referenced)));
        self.insert(
            "INSERT INTO constraints (database_id, oid, relation_id, name, kind, columns,
               referenced_relation_id, referenced_columns, on_update, on_delete, index_oid,
               is_validated, is_enforced, is_deferrable, is_inherited, definition)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                self.database,
                constraint.oid,
                id,
                name,
                kind,
                list(&relation.column_names(&columns)),
                foreign.map(|known| self.ids.relation(known.relation)),
                referenced,
                foreign.map(|known| known.on_update),
                foreign.map(|known| known.on_delete),
                index.map(|index| index.oid),
                !constraint.not_valid,
                !constraint.not_enforced,
                constraint.deferrable,
                constraint.inherited,
                self.catalog.constraint_definition(relation, constraint),
            ],
        )
    }

    pub fn index(&self, at: usize, relation: &Relation, index: &Index) -> Result<()> {
        let id = self.ids.index(at);
        // One of a partitioned table is valid when all partitions have their own.
        let partitioned = relation.is_partitioned();
        let valid =
            !index.invalid && (!partitioned || index.children.len() >= relation.children.len());
        self.insert(
            "INSERT INTO indexes (id, database_id, relation_id, oid, schema, name, method,
               is_unique, nulls_not_distinct, is_primary, is_exclusion, is_immediate,
               is_clustered, is_valid, is_replica_identity, is_partitioned, parent_id,
               constraint_name, key_columns, predicate, definition, tablespace, options)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19, ?20, ?21, ?22, ?23)",
            params![
                id,
                self.database,
                self.ids.relation(index.relation),
                index.oid,
                relation.schema,
                index.name,
                index.method,
                index.unique,
                index.nulls_not_distinct,
                index.primary,
                index.exclusion,
                !index.deferrable,
                index.clustered,
                valid,
                index.replica_identity,
                partitioned,
                index.parent.map(|parent| self.ids.index(parent)),
                index.constraint,
                index.keys.len() as i64,
                index.predicate,
                self.catalog.index_definition(relation, index),
                index.tablespace,
                map(&index.options),
            ],
        )?;
        self.index_columns(id, relation, index)
    }

    fn index_columns(&self, id: i64, relation: &Relation, index: &Index) -> Result<()> {
        let name = |place: usize| relation.columns.at(place).map(|(name, _)| name);
        let sql = "INSERT INTO index_columns (index_id, position, column_name, expression,
               is_included, opclass, opclass_is_default, collation, is_descending, nulls_first)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        for (n, key) in index.keys.iter().enumerate() {
            let (column, expression) = match &key.of {
                KeyOf::Column(place) => (name(*place), None),
                KeyOf::Expression(text) => (None, Some(text)),
            };
            let (opclass, is_default) = self.catalog.opclass(relation, index, key);
            self.insert(
                sql,
                params![
                    id,
                    n as i64 + 1,
                    column,
                    expression,
                    false,
                    opclass,
                    is_default,
                    key_collation(relation, key, true),
                    key.descending,
                    key.nulls_first,
                ],
            )?;
        }
        for (n, place) in index.include.iter().enumerate() {
            self.insert(
                sql,
                params![
                    id,
                    (index.keys.len() + n) as i64 + 1,
                    name(*place),
                    None::<String>,
                    true,
                    None::<String>,
                    true,
                    None::<String>,
                    false,
                    false,
                ],
            )?;
        }
        Ok(())
    }
}

fn key_places(index: &Index) -> Vec<usize> {
    let keys = index.keys.iter();
    keys.filter_map(|key| match key.of {
        KeyOf::Column(place) => Some(place),
        KeyOf::Expression(_) => None,
    })
    .collect()
}
