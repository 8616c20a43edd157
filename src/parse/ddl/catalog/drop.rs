//! What goes: columns, constraints, and what `DROP` names; and new names for the former.

use std::sync::Arc;

use super::catalog::{Catalog, Done, Entity};
use super::model::{Column, KeyOf, Rule};
use crate::facts::quote;
use crate::parse::ddl::statement::{Name, ObjectKind};
use crate::parse::tokens::{TokenKind, tokenize};

impl Catalog {
    pub(super) fn drop_column(
        &mut self,
        place: usize,
        name: &str,
        if_exists: bool,
        recurse: bool,
    ) -> Done {
        if if_exists && self.rel(place)?.columns.get(name).is_none() {
            return Ok(());
        }
        self.column(place, name)?;
        let mut all = vec![place];
        if recurse {
            all.extend(self.descendants(place)?);
        }
        for relation in all {
            self.copied()?;
            self.drop_one_column(relation, name)?;
        }
        Ok(())
    }

    fn drop_one_column(&mut self, place: usize, name: &str) -> Done {
        let Ok(at) = self.column(place, name) else {
            return Ok(());
        };
        if let Some(sequence) = self.owned_sequence(place, at) {
            self.drop_sequence(sequence);
        }
        for index in self.rel(place)?.indexes.clone() {
            let known = self.index_mut(index)?;
            let key = |key: &super::model::Key| match &key.of {
                KeyOf::Column(column) => *column == at,
                KeyOf::Expression(text) => uses(text, name),
            };
            let predicate = known
                .predicate
                .as_ref()
                .is_some_and(|text| uses(text, name));
            if predicate || known.include.contains(&at) || known.keys.iter().any(key) {
                self.drop_index(index);
            }
        }
        let read = self.rel(place)?.read_by.iter();
        let readers: Vec<usize> = read
            .filter(|(_, column)| *column == Some(at))
            .map(|(view, _)| *view)
            .collect();
        for view in readers {
            self.drop_relation(view);
        }
        let relation = self.rel_mut(place)?;
        let gone: Vec<String> = (relation.constraints.iter())
            .filter(|(_, _, known)| match &known.rule {
                Rule::Check(text) => uses(text, name),
                Rule::Foreign(foreign) => foreign.columns.contains(&at),
                _ => false,
            })
            .map(|(_, name, _)| name.to_owned())
            .collect();
        for name in gone {
            self.drop_constraint(place, &name, true)?;
        }
        let relation = self.rel_mut(place)?;
        let dropped = format!("........pg.dropped.{}........", at + 1);
        relation.columns.rename(name, &dropped);
        if let Some(column) = relation.columns.at_mut(at) {
            let of = super::model::Type {
                printed: String::new(),
                oid: None,
                collation: None,
                ..column.of.clone()
            };
            *column = Column {
                of,
                storage: column.storage,
                is_dropped: true,
                ..Column::default()
            };
        }
        Ok(())
    }

    pub(super) fn drop_constraint(&mut self, place: usize, name: &str, if_exists: bool) -> Done {
        let schema = self.rel(place)?.schema.clone();
        let children = self.descendants(place)?;
        let open = self.excuses(place);
        let relation = self.rel_mut(place)?;
        let Some(constraint) = relation.constraints.remove(name) else {
            let mut columns = relation.columns.values_mut();
            let named = columns.find(|column| column.not_null_name.as_deref() == Some(name));
            if let Some(column) = named {
                column.not_null = false;
                column.not_null_name = None;
                return Ok(());
            }
            if if_exists || open {
                return Ok(());
            }
            return Err(format!("there is no constraint {name}"));
        };
        self.forget_constraint(&schema, name);
        if let Rule::Index { index, .. } = constraint.rule {
            self.drop_index(index);
            return Ok(());
        }
        for child in children {
            self.copied()?;
            let relation = self.rel_mut(child)?;
            let known = relation.constraints.get(name);
            if known.is_some_and(|known| known.inherited) {
                relation.constraints.remove(name);
                let schema = relation.schema.clone();
                self.forget_constraint(&schema, name);
            }
        }
        Ok(())
    }

