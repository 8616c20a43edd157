//! What `ALTER` does to tables, views, indexes and sequences.

use super::catalog::{Catalog, Done, Entity};
use super::tables::storage;
use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::pass::in_order;
use crate::parse::ddl::statement::{ColumnDefinition, Name, OptionList, Spanned};

impl Catalog {
    pub(super) fn alter_relation(
        &mut self,
        name: &Name,
        if_exists: bool,
        only: bool,
        actions: &[Spanned<Action>],
    ) -> Done {
        let Some(entity) = self.find(name) else {
            if if_exists || self.excuses_unknown() {
                return Ok(());
            }
            return Err(format!(
                "there is no table, view, index or sequence {}",
                name.name
            ));
        };
        let actions = (in_order(actions).into_iter()).filter_map(|place| actions.get(place));
        for action in actions {
            match entity {
                Entity::Relation(place) => self.alter_table(place, action, !only)?,
                Entity::Index(at) => self.alter_index(at, action)?,
                Entity::Sequence(at) => self.act_on_sequence(at, action)?,
            }
        }
        Ok(())
    }

    fn act_on_sequence(&mut self, at: usize, action: &Action) -> Done {
        let Some(sequence) = self.sequences.get_mut(at) else {
            return Ok(());
        };
        let (schema, name) = (sequence.schema.clone(), sequence.name.clone());
        let (to_schema, to_name) = match action {
            Action::Sequence(options) => return self.alter_sequence(at, options),
            Action::Rename(to) => (schema.clone(), to.clone()),
            Action::SetSchema(to) => (to.clone(), name.clone()),
            Action::Owner(_) | Action::SetPersistence(_) | Action::DependsOnExtension(..) => {
                return Ok(());
            }
            _ => return Err("this is nothing to do with a sequence".to_owned()),
        };
        self.enter(&to_schema, &to_name, Entity::Sequence(at))?;
        self.leave(&schema, &name);
        if let Some(sequence) = self.sequences.get_mut(at) {
            sequence.schema = to_schema;
            sequence.name = to_name;
        }
        Ok(())
    }

    fn alter_index(&mut self, at: usize, action: &Action) -> Done {
        match action {
            Action::Rename(to) => self.rename_index(at, to),
            Action::Attach(child, None) => match self.find(child) {
                Some(Entity::Index(child)) => self.attach_index(at, child),
                None if self.excuses_unknown() => Ok(()),
                _ => Err(format!("there is no index {}", child.name)),
            },
            Action::SetOptions(options) => {
                set_options(&mut self.index_mut(at)?.options, options);
                Ok(())
            }
            Action::ResetOptions(names) => {
                let options = &mut self.index_mut(at)?.options;
                options.retain(|(name, _)| !names.contains(name));
                Ok(())
            }
            Action::SetTablespace(name) => {
                self.index_mut(at)?.tablespace = self.tablespace(Some(name));
                Ok(())
            }
            Action::Owner(_) | Action::DependsOnExtension(..) | Action::IndexStatistics(_) => {
                Ok(())
            }
            _ => Err("this is nothing to do with an index".to_owned()),
        }
    }

