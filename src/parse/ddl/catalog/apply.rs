//! Statements, one after the other.

use std::sync::Arc;

use super::catalog::{Catalog, Done};
use super::imply::Missing;
use super::model::{Extension, Schema};
use super::routines::alter_function;
use crate::parse::ddl::action::{Action, OtherChange};
use crate::parse::ddl::dml::Select;
use crate::parse::ddl::pass::in_order;
use crate::parse::ddl::statement::{Name, ObjectKind, Rights, Spanned, Statement};
use crate::parse::ddl::type_name::TypeName;

impl Catalog {
    /// Does what a statement says; the reason is given where that cannot be. A lenient catalog
    /// does what it can all the same.
    pub fn apply(&mut self, statement: &Statement) -> Done {
        if !self.lenient {
            return self.follow(statement);
        }
        if let Statement::AlterRelation {
            name,
            if_exists,
            only,
            actions,
            ..
        } = statement
        {
            return self.alter_leniently(name, *if_exists, *only, actions);
        }
        let missing = self.imply(statement);
        let done = self.follow(statement);
        self.outcome(missing, done)
    }

    fn outcome(&self, missing: Missing, done: Done) -> Done {
        match missing.filter(|_| self.complete) {
            Some(missing) => Err(missing),
            None => done,
        }
    }

    /// Each action by itself, in the order in which they are done: what one can't do is no reason
    /// to leave the others out.
    fn alter_leniently(
        &mut self,
        name: &Name,
        if_exists: bool,
        only: bool,
        actions: &[Spanned<Action>],
    ) -> Done {
        let mut done = Ok(());
        let order = in_order(actions).into_iter();
        for action in order.filter_map(|place| actions.get(place)) {
            let action = std::slice::from_ref(action);
            let mut missing = None;
            if !(if_exists && self.complete) {
                self.imply_of_actions(name, action, &mut missing);
            }
            let this = self.alter_relation(name, if_exists, only, action);
            done = done.and(self.outcome(missing, this));
        }
        done
    }

