//! The catalog as facts rows.

use rusqlite::{Connection, Result, params};

use super::catalog::{
    Catalog, Column, Constraint, Function, Index, KeyOf, Relation, Rule, Sequence, key_collation,
    trigger_definition,
};
use super::statement::OptionList;
use crate::facts::quote;
use crate::parse::redact::redact_statement;

/// First ids of ours that are free.
struct Ids {
    relations: i64,
    indexes: i64,
}

impl Ids {
    fn relation(&self, place: usize) -> i64 {
        self.relations + place as i64
    }

    fn index(&self, place: usize) -> i64 {
        self.indexes + place as i64
    }
}

/// Writes all there is as facts of a database.
pub(super) fn write(facts: &Connection, database: i64, catalog: &Catalog) -> Result<()> {
    let free = |table: &str| {
        let query = format!("SELECT coalesce(max(id), 0) + 1 FROM {table}");
        facts.query_row(&query, [], |row| row.get(0))
    };
    let ids = Ids {
        relations: free("relations")?,
        indexes: free("indexes")?,
    };
    let writer = Writer {
        facts,
        database,
        catalog,
        ids,
    };
    writer.schemas()?;
    for (place, relation) in catalog.relations.iter().enumerate() {
        if let Some(relation) = relation.as_ref().filter(|r| r.persistence != "temporary") {
            writer.relation(place, relation)?;
        }
    }
    for sequence in catalog.sequences.iter().flatten() {
        writer.sequence(sequence)?;
    }
    let definers = catalog.functions.iter().flatten();
    for function in definers.filter(|function| function.security_definer) {
        writer.function(function)?;
    }
    Ok(())
}

struct Writer<'a> {
    facts: &'a Connection,
    database: i64,
    catalog: &'a Catalog,
    ids: Ids,
}