    fn alter_table(&mut self, place: usize, action: &Action, recurse: bool) -> Done {
        match action {
            Action::AddColumn(column, if_not_exists) => {
                return self.alter_add_column(place, column, *if_not_exists, recurse);
            }
            Action::DropColumn {
                name, if_exists, ..
            } => {
                return self.drop_column(place, name, *if_exists, recurse);
            }
            Action::AlterColumn(name, change) => {
                return self.alter_column(place, name, change, recurse);
            }
            Action::RenameColumn(name, to) => return self.rename_column(place, name, to, recurse),
            Action::AddConstraint(constraint) => {
                return self.add_constraint(place, constraint, recurse);
            }
            Action::DropConstraint {
                name, if_exists, ..
            } => {
                return self.drop_constraint(place, name, *if_exists);
            }
            Action::RenameConstraint(name, to) => return self.rename_constraint(place, name, to),
            Action::ValidateConstraint(name) => return self.validate(place, name),
            Action::Rename(to) => {
                let schema = self.rel(place)?.schema.clone();
                return self.move_relation(place, &schema, to);
            }
            Action::SetSchema(to) => {
                let name = self.rel(place)?.name.clone();
                return self.move_relation(place, to, &name);
            }
            Action::Attach(child, Some(bound)) => {
                let child = self.relation(child)?;
                return self.attach(place, child, bound);
            }
            Action::Detach(child, _) => {
                let child = self.relation(child)?;
                return self.detach(place, child);
            }
            Action::Inherit(parent, inherit) => {
                let parent = self.relation(parent)?;
                return self.set_inherit(place, parent, *inherit);
            }
            Action::ReplicaIdentity(word, index) => {
                return self.replica_identity(place, word, index.as_deref());
            }
            Action::ClusterOn(index) => return self.cluster_on(place, index.as_deref()),
            Action::Trigger(name, enabled) => return self.enable(place, name.as_deref(), enabled),
            Action::Attach(_, None) | Action::Sequence(_) => {
                return Err("this is nothing to do with a table".to_owned());
            }
            _ => {}
        }
        let tablespace = match action {
            Action::SetTablespace(name) => self.tablespace(Some(name)),
            _ => None,
        };
        let relation = self.rel_mut(place)?;
        match action {
            Action::Owner(to) => relation.owner = Some(to.clone()),
            Action::RowSecurity(on) => relation.row_security = *on,
            Action::SetOptions(options) => set_options(&mut relation.options, options),
            Action::ResetOptions(names) => {
                relation.options.retain(|(name, _)| !names.contains(name));
            }
            Action::SetTablespace(_) => relation.tablespace = tablespace,
            Action::SetAccessMethod(name) => relation.access_method = Some(name.clone()),
            Action::SetPersistence(persistence) => relation.persistence = persistence,
            _ => {}
        }
        Ok(())
    }

    fn alter_add_column(
        &mut self,
        place: usize,
        column: &ColumnDefinition,
        if_not_exists: bool,
        recurse: bool,
    ) -> Done {
        if self.rel(place)?.columns.get(&column.name).is_some() {
            if if_not_exists {
                return Ok(());
            }
            return Err(format!("column {} exists already", column.name));
        }
        let at = self.add_column(place, column)?;
        let made = self.oid();
        if let Some(column) = self.rel_mut(place)?.columns.at_mut(at) {
            column.made = made;
        }
        let added = self
            .rel(place)?
            .columns
            .at(at)
            .map(|(_, added)| added.clone());
        if let Some(mut added) = added.filter(|_| recurse) {
            added.not_null_inherited = added.not_null;
            for child in self.descendants(place)? {
                self.copied()?;
                self.merge_column(child, &column.name, added.clone())?;
            }
        }
        for constraint in &column.constraints {
            self.add_constraint(place, constraint, recurse)?;
        }
        Ok(())
    }

    fn alter_column(
        &mut self,
        place: usize,
        name: &str,
        change: &ColumnChange,
        recurse: bool,
    ) -> Done {
        if self.rel(place)?.columns_from_query {
            return Ok(());
        }
        let at = self.column(place, name)?;
        let mut all = vec![place];
        let own = matches!(
            change,
            ColumnChange::Statistics(_)
                | ColumnChange::Options(_)
                | ColumnChange::Compression(_)
                | ColumnChange::ForeignOptions
                | ColumnChange::Default(_)
        );
        let identity = matches!(
            change,
            ColumnChange::AddIdentity(_)
                | ColumnChange::SetIdentity(..)
                | ColumnChange::DropIdentity
        );
        let shared = !identity || (self.major >= 17 && self.rel(place)?.is_partitioned());
        if (recurse || !own) && shared {
            all.extend(self.descendants(place)?);
        }
        match change {
            ColumnChange::AddIdentity(identity) => {
                self.sequence_of_column(place, at, &identity.sequence)?;
            }
            ColumnChange::SetIdentity(_, options) => {
                if let Some(sequence) = self.owned_sequence(place, at) {
                    self.alter_sequence(sequence, options)?;
                }
            }
            ColumnChange::DropIdentity => {
                if let Some(sequence) = self.owned_sequence(place, at) {
                    self.drop_sequence(sequence);
                }
            }
            _ => {}
        }
        if let ColumnChange::NotNull(true) = change {
            self.change_column(place, name, change)?;
            return if recurse {
                self.inherit_not_null(place, name)
            } else {
                Ok(())
            };
        }
        for relation in all {
            self.copied()?;
            self.change_column(relation, name, change)?;
        }
        Ok(())
    }

