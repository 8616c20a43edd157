//! New tables and views, and their columns.

use super::catalog::{Catalog, Done, Entity, MAX_COLUMNS};
use super::model::{Column, Relation, Rule, Shape};
use crate::parse::ddl::statement::{
    ColumnDefinition, CreateTable, CreateTableAs, Element, IndexKey, Name, PartitionKey,
    SequenceOptions,
};

impl Catalog {
    pub(super) fn create_table(&mut self, table: &CreateTable) -> Done {
        let schema = self.home(&table.name)?;
        if table.if_not_exists && self.is_taken(&schema, &table.name.name) {
            return Ok(());
        }
        let partitioned = table.partition_by.is_some();
        let kind = match (table.foreign, partitioned) {
            (true, _) => "foreign table",
            (_, true) => "partitioned table",
            _ => "table",
        };
        let heap = kind == "table";
        let method = (table.access_method.clone())
            .or_else(|| heap.then(|| self.default_access_method.clone()));
        let relation = Relation {
            schema,
            name: table.name.name.clone(),
            kind,
            persistence: table.persistence,
            replica_identity: if table.foreign { "nothing" } else { "default" },
            access_method: method,
            tablespace: self.tablespace(table.tablespace.as_ref()),
            options: table.options.clone(),
            ..Relation::default()
        };
        let place = self.add_relation(relation)?;
        let filled = self.fill_table(place, table);
        if filled.is_err() && !self.lenient {
            self.drop_relation(place);
        }
        filled
    }

    /// The tablespace that is named, or else the default; none is the database's.
    pub(super) fn tablespace(&self, named: Option<&String>) -> Option<String> {
        let chosen = named.or(self.default_tablespace.as_ref());
        chosen.filter(|name| *name != "pg_default").cloned()
    }

    pub(super) fn add_relation(&mut self, mut relation: Relation) -> Done<usize> {
        let place = self.relations.len();
        self.enter(&relation.schema, &relation.name, Entity::Relation(place))?;
        relation.oid = self.oid();
        relation.owner.clone_from(&self.role);
        self.relations.push(relation);
        Ok(place)
    }

    fn fill_table(&mut self, place: usize, table: &CreateTable) -> Done {
        for parent in &table.inherits {
            let parent = self.relation(parent)?;
            self.inherit_columns(place, parent)?;
            self.rel_mut(place)?.inherits.push(parent);
            self.rel_mut(parent)?.children.insert(place);
        }
        let parent = match &table.partition_of {
            Some((parent, _)) => Some(self.relation(parent)?),
            None => None,
        };
        if let Some(parent) = parent {
            self.inherit_columns(place, parent)?;
        }
        if let Some(of) = &table.of_type {
            for column in self.composite(of)? {
                self.add_column(place, &column)?;
            }
        }
        let mut constraints = Vec::new();
        let mut copied = Vec::new();
        for element in &table.elements {
            match element {
                Element::Column(column) => {
                    self.add_column(place, column)?;
                    constraints.extend(&column.constraints);
                }
                Element::Constraint(constraint) => constraints.push(constraint),
                Element::Like(source, words) => {
                    let source = self.relation(source)?;
                    self.copy_columns(place, source, words)?;
                    copied.push((source, words));
                }
            }
        }
        if let Some(key) = &table.partition_by {
            self.rel_mut(place)?.partition_key = Some(partition_key(key));
        }
        for parent in &table.inherits {
            let parent = self.relation(parent)?;
            self.inherit_checks(place, parent)?;
        }
        for constraint in constraints {
            self.add_constraint(place, constraint, true)?;
        }
        for (source, words) in copied {
            self.copy_rules(place, source, words)?;
        }
        if let (Some(parent), Some((_, bound))) = (parent, &table.partition_of) {
            self.attach(parent, place, bound)?;
        }
        Ok(())
    }

