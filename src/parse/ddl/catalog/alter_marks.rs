//! What `ALTER TABLE` says of indexes, triggers and constraints that are there.

use super::catalog::{Catalog, Done};
use super::model::Rule;

impl Catalog {
    pub(super) fn replica_identity(
        &mut self,
        place: usize,
        word: &'static str,
        name: Option<&str>,
    ) -> Done {
        let chosen = match name.map(|name| self.index_of(place, name)) {
            Some(Err(_)) if self.excuses(place) => None,
            chosen => chosen.transpose()?,
        };
        let relation = self.rel_mut(place)?;
        relation.replica_identity = word;
        for at in relation.indexes.clone() {
            self.index_mut(at)?.replica_identity = chosen == Some(at);
        }
        Ok(())
    }

    pub(super) fn cluster_on(&mut self, place: usize, name: Option<&str>) -> Done {
        let chosen = match name.map(|name| self.index_of(place, name)) {
            Some(Err(_)) if self.excuses(place) => None,
            chosen => chosen.transpose()?,
        };
        for at in self.rel(place)?.indexes.clone() {
            self.index_mut(at)?.clustered = chosen == Some(at);
        }
        Ok(())
    }

    pub(super) fn enable(
        &mut self,
        place: usize,
        name: Option<&str>,
        enabled: &'static str,
    ) -> Done {
        let open = self.excuses(place);
        let relation = self.rel_mut(place)?;
        match name {
            None => {
                for trigger in relation.triggers.values_mut() {
                    trigger.enabled = enabled;
                }
            }
            Some(name) => match relation.triggers.get_mut(name) {
                Some(trigger) => trigger.enabled = enabled,
                None if open => {}
                None => return Err(format!("there is no trigger {name}")),
            },
        }
        Ok(())
    }

    pub(super) fn validate(&mut self, place: usize, name: &str) -> Done {
        let open = self.excuses(place);
        let relation = self.rel_mut(place)?;
        if let Some(constraint) = relation.constraints.get_mut(name) {
            constraint.not_valid = false;
            if let Rule::Check(_) = constraint.rule {
                return self.each_descendant(place, |relation| {
                    if let Some(constraint) = relation.constraints.get_mut(name) {
                        constraint.not_valid = false;
                    }
                });
            }
            return Ok(());
        }
        let mut columns = relation.columns.values_mut();
        match columns.find(|column| column.not_null_name.as_deref() == Some(name)) {
            Some(column) => {
                column.not_null_invalid = false;
                Ok(())
            }
            None if open => Ok(()),
            None => Err(format!("there is no constraint {name}")),
        }
    }
}
