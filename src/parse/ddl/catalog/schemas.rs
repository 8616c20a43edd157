//! Another name for a schema.

use std::sync::Arc;

use super::catalog::{Catalog, Done, Entity};

impl Catalog {
    /// Gives a schema another name, with all that is in it.
    pub(super) fn rename_schema(&mut self, from: &str, to: &str) -> Done {
        if self.schemas.get(from).is_none() {
            return if self.excuses_unknown() {
                Ok(())
            } else {
                Err(format!("there is no schema {from}"))
            };
        }
        if !Arc::make_mut(&mut self.schemas).rename(from, to) {
            return Err(format!("schema {to} exists already"));
        }
        let mut moved = Vec::new();
        for (at, known) in self.relations.iter() {
            if known.schema == from {
                moved.push((known.name.clone(), Entity::Relation(at)));
            }
        }
        for (at, known) in self.indexes.iter() {
            if self.rel(known.relation).is_ok_and(|of| of.schema == from) {
                moved.push((known.name.clone(), Entity::Index(at)));
            }
        }
        for (at, known) in self.sequences.iter() {
            if known.schema == from {
                moved.push((known.name.clone(), Entity::Sequence(at)));
            }
        }
        for (name, entity) in moved {
            self.leave(from, &name);
            self.enter(to, &name, entity)?;
            match entity {
                Entity::Relation(at) => {
                    let relation = self.rel_mut(at)?;
                    to.clone_into(&mut relation.schema);
                    let constraints = relation.constraints.iter();
                    let names = constraints.map(|(_, name, _)| name.to_owned());
                    for name in names.collect::<Vec<_>>() {
                        self.forget_constraint(from, &name);
                        self.count_constraint(to, &name);
                    }
                }
                Entity::Sequence(at) => {
                    if let Some(sequence) = self.sequences.get_mut(at) {
                        to.clone_into(&mut sequence.schema);
                    }
                }
                Entity::Index(_) => {}
            }
        }
        self.rename_in_functions(from, to);
        for name in self.types.names(from) {
            if let Some(known) = self.types.get(from, &name).cloned() {
                self.move_type(&known, to, &name)?;
            }
        }
        Ok(())
    }

    fn rename_in_functions(&mut self, from: &str, to: &str) {
        for name in self.functions_by_name.names(from) {
            let places = self.functions_by_name.get(from, &name).cloned();
            let places = places.unwrap_or_default();
            for at in &places {
                if let Some(function) = self.functions.get_mut(*at) {
                    to.clone_into(&mut function.schema);
                }
            }
            self.functions_by_name.remove(from, &name);
            self.functions_by_name.insert(to, &name, places);
        }
    }
}