    #[allow(clippy::too_many_lines, reason = "one arm for each kind of statement")]
    fn follow(&mut self, statement: &Statement) -> Done {
        match statement {
            Statement::CreateTable(table) => self.create_table(table),
            Statement::CreateTableAs(table) => self.create_table_as(table),
            Statement::CreateView(view) => self.create_view(view),
            Statement::CreateIndex(index) => self.create_index(index),
            Statement::CreateSequence {
                name,
                if_not_exists,
                temporary,
                options,
            } => {
                let known = *if_not_exists && self.find(name).is_some();
                if !known && !temporary {
                    self.create_sequence(name, options)?;
                }
                Ok(())
            }
            Statement::CreateSchema {
                name,
                owner,
                if_not_exists,
                elements,
            } => {
                self.create_schema(name, owner.as_ref(), *if_not_exists)?;
                self.fill_schema(name, elements)
            }
            Statement::CreateExtension {
                name,
                schema,
                version,
                ..
            } => self.create_extension(name, schema.as_ref(), version.as_ref()),
            Statement::CreateType { name, shape } => self.create_type(name, shape),
            Statement::CreateFunction(function) => self.create_function(function),
            Statement::CreateTrigger(trigger) => self.create_trigger(trigger),
            Statement::AlterRelation {
                name,
                if_exists,
                only,
                actions,
                ..
            } => self.alter_relation(name, *if_exists, *only, actions),
            Statement::AlterOther {
                kind,
                name,
                arguments,
                changes,
                ..
            } => (changes.iter())
                .try_for_each(|change| self.alter_other(*kind, name, arguments.as_deref(), change)),
            Statement::RenameTrigger { table, name, to } => {
                let place = self.relation(table)?;
                if self.rel_mut(place)?.triggers.rename(name, to) {
                    return Ok(());
                }
                Err(format!("there is no trigger {name}"))
            }
            Statement::Drop {
                kind,
                names,
                on,
                if_exists,
                cascade,
                ..
            } => {
                let on = on.as_deref().filter(|_| *kind == ObjectKind::Trigger);
                for object in names {
                    if let Some(trigger) = on {
                        self.drop_trigger(trigger, &object.name, *if_exists)?;
                        continue;
                    }
                    let types = object.arguments.as_deref();
                    let types = types.map(|types| self.print_types(types));
                    self.drop(*kind, &object.name, types.as_deref(), *if_exists, *cascade)?;
                }
                Ok(())
            }
            Statement::Set { name, values, .. } => {
                self.set(name, values);
                Ok(())
            }
            Statement::Rights(rights) => self.rights(rights),
            Statement::Select(select) => self.select(select),
            Statement::Do { .. } | Statement::Call { .. } | Statement::Execute { .. } => {
                Err("what this runs is not followed".to_owned())
            }
            Statement::DropOwned { .. } => Err("DROP OWNED is not followed".to_owned()),
            Statement::MoveAll { .. } => {
                Err("ALTER … ALL IN TABLESPACE is not followed".to_owned())
            }
            Statement::ImportForeignSchema { .. } => {
                Err("what is imported is not known".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn create_extension(
        &mut self,
        name: &str,
        schema: Option<&String>,
        version: Option<&String>,
    ) -> Done {
        let home = Name {
            schema: schema.cloned(),
            name: name.to_owned(),
        };
        let schema = match name {
            "plpgsql" => "pg_catalog".to_owned(),
            _ => self.home(&home)?,
        };
        let version = version.cloned();
        let extension = Extension { schema, version };
        Arc::make_mut(&mut self.extensions).insert(name, extension);
        Ok(())
    }

    /// What is made in a schema with it, which is found in it first.
    fn fill_schema(&mut self, name: &str, elements: &[Spanned<Statement>]) -> Done {
        if elements.is_empty() {
            return Ok(());
        }
        let path = self.search_path.clone();
        self.search_path.insert(0, name.to_owned());
        let done = elements.iter().try_for_each(|element| self.apply(element));
        self.search_path = path;
        done
    }

    fn create_schema(&mut self, name: &str, owner: Option<&String>, if_not_exists: bool) -> Done {
        if self.schemas.get(name).is_some() {
            // Dumps of older versions create public, which every database has.
            return if if_not_exists || name == "public" {
                Ok(())
            } else {
                Err(format!("schema {name} exists already"))
            };
        }
        let schema = Schema {
            oid: self.oid(),
            owner: owner.or(self.role.as_ref()).cloned(),
            public_create: false,
        };
        Arc::make_mut(&mut self.schemas).insert(name, schema);
        Ok(())
    }

    fn alter_other(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        types: Option<&[TypeName]>,
        change: &OtherChange,
    ) -> Done {
        match (kind, change) {
            (ObjectKind::Schema, OtherChange::Owner(owner)) => {
                let schema = Arc::make_mut(&mut self.schemas).get_mut(&name.name);
                let schema = schema.ok_or_else(|| format!("there is no schema {}", name.name))?;
                schema.owner = Some(owner.clone());
                Ok(())
            }
            (ObjectKind::Extension, OtherChange::Version(version)) => {
                if let Some(extension) = Arc::make_mut(&mut self.extensions).get_mut(&name.name) {
                    extension.version.clone_from(version);
                }
                Ok(())
            }
            (ObjectKind::Extension, OtherChange::SetSchema(schema)) => {
                if let Some(extension) = Arc::make_mut(&mut self.extensions).get_mut(&name.name) {
                    extension.schema.clone_from(schema);
                }
                Ok(())
            }
            (kind, change) if kind.is_type() => self.alter_type(name, change),
            (ObjectKind::Schema, OtherChange::Rename(to)) => self.rename_schema(&name.name, to),
            (kind, change) if kind.is_routine() => {
                let types = types.map(|types| self.print_types(types));
                for at in self.functions_of(name, types.as_deref()) {
                    if let Some(function) = self.functions.get_mut(at) {
                        alter_function(function, change)?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, name: &str, values: &[String]) {
        let mut session = self.session();
        session.set(name, values);
        self.resume(&session);
    }

    fn rights(&mut self, rights: &Rights) -> Done {
        let says = |word: &str| {
            let mut said = rights.privileges.iter();
            said.any(|said| said == "all" || said == word)
        };
        let kind = match rights.kind {
            Some(ObjectKind::Schema) if says("create") => ObjectKind::Schema,
            Some(kind) if kind.is_routine() && says("execute") => ObjectKind::Function,
            _ => return Ok(()),
        };
        if !rights.roles.iter().any(|role| role == "public") {
            return Ok(());
        }
        if rights.all_in_schema {
            return Err("rights on all functions of a schema are not followed".to_owned());
        }
        for object in &rights.names {
            if kind == ObjectKind::Schema {
                let schemas = Arc::make_mut(&mut self.schemas);
                if let Some(schema) = schemas.get_mut(&object.name.name) {
                    schema.public_create = rights.granted;
                }
                continue;
            }
            let types = object.arguments.as_deref();
            let types = types.map(|types| self.print_types(types));
            for at in self.functions_of(&object.name, types.as_deref()) {
                if let Some(function) = self.functions.get_mut(at) {
                    function.public_execute = rights.granted;
                }
            }
        }
        Ok(())
    }

    /// A query is followed for the settings that it sets.
    fn select(&mut self, select: &Select) -> Done {
        for call in &select.reads.calls {
            match (call.name.name.as_str(), call.arguments.as_slice()) {
                ("set_config", [name, list, ..]) => {
                    let name = name.trim_matches('\'').to_ascii_lowercase();
                    let values = list.trim_matches('\'').split(',');
                    let values = values.map(|part| part.trim().trim_matches('"').to_owned());
                    self.set(&name, &values.collect::<Vec<_>>());
                }
                ("setval" | "nextval", _) => {}
                _ => {
                    let reason = "a query may change anything by the functions it calls";
                    return Err(reason.to_owned());
                }
            }
        }
        Ok(())
    }
}
