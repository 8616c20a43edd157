//! The catalog as facts rows.

use rusqlite::{Connection, Result, params};

use super::catalog::{
    Catalog, Column, Constraint, Function, Relation, Rule, Sequence, trigger_definition,
};
use super::statement::OptionList;
use crate::facts::quote;
use crate::parse::redact::redact_statement;

/// First ids of ours that are free.
pub(super) struct Ids {
    relations: i64,
    indexes: i64,
}

impl Ids {
    pub fn relation(&self, place: usize) -> i64 {
        self.relations + place as i64
    }

    pub fn index(&self, place: usize) -> i64 {
        self.indexes + place as i64
    }
}

impl Catalog {
    /// Writes all there is as facts of a database.
    ///
    /// # Errors
    /// Where the facts cannot be written.
    pub fn write(&self, facts: &Connection, database: i64) -> Result<()> {
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
            catalog: self,
            ids,
        };
        writer.schemas()?;
        let kept = |relation: &Relation| relation.persistence != "temporary";
        for (place, relation) in self.relations.iter() {
            if kept(relation) {
                writer.relation(place, relation)?;
            }
        }
        writer.types()?;
        writer.view_columns()?;
        for (_, sequence) in self.sequences.iter() {
            writer.sequence(sequence)?;
        }
        for (_, function) in self.functions.iter() {
            if function.security_definer {
                writer.function(function)?;
            }
        }
        Ok(())
    }
}

pub(super) struct Writer<'a> {
    facts: &'a Connection,
    pub database: i64,
    pub catalog: &'a Catalog,
    pub ids: Ids,
}

impl Writer<'_> {
    pub fn insert(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
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
               access_method, tablespace, options, has_triggers, row_security, definition, inherits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19, ?20)",
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
                self.inherits(relation),
            ],
        )?;
        if relation.columns_from_query {
            let object = quote::name(&relation.schema, &relation.name);
            self.insert(
                "INSERT INTO missing_facts (database_id, table_name, object, reason)
                 VALUES (?1, 'columns', ?2, 'a schema file does not say what a query gives')",
                params![self.database, object],
            )?;
            self.insert(
                "INSERT INTO missing_facts (database_id, table_name, object, reason)
                 VALUES (?1, 'view_columns', ?2, 'a schema file does not say what a query reads')",
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
            if let Some(index) = self.catalog.indexes.get(*at) {
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

    fn inherits(&self, relation: &Relation) -> Option<String> {
        let parents = relation.inherits.iter();
        let parents = parents.filter_map(|parent| self.catalog.relations.get(*parent));
        let names = parents.map(|parent| quote::name(&parent.schema, &parent.name));
        let names: Vec<String> = names.collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| list(&names))
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

    fn sequence(&self, sequence: &Sequence) -> Result<()> {
        let owner = sequence.owner.and_then(|(relation, column)| {
            let known = self.catalog.relations.get(relation)?;
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

/// A JSON list, with the blanks of the server's `json_agg`.
pub(super) fn list(names: &[&str]) -> String {
    let names = names.iter().map(|name| json(name));
    format!("[{}]", names.collect::<Vec<_>>().join(", "))
}

/// A JSON map, with the blanks of the server's `json_object_agg`.
pub(super) fn map(options: &OptionList) -> Option<String> {
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
