//! Effects of a statement while they are found.

use std::ops::Range;

use serde_json::{Map, Value};

use super::context::Context;
use super::forms;
use super::found::{Effect, Target};
use crate::parse::ddl::catalog::{Catalog, Entity, Relation};
use crate::parse::ddl::statement::Name;

/// The effects that were found, and what is asked on the way.
pub(super) struct Sink<'a> {
    pub catalog: &'a Catalog,
    pub context: &'a Context<'a>,
    /// Place of the action in the statement, from 1.
    pub action: usize,
    /// Its bytes.
    pub span: Range<usize>,
    pub found: Vec<Effect>,
}

/// A table that a statement names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub name: &'a Name,
    pub place: Option<usize>,
    pub relation: Option<&'a Relation>,
}

impl Table<'_> {
    /// More may be there of it than is known.
    pub fn is_open(&self) -> bool {
        self.relation.is_none_or(Relation::is_open)
    }
}

impl<'a> Sink<'a> {
    pub fn new(catalog: &'a Catalog, context: &'a Context<'a>) -> Self {
        Self {
            catalog,
            context,
            action: 1,
            span: 0..0,
            found: Vec::new(),
        }
    }

    /// The next action.
    pub fn next(&mut self, action: usize, span: &Range<usize>) {
        self.action = action;
        self.span = span.clone();
    }

    /// Says what a form does to an object.
    pub fn add(&mut self, form: &'static str, part: &'static str, target: Target) -> &mut Effect {
        let known = forms::find(form, part, self.context.version());
        let rewrites = known.is_some_and(|known| known.rewrites);
        let mut builds = known.is_some_and(|known| known.builds);
        if rewrites && builds {
            builds = self.has_indexes(&target);
        }
        // The rows of a foreign table are elsewhere.
        let stored = target.kind != "foreign table";
        let at = self.found.len();
        self.found.push(Effect {
            action: self.action,
            span: self.span.clone(),
            form,
            part,
            target,
            column: None,
            object: None,
            lock: known.and_then(|known| known.lock),
            scans: stored && known.is_some_and(|known| known.scans),
            rewrites: stored && rewrites,
            builds,
            error: (self.context.in_block && known.is_some_and(|known| known.outside_block))
                .then_some("25001"),
            loses_data: known.is_some_and(|known| known.loses_data),
            breaks: known.and_then(|known| known.breaks),
            details: Map::new(),
        });
        &mut self.found[at]
    }

    /// Whether a relation is known to have indexes.
    fn has_indexes(&self, target: &Target) -> bool {
        let name = Name {
            schema: target.schema.clone(),
            name: target.name.clone(),
        };
        let relation = self.table(&name).relation;
        relation.is_some_and(|relation| !relation.indexes.is_empty())
    }

    /// The same for a relation of the catalog, unless it is gone.
    pub fn add_place(
        &mut self,
        form: &'static str,
        part: &'static str,
        place: usize,
    ) -> Option<&mut Effect> {
        let target = self.target(place)?;
        Some(self.add(form, part, target))
    }

    /// The same for the tables below one.
    pub fn add_below(&mut self, form: &'static str, part: &'static str, place: Option<usize>) {
        let Some(place) = place else {
            return;
        };
        let below = self.catalog.descendants(place).unwrap_or_default();
        for child in below {
            self.add_place(form, part, child);
        }
    }

    /// The table that a statement names.
    pub fn table<'n>(&self, name: &'n Name) -> Table<'n>
    where
        'a: 'n,
    {
        let catalog: &'a Catalog = self.catalog;
        let place = match catalog.find(name) {
            Some(Entity::Relation(place)) => Some(place),
            _ => None,
        };
        Table {
            name,
            place,
            relation: place.and_then(|place| catalog.relations.get(place)),
        }
    }

    /// A relation of the catalog as a target.
    pub fn target(&self, place: usize) -> Option<Target> {
        let relation = self.catalog.relations.get(place)?;
        Some(Target {
            schema: Some(relation.schema.clone()),
            name: relation.name.clone(),
            kind: relation.kind,
            oid: (!relation.implied).then_some(relation.oid),
        })
    }

    /// A table that a statement names, as a target.
    pub fn target_of(&self, table: &Table, kind: &'static str) -> Target {
        let known = table.place.and_then(|place| self.target(place));
        known.unwrap_or_else(|| unknown(table.name, kind))
    }

    /// An index of the catalog as a target.
    pub fn index_target(&self, at: usize) -> Option<Target> {
        let index = self.catalog.indexes.get(at)?;
        let relation = self.catalog.relations.get(index.relation)?;
        Some(Target {
            schema: Some(relation.schema.clone()),
            name: index.name.clone(),
            kind: "index",
            oid: Some(index.oid),
        })
    }

    /// A sequence of the catalog as a target.
    pub fn sequence_target(&self, at: usize) -> Option<Target> {
        let sequence = self.catalog.sequences.get(at)?;
        Some(Target {
            schema: Some(sequence.schema.clone()),
            name: sequence.name.clone(),
            kind: "sequence",
            oid: Some(sequence.oid),
        })
    }

    /// Whether the same file made the object with this oid.
    pub fn is_new(&self, oid: i64) -> bool {
        oid >= self.context.file_mark
    }
}

/// What nothing is known of.
pub(super) fn unknown(name: &Name, kind: &'static str) -> Target {
    Target {
        schema: name.schema.clone(),
        name: name.name.clone(),
        kind,
        oid: None,
    }
}

/// A thing that is no relation.
pub(super) fn thing(name: &str, kind: &'static str) -> Target {
    Target {
        schema: None,
        name: name.to_owned(),
        kind,
        oid: None,
    }
}

impl Effect {
    /// Says more of it.
    pub(super) fn with(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        self.details.insert(key.to_owned(), value.into());
        self
    }

    /// Says what it is about.
    pub(super) fn about(&mut self, object: impl Into<String>) -> &mut Self {
        self.object = Some(object.into());
        self
    }

    /// Says which column it is about.
    pub(super) fn of_column(&mut self, column: &str) -> &mut Self {
        self.column = Some(column.to_owned());
        self
    }

    /// It fails for certain, so nothing else of it comes about.
    pub(super) fn fails(&mut self, sqlstate: &'static str) -> &mut Self {
        self.error = Some(sqlstate);
        self
    }
}