    fn composite(&self, name: &Name) -> Done<Vec<ColumnDefinition>> {
        let schema = self.home(name)?;
        let found = self.types.get(&schema, &name.name);
        match found.map(|found| &found.shape) {
            Some(Shape::Composite(columns)) => Ok(columns.clone()),
            _ => Err(format!("there is no composite type {}", name.name)),
        }
    }

    fn inherit_columns(&mut self, place: usize, parent: usize) -> Done {
        let columns: Vec<(String, Column)> = self.live_columns(parent)?;
        for (name, mut column) in columns {
            self.copied()?;
            column.not_null_inherited = column.not_null;
            // Identities of partitioned tables are their partitions' too since 17.
            let partition = self.rel(parent)?.is_partitioned();
            if !(partition && self.major >= 17) {
                column.identity = None;
            }
            self.merge_column(place, &name, column)?;
        }
        Ok(())
    }

    /// Columns with their names, as other tables get them: NOT NULL keeps its name there.
    pub(super) fn live_columns(&self, place: usize) -> Done<Vec<(String, Column)>> {
        let relation = self.rel(place)?;
        let columns = relation.columns.iter();
        let live = columns.filter(|(_, _, column)| !column.is_dropped);
        let live = live.map(|(_, name, column)| {
            let mut column = column.clone();
            if column.not_null {
                column.not_null_name = Some(self.not_null_name(relation, name, &column));
            }
            (name.to_owned(), column)
        });
        Ok(live.collect())
    }

    /// Adds a column, or what it says to one of that name.
    pub(super) fn merge_column(&mut self, place: usize, name: &str, column: Column) -> Done<usize> {
        let relation = self.rel_mut(place)?;
        if let Some(known) = relation.columns.get_mut(name) {
            if column.not_null && !known.not_null {
                known.not_null_name = column.not_null_name;
            }
            known.not_null |= column.not_null;
            known.not_null_inherited |= column.not_null_inherited;
            if column.default.is_some() {
                known.default = column.default;
                known.generated = column.generated;
            }
            known.identity = column.identity.or(known.identity);
            return self.column(place, name);
        }
        if relation.columns.len() >= MAX_COLUMNS {
            return Err(format!("a table has at most {MAX_COLUMNS} columns"));
        }
        Ok(relation.columns.insert(name, column))
    }

    /// Adds a column without its other constraints, and gives its place.
    pub(super) fn add_column(&mut self, place: usize, column: &ColumnDefinition) -> Done<usize> {
        let mut new = Column::default();
        if let Some(name) = &column.type_name {
            if name.setof {
                return Err("a column holds no set".to_owned());
            }
            new.of = self.resolve(name);
        } else if self.rel(place)?.columns.get(&column.name).is_none() {
            return Err(format!("column {} has no type", column.name));
        }
        new.not_null = column.not_null.is_some() || column.identity.is_some();
        new.not_null_name = column.not_null.clone().flatten();
        new.collation.clone_from(&column.collation);
        new.storage = column.storage.as_deref().and_then(storage);
        if let Some((when, expression)) = &column.generated {
            new.generated = Some(when);
            new.default = Some(expression.clone());
        } else if let Some(default) = &column.default {
            let known = self.rel(place)?.columns.get(&column.name);
            let of = known.map_or(&new.of, |known| &known.of);
            new.default = self.default_text(default, of);
        }
        let at = self.merge_column(place, &column.name, new)?;
        if column.type_name.as_ref().is_some_and(|of| of.serial) {
            let default = self.sequence_of_column(place, at, &SequenceOptions::default())?;
            if let Some(known) = self.rel_mut(place)?.columns.at_mut(at) {
                known.default = Some(default);
                known.not_null = true;
            }
        }
        if let Some(identity) = &column.identity {
            self.sequence_of_column(place, at, &identity.sequence)?;
            if let Some(known) = self.rel_mut(place)?.columns.at_mut(at) {
                known.identity = Some(identity.when);
            }
        }
        Ok(at)
    }