    fn change_column(&mut self, place: usize, name: &str, change: &ColumnChange) -> Done {
        let of = match change {
            ColumnChange::Type { of, .. } => Some(self.resolve(of)),
            _ => None,
        };
        let default = match change {
            ColumnChange::Default(Some(text)) => {
                let at = self.column(place, name)?;
                let column = self.rel(place)?.columns.at(at);
                column.and_then(|(_, column)| self.default_text(text, &column.of))
            }
            _ => None,
        };
        let Some(column) = self.rel_mut(place)?.columns.get_mut(name) else {
            return Ok(());
        };
        match change {
            ColumnChange::Type { collation, .. } => {
                column.of = of.unwrap_or_default();
                column.collation.clone_from(collation);
                column.storage = None;
            }
            ColumnChange::Default(_) => column.default = default,
            ColumnChange::NotNull(on) => {
                if *on && column.not_null {
                    return Ok(());
                }
                column.not_null = *on;
                column.not_null_inherited &= *on;
                column.not_null_name = None;
            }
            ColumnChange::Statistics(target) => column.statistics_target = *target,
            ColumnChange::Storage(word) => column.storage = storage(word),
            ColumnChange::AddIdentity(identity) => {
                column.identity = Some(identity.when);
                column.not_null = true;
            }
            ColumnChange::SetIdentity(when, _) => column.identity = when.or(column.identity),
            ColumnChange::DropIdentity => column.identity = None,
            ColumnChange::DropExpression => {
                column.generated = None;
                column.default = None;
            }
            ColumnChange::SetExpression(text) => column.default = Some(text.clone()),
            ColumnChange::Options(_)
            | ColumnChange::Compression(_)
            | ColumnChange::ForeignOptions => {}
        }
        Ok(())
    }

    fn move_relation(&mut self, place: usize, to_schema: &str, to_name: &str) -> Done {
        let relation = self.rel(place)?;
        let (schema, name) = (relation.schema.clone(), relation.name.clone());
        let (indexes, sequences) = (relation.indexes.clone(), relation.sequences.clone());
        let constraints: Vec<String> = (relation.constraints.iter())
            .map(|(_, name, _)| name.to_owned())
            .collect();
        self.enter(to_schema, to_name, Entity::Relation(place))?;
        self.leave(&schema, &name);
        let relation = self.rel_mut(place)?;
        to_schema.clone_into(&mut relation.schema);
        to_name.clone_into(&mut relation.name);
        if schema == to_schema {
            return Ok(());
        }
        for at in indexes {
            let name = self.index_mut(at)?.name.clone();
            self.enter(to_schema, &name, Entity::Index(at))?;
            self.leave(&schema, &name);
        }
        for at in sequences {
            self.act_on_sequence(at, &Action::SetSchema(to_schema.to_owned()))?;
        }
        for name in constraints {
            self.forget_constraint(&schema, &name);
            self.count_constraint(to_schema, &name);
        }
        Ok(())
    }
}

fn set_options(known: &mut OptionList, options: &OptionList) {
    for (name, value) in options {
        match known.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => known.clone_from(value),
            None => known.push((name.clone(), value.clone())),
        }
    }
}