    pub(super) fn rename_constraint(&mut self, place: usize, name: &str, to: &str) -> Done {
        let relation = self.rel(place)?;
        let schema = relation.schema.clone();
        let backed = relation
            .constraints
            .get(name)
            .map(|known| match known.rule {
                Rule::Index { index, .. } => Some(index),
                _ => None,
            });
        if let Some(Some(index)) = backed {
            return self.rename_index(index, to);
        }
        let open = self.excuses(place);
        let relation = self.rel_mut(place)?;
        if backed.is_some() {
            if !relation.constraints.rename(name, to) {
                return Err(format!("constraint {to} exists already"));
            }
            self.forget_constraint(&schema, name);
            self.count_constraint(&schema, to);
            return Ok(());
        }
        let mut columns = relation.columns.values_mut();
        let named = columns.find(|column| column.not_null_name.as_deref() == Some(name));
        match named {
            Some(column) => column.not_null_name = Some(to.to_owned()),
            None if open => {}
            None => return Err(format!("there is no constraint {name}")),
        }
        Ok(())
    }

    pub(super) fn rename_column(
        &mut self,
        place: usize,
        name: &str,
        to: &str,
        recurse: bool,
    ) -> Done {
        self.column(place, name)?;
        let mut all = vec![place];
        if recurse {
            all.extend(self.descendants(place)?);
        }
        for relation in all {
            self.copied()?;
            let relation = self.rel_mut(relation)?;
            if relation.columns.get(name).is_some() && !relation.columns.rename(name, to) {
                return Err(format!("column {to} exists already"));
            }
            for column in relation.columns.values_mut() {
                if column.generated.is_some() {
                    column.default = column.default.take().map(|text| renamed(&text, name, to));
                }
            }
            for constraint in relation.constraints.values_mut() {
                if let Rule::Check(text) = &mut constraint.rule {
                    *text = renamed(text, name, to);
                }
            }
            for at in relation.indexes.clone() {
                let index = self.index_mut(at)?;
                index.predicate = index.predicate.take().map(|text| renamed(&text, name, to));
                for key in &mut index.keys {
                    if let KeyOf::Expression(text) = &mut key.of {
                        *text = renamed(text, name, to);
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        types: Option<&[String]>,
        if_exists: bool,
        cascade: bool,
    ) -> Done {
        match kind {
            kind if kind.is_relation() => match self.find(name) {
                Some(Entity::Relation(place)) => self.drop_relation(place),
                Some(Entity::Index(at)) => self.drop_index(at),
                Some(Entity::Sequence(at)) => self.drop_sequence(at),
                None if if_exists || self.excuses_unknown() => {}
                None => return Err(format!("there is no {}", name.name)),
            },
            ObjectKind::Schema => {
                let excused = if_exists || cascade || self.excuses_unknown();
                if self.schemas.get(&name.name).is_none() && !excused {
                    return Err(format!("there is no schema {}", name.name));
                }
                self.drop_schema(&name.name, cascade)?;
            }
            ObjectKind::Extension => {
                Arc::make_mut(&mut self.extensions).remove(&name.name);
            }
            kind if kind.is_type() => {
                let schema = self.home(name)?;
                self.types.remove(&schema, &name.name);
            }
            kind if kind.is_routine() => {
                for at in self.functions_of(name, types) {
                    self.functions.take(at);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn drop_schema(&mut self, schema: &str, cascade: bool) -> Done {
        let relations = (self.relations.iter()).filter(|(_, known)| known.schema == schema);
        let relations: Vec<usize> = relations.map(|(place, _)| place).collect();
        if !cascade && !relations.is_empty() {
            return Err(format!("schema {schema} is not empty"));
        }
        for place in relations {
            self.drop_relation(place);
        }
        for at in 0..self.sequences.len() {
            if matches!(self.sequences.get(at), Some(known) if known.schema == schema) {
                self.drop_sequence(at);
            }
        }
        for at in 0..self.functions.len() {
            if matches!(self.functions.get(at), Some(known) if known.schema == schema) {
                self.functions.take(at);
            }
        }
        self.types.remove_schema(schema);
        Arc::make_mut(&mut self.schemas).remove(schema);
        Ok(())
    }
}

/// Whether an expression names a column.
fn uses(text: &str, column: &str) -> bool {
    renamed(text, column, "") != text
}

/// An expression in which a column has another name.
fn renamed(text: &str, column: &str, to: &str) -> String {
    let mut new = String::with_capacity(text.len());
    for token in tokenize(text) {
        let word = token.text(text);
        let same = match token.kind {
            TokenKind::Word => word.eq_ignore_ascii_case(column),
            TokenKind::QuotedIdent => word == format!("\"{}\"", column.replace('"', "\"\"")),
            _ => false,
        };
        if same {
            new.push_str(&quote::ident(to));
        } else {
            new.push_str(word);
        }
    }
    new
}