    /// Columns as LIKE copies them.
    fn copy_columns(&mut self, place: usize, source: usize, words: &[String]) -> Done {
        let included = |word: &str| includes(words, word);
        for (name, mut column) in self.live_columns(source)? {
            self.copied()?;
            let generated = column.generated.is_some();
            if !included(if generated { "generated" } else { "defaults" }) {
                column.default = None;
                column.generated = None;
            }
            let identity = column.identity.take();
            if !included("storage") {
                column.storage = None;
            }
            column.statistics_target = None;
            let at = self.merge_column(place, &name, column)?;
            if let Some(when) = identity.filter(|_| included("identity")) {
                let source_column = self.column(source, &name)?;
                let options = self.sequence_options(source, source_column);
                self.sequence_of_column(place, at, &options)?;
                if let Some(column) = self.rel_mut(place)?.columns.at_mut(at) {
                    column.identity = Some(when);
                }
            }
        }
        Ok(())
    }

    /// Checks and indexes as LIKE copies them.
    fn copy_rules(&mut self, place: usize, source: usize, words: &[String]) -> Done {
        if includes(words, "constraints") {
            let constraints = self.rel(source)?.constraints.iter();
            let checks: Vec<_> = constraints
                .filter(|(_, _, constraint)| matches!(constraint.rule, Rule::Check(_)))
                .map(|(_, name, constraint)| (name.to_owned(), constraint.clone()))
                .collect();
            for (name, mut check) in checks {
                self.copied()?;
                check.inherited = false;
                check.not_valid = check.not_enforced;
                self.enter_constraint(place, &name, check)?;
            }
        }
        if includes(words, "indexes") {
            for index in self.rel(source)?.indexes.clone() {
                self.copied()?;
                self.copy_index(index, place, None)?;
            }
        }
        Ok(())
    }

    pub(super) fn create_table_as(&mut self, table: &CreateTableAs) -> Done {
        let schema = self.home(&table.name)?;
        if table.if_not_exists && self.find(&table.name).is_some() {
            return Ok(());
        }
        let method = table.access_method.clone();
        let relation = Relation {
            schema,
            name: table.name.name.clone(),
            kind: "table",
            persistence: table.persistence,
            replica_identity: "default",
            access_method: method.or_else(|| Some(self.default_access_method.clone())),
            tablespace: self.tablespace(table.tablespace.as_ref()),
            options: table.options.clone(),
            columns_from_query: true,
            ..Relation::default()
        };
        self.add_relation(relation)?;
        Ok(())
    }
}

/// Whether LIKE includes something.
fn includes(words: &[String], word: &str) -> bool {
    let said = words.iter().rev().find_map(|said| {
        let (sign, said) = match said.strip_prefix('-') {
            Some(said) => (false, said),
            None => (true, said.as_str()),
        };
        (said == word || said == "all").then_some(sign)
    });
    said.unwrap_or(false)
}

/// The letter of a way of storage.
pub(super) fn storage(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "plain" => Some("p"),
        "external" => Some("e"),
        "main" => Some("m"),
        "extended" => Some("x"),
        _ => None,
    }
}

fn partition_key(key: &PartitionKey) -> String {
    let elements = key.elements.iter().map(|element| {
        let mut text = match &element.key {
            IndexKey::Column(name) => crate::facts::quote::ident(name),
            IndexKey::Expression(text, _) => text.clone(),
        };
        if let Some(collation) = &element.collation {
            text.push_str(" COLLATE ");
            text.push_str(&collation.quoted());
        }
        if let Some(opclass) = &element.opclass {
            text.push(' ');
            text.push_str(&opclass.quoted());
        }
        text
    });
    let elements: Vec<String> = elements.collect();
    format!(
        "{} ({})",
        key.strategy.to_ascii_uppercase(),
        elements.join(", ")
    )
}