impl Writer<'_> {
    fn insert(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.facts.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn schemas(&self) -> Result<()> {
        for (_, name, schema) in self.catalog.schemas.iter() {
            self.insert(
                "INSERT INTO schemas (database_id, oid, name, owner, public_create)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    self.database,
                    schema.oid,
                    name,
                    schema.owner,
                    schema.public_create
                ],
            )?;
        }
        for (_, name, extension) in self.catalog.extensions.iter() {
            self.insert(
                "INSERT INTO extensions (database_id, name, version, schema)
                 VALUES (?1, ?2, ?3, ?4)",
                params![self.database, name, extension.version, extension.schema],
            )?;
        }
        Ok(())
    }

    fn relation(&self, place: usize, relation: &Relation) -> Result<()> {
        let id = self.ids.relation(place);
        let definition = relation.definition.as_deref().map(redact_statement);
        self.insert(
            "INSERT INTO relations (id, database_id, oid, schema, name, kind, owner, persistence,
               is_partition, parent_id, partition_bound, partition_key, replica_identity,
               access_method, tablespace, options, has_triggers, row_security, definition)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19)",
            params![
                id,
                self.database,
                relation.oid,
                relation.schema,
                relation.name,
                relation.kind,
                relation.owner,
                relation.persistence,
                relation.partition_of.is_some(),
                relation
                    .partition_of
                    .map(|parent| self.ids.relation(parent)),
                relation.bound,
                relation.partition_key,
                relation.replica_identity,
                relation.access_method,
                relation.tablespace,
                map(&relation.options),
                self.has_triggers(relation),
                relation.row_security,
                definition,
            ],
        )?;
        if relation.columns_from_query {
            let object = quote::name(&relation.schema, &relation.name);
            self.insert(
                "INSERT INTO missing_facts (database_id, table_name, object, reason)
                 VALUES (?1, 'columns', ?2, 'a schema file does not say what a query gives')",
                params![self.database, object],
            )?;
        } else {
            for (place, name, column) in relation.columns.iter() {
                self.column(id, place, name, column)?;
                if self.catalog.major >= 18 && column.not_null {
                    self.not_null(id, relation, name, column)?;
                }
            }
        }
        for (_, name, constraint) in relation.constraints.iter() {
            self.constraint(id, relation, name, constraint)?;
        }
        for at in &relation.indexes {
            if let Some(Some(index)) = self.catalog.indexes.get(*at) {
                self.index(*at, relation, index)?;
            }
        }
        for (_, name, trigger) in relation.triggers.iter() {
            // Until 14 those that come from the partitioned table count as the server's own.
            if trigger.inherited && self.catalog.major < 15 {
                continue;
            }
            let definition = redact_statement(&trigger_definition(relation, trigger));
            self.insert(
                "INSERT INTO triggers (relation_id, name, enabled, definition)
                 VALUES (?1, ?2, ?3, ?4)",
                params![id, name, trigger.enabled, definition],
            )?;
        }
        Ok(())
    }

    /// Foreign keys and constraints that wait work by triggers.
    fn has_triggers(&self, relation: &Relation) -> bool {
        let by_trigger = |constraint: &Constraint| match constraint.rule {
            // Until 14 a partitioned table leaves its own to the partitions.
            Rule::Foreign(_) => {
                !constraint.not_enforced && (self.catalog.major >= 15 || !relation.is_partitioned())
            }
            Rule::Index { .. } => constraint.deferrable,
            _ => false,
        };
        let mut constraints = relation.constraints.iter();
        relation.triggers.iter().next().is_some()
            || !relation.referenced_by.is_empty()
            || constraints.any(|(_, _, constraint)| by_trigger(constraint))
    }

    fn column(&self, relation: i64, place: usize, name: &str, column: &Column) -> Result<()> {
        let collation = column.collation.as_ref();
        let collation = collation.filter(|own| Some(*own) != column.of.collation.as_ref());
        let printed = (!column.is_dropped).then_some(&column.of.printed);
        self.insert(
            "INSERT INTO columns (relation_id, position, name, type, type_oid, length, alignment,
               storage, not_null, has_default, default_expression, identity, generated, collation,
               statistics_target, is_dropped)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                relation,
                place as i64 + 1,
                name,
                printed,
                column.of.oid,
                column.of.length,
                column.of.alignment,
                column.storage.or(column.of.storage),
                column.not_null,
                column.default.is_some() && column.generated.is_none(),
                column.default,
                column.identity,
                column.generated,
                collation,
                column.statistics_target,
                column.is_dropped,
            ],
        )
    }

    /// Since 18 NOT NULL is a constraint like the others.
    fn not_null(&self, id: i64, relation: &Relation, name: &str, column: &Column) -> Result<()> {
        let constraint = self.catalog.not_null_name(relation, name, column);
        let invalid = if column.not_null_invalid {
            " NOT VALID"
        } else {
            ""
        };
        self.insert(
            "INSERT INTO constraints (database_id, relation_id, name, kind, columns, is_validated,
               is_inherited, definition)
             VALUES (?1, ?2, ?3, 'not null', ?4, ?5, ?6, ?7)",
            params![
                self.database,
                id,
                constraint,
                list(&[name]),
                !column.not_null_invalid,
                column.not_null_inherited,
                format!("NOT NULL {}{invalid}", quote::ident(name)),
            ],
        )
    }

    fn constraint(
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
                index = self.catalog.indexes.get(*at).and_then(Option::as_ref);
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
                index = at.and_then(Option::as_ref);
                foreign = Some(known);
            }
            Rule::Trigger => kind = "trigger",
        }
        let target = foreign.and_then(|known| self.catalog.relations.get(known.relation)?.as_ref());
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

    fn index(&self, at: usize, relation: &Relation, index: &Index) -> Result<()> {
        let id = self.ids.index(at);
        // One of a partitioned table is valid when all partitions have their own.
        let partitioned = relation.is_partitioned();
        let valid = !partitioned || index.children.len() >= relation.children.len();
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

    fn sequence(&self, sequence: &Sequence) -> Result<()> {
        let owner = sequence.owner.and_then(|(relation, column)| {
            let known = self.catalog.relations.get(relation)?.as_ref()?;
            let (name, _) = known.columns.at(column)?;
            Some((self.ids.relation(relation), name))
        });
        self.insert(
            "INSERT INTO sequences (database_id, oid, schema, name, type, start_value, min_value,
               max_value, increment, cycles, owner_relation_id, owner_column)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                self.database,
                sequence.oid,
                sequence.schema,
                sequence.name,
                sequence.of,
                sequence.start,
                sequence.min,
                sequence.max,
                sequence.increment,
                sequence.cycles,
                owner.map(|(relation, _)| relation),
                owner.map(|(_, column)| column),
            ],
        )
    }

    fn function(&self, function: &Function) -> Result<()> {
        self.insert(
            "INSERT INTO security_definer_functions (database_id, schema, name, arguments, kind,
               owner, search_path, public_execute)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.database,
                function.schema,
                function.name,
                function.arguments,
                function.kind,
                function.owner,
                function.search_path,
                function.public_execute,
            ],
        )
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

/// A JSON list, with the blanks of the server's `json_agg`.
fn list(names: &[&str]) -> String {
    let names = names.iter().map(|name| json(name));
    format!("[{}]", names.collect::<Vec<_>>().join(", "))
}

/// A JSON map, with the blanks of the server's `json_object_agg`.
fn map(options: &OptionList) -> Option<String> {
    if options.is_empty() {
        return None;
    }
    let pairs = options.iter();
    let pairs = pairs.map(|(name, value)| format!("{} : {}", json(name), json(value)));
    Some(format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", ")))
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
