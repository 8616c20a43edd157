//! Foreign keys.

use super::catalog::{Catalog, Done};
use super::model::{Constraint, Foreign, Index, KeyOf, Rule};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};

impl Catalog {
    pub(super) fn add_foreign(
        &mut self,
        place: usize,
        said: &TableConstraint,
        recurse: bool,
    ) -> Done {
        let ConstraintKind::Foreign {
            columns,
            period,
            table,
            referenced,
            full,
            on_update,
            on_delete,
            delete_columns,
        } = &said.kind
        else {
            return Ok(());
        };
        let target = self.relation(table)?;
        let referenced = if referenced.is_empty() {
            self.primary_key(target)?
        } else {
            self.columns(target, referenced)?
        };
        let places = self.columns(place, columns)?;
        if places.len() != referenced.len() && !(referenced.is_empty() && self.excuses(target)) {
            return Err("the columns of a foreign key do not match in number".to_owned());
        }
        let foreign = Foreign {
            columns: places,
            relation: target,
            index: self.unique_index(target, &referenced)?,
            referenced,
            period: *period,
            full: *full,
            on_update,
            on_delete,
            delete_columns: self.columns(place, delete_columns)?,
        };
        let relation = self.rel(place)?;
        let name = said.name.clone().unwrap_or_else(|| {
            let part = columns.join("_");
            self.choose_constraint_name(&relation.schema, &relation.name, &part, "fkey")
        });
        let constraint = Constraint {
            oid: 0,
            rule: Rule::Foreign(foreign),
            deferrable: said.deferrable,
            deferred: said.deferred,
            not_valid: said.not_valid || said.not_enforced,
            not_enforced: said.not_enforced,
            no_inherit: false,
            inherited: false,
        };
        self.enter_constraint(place, &name, constraint.clone())?;
        self.rel_mut(target)?.referenced_by.insert(place);
        if recurse && self.rel(place)?.is_partitioned() {
            for child in self.descendants(place)? {
                self.inherit_foreign(place, child, &name, &constraint)?;
            }
        }
        Ok(())
    }

    /// Gives a partition a foreign key of its partitioned table.
    pub(super) fn inherit_foreign(
        &mut self,
        parent: usize,
        child: usize,
        name: &str,
        constraint: &Constraint,
    ) -> Done {
        self.copied()?;
        let Rule::Foreign(foreign) = &constraint.rule else {
            return Ok(());
        };
        let mut copy = foreign.clone();
        copy.columns = self.same_columns(parent, child, &foreign.columns)?;
        copy.delete_columns = self.same_columns(parent, child, &foreign.delete_columns)?;
        let target = copy.relation;
        let relation = self.rel_mut(child)?;
        // One that it has already is taken for the one that comes from above.
        let known = relation
            .constraints
            .iter()
            .find_map(|(at, _, known)| match &known.rule {
                Rule::Foreign(known)
                    if known.relation == target && known.columns == copy.columns =>
                {
                    Some(at)
                }
                _ => None,
            });
        if let Some(known) = known.and_then(|at| relation.constraints.at_mut(at)) {
            known.inherited = true;
            return Ok(());
        }
        let relation = self.rel(child)?;
        let name = if relation.constraints.get(name).is_some() {
            let part = relation.column_names(&copy.columns).join("_");
            self.choose_constraint_name(&relation.schema, &relation.name, &part, "fkey")
        } else {
            name.to_owned()
        };
        let copy = Constraint {
            rule: Rule::Foreign(copy),
            inherited: true,
            ..constraint.clone()
        };
        self.enter_constraint(child, &name, copy)?;
        self.rel_mut(target)?.referenced_by.insert(child);
        Ok(())
    }

    pub(super) fn same_columns(
        &self,
        from: usize,
        to: usize,
        places: &[usize],
    ) -> Done<Vec<usize>> {
        let names = self.rel(from)?.column_names(places);
        let names = names.into_iter();
        names.map(|name| self.column(to, name)).collect()
    }

    fn primary_key(&self, place: usize) -> Done<Vec<usize>> {
        let relation = self.rel(place)?;
        let mut indexes = relation
            .indexes
            .iter()
            .filter_map(|at| self.indexes.get(*at));
        let key = indexes.find(|index| index.primary);
        if key.is_none() && self.excuses(place) {
            return Ok(Vec::new());
        }
        let key = key.ok_or_else(|| format!("{} has no primary key", relation.name))?;
        Ok(key_columns(key))
    }

    /// The index that makes a foreign key to these columns possible.
    fn unique_index(&self, place: usize, columns: &[usize]) -> Done<Option<usize>> {
        let mut wanted = columns.to_vec();
        wanted.sort_unstable();
        let found = self.rel(place)?.indexes.iter().copied().find(|at| {
            let Some(index) = self.indexes.get(*at) else {
                return false;
            };
            let mut keys = key_columns(index);
            keys.sort_unstable();
            let unique = index.unique && index.predicate.is_none();
            unique && keys.len() == index.keys.len() && keys == wanted
        });
        Ok(found)
    }
}

/// Columns among the keys of an index.
pub(super) fn key_columns(index: &Index) -> Vec<usize> {
    let keys = index.keys.iter();
    keys.filter_map(|key| match key.of {
        KeyOf::Column(place) => Some(place),
        KeyOf::Expression(_) => None,
    })
    .collect()
}
