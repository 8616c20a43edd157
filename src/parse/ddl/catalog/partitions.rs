//! Partitions, and tables that inherit.

use super::catalog::{Catalog, Done};
use super::model::{Constraint, Relation, Rule, Trigger};

impl Catalog {
    /// All tables below one, each once.
    pub(in crate::parse::ddl) fn descendants(&self, place: usize) -> Done<Vec<usize>> {
        let mut found = Vec::new();
        let mut seen = std::collections::HashSet::from([place]);
        let mut left: Vec<usize> = self.rel(place)?.children.iter().copied().collect();
        while let Some(child) = left.pop() {
            if seen.insert(child) {
                found.push(child);
                left.extend(&self.rel(child)?.children);
            }
        }
        Ok(found)
    }

    pub(super) fn each_descendant(
        &mut self,
        place: usize,
        mut change: impl FnMut(&mut Relation),
    ) -> Done {
        for child in self.descendants(place)? {
            self.copied()?;
            change(self.rel_mut(child)?);
        }
        Ok(())
    }

    /// `ATTACH PARTITION`: the partition gets what its partitioned table has.
    pub(super) fn attach(&mut self, parent: usize, child: usize, bound: &str) -> Done {
        if parent == child || self.descendants(child)?.contains(&parent) {
            return Err("a table is no partition of itself".to_owned());
        }
        if !self.rel(parent)?.is_partitioned() {
            return Err(format!("{} is not partitioned", self.rel(parent)?.name));
        }
        let relation = self.rel_mut(child)?;
        if relation.partition_of.is_some() {
            return Err(format!("{} is a partition already", relation.name));
        }
        relation.partition_of = Some(parent);
        relation.bound = Some(bound.to_owned());
        self.rel_mut(parent)?.children.insert(child);
        self.merge_columns(parent, child)?;
        self.inherit_checks(child, parent)?;
        for index in self.rel(parent)?.indexes.clone() {
            self.index_partition(index, child)?;
        }
        let foreign: Vec<(String, Constraint)> = (self.rel(parent)?.constraints.iter())
            .filter(|(_, _, known)| matches!(known.rule, Rule::Foreign(_)))
            .map(|(_, name, known)| (name.to_owned(), known.clone()))
            .collect();
        let mut below = vec![child];
        below.extend(self.descendants(child)?);
        for (name, constraint) in foreign {
            for child in &below {
                self.inherit_foreign(parent, *child, &name, &constraint)?;
            }
        }
        let triggers: Vec<(String, Trigger)> = (self.rel(parent)?.triggers.iter())
            .filter(|(_, _, trigger)| trigger.for_each_row)
            .map(|(_, name, trigger)| (name.to_owned(), trigger.clone()))
            .collect();
        for (name, trigger) in triggers {
            self.inherit_trigger(child, &name, &trigger)?;
        }
        Ok(())
    }

    fn merge_columns(&mut self, parent: usize, child: usize) -> Done {
        let identities = self.major >= 17;
        for (name, column) in self.live_columns(parent)? {
            self.copied()?;
            let relation = self.rel_mut(child)?;
            let Some(known) = relation.columns.get_mut(&name) else {
                return Err(format!("{} has no column {name}", relation.name));
            };
            known.not_null_inherited |= column.not_null && known.not_null;
            if identities {
                known.identity = column.identity.or(known.identity);
            }
        }
        Ok(())
    }

    pub(super) fn detach(&mut self, parent: usize, child: usize) -> Done {
        let relation = self.rel_mut(child)?;
        relation.partition_of = None;
        relation.bound = None;
        for constraint in relation.constraints.values_mut() {
            constraint.inherited = false;
        }
        for column in relation.columns.values_mut() {
            column.not_null_inherited = false;
        }
        for at in relation.indexes.clone() {
            let index = self.index_mut(at)?;
            if let Some(parent) = index.parent.take() {
                self.index_mut(parent)?.children.remove(&at);
            }
        }
        self.rel_mut(parent)?.children.remove(&child);
        Ok(())
    }

    /// `INHERIT` and `NO INHERIT`
    pub(super) fn set_inherit(&mut self, child: usize, parent: usize, inherit: bool) -> Done {
        if inherit && (parent == child || self.descendants(child)?.contains(&parent)) {
            return Err("a table does not inherit from itself".to_owned());
        }
        let relation = self.rel_mut(child)?;
        relation.inherits.retain(|known| *known != parent);
        if inherit {
            relation.inherits.push(parent);
            self.rel_mut(parent)?.children.insert(child);
            return self.merge_columns(parent, child);
        }
        self.rel_mut(parent)?.children.remove(&child);
        Ok(())
    }

    /// Drops a table with its partitions, indexes and sequences, and the foreign keys to it.
    pub(super) fn drop_relation(&mut self, place: usize) {
        let mut left = vec![place];
        while let Some(place) = left.pop() {
            if self.rel(place).is_err() {
                continue;
            }
            for index in self
                .rel(place)
                .map(|r| r.indexes.clone())
                .unwrap_or_default()
            {
                self.drop_index(index);
            }
            for sequence in self
                .rel(place)
                .map(|r| r.sequences.clone())
                .unwrap_or_default()
            {
                self.drop_sequence(sequence);
            }
            let Some(relation) = self.relations.take(place) else {
                continue;
            };
            self.leave(&relation.schema, &relation.name);
            for (_, name, _) in relation.constraints.iter() {
                self.forget_constraint(&relation.schema, name);
            }
            left.extend(&relation.children);
            left.extend(relation.read_by.iter().map(|(view, _)| *view));
            for parent in relation.inherits.iter().chain(&relation.partition_of) {
                if let Some(parent) = self.relations.get_mut(*parent) {
                    parent.children.remove(&place);
                }
            }
            for from in &relation.referenced_by {
                self.drop_foreign(*from, place);
            }
        }
    }

    /// Drops the foreign keys of a table to another.
    fn drop_foreign(&mut self, from: usize, to: usize) {
        let Some(relation) = self.relations.get_mut(from) else {
            return;
        };
        let gone: Vec<String> = (relation.constraints.iter())
            .filter(|(_, _, known)| {
                matches!(&known.rule, Rule::Foreign(foreign) if foreign.relation == to)
            })
            .map(|(_, name, _)| name.to_owned())
            .collect();
        let schema = relation.schema.clone();
        for name in &gone {
            relation.constraints.remove(name);
        }
        for name in &gone {
            self.forget_constraint(&schema, name);
        }
    }
}
