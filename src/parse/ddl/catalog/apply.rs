//! Statements, one after the other.

use std::sync::Arc;

use super::catalog::{Catalog, Done};
use super::model::{Domain, Extension, Schema, Shape, Type, UserType};
use super::named::Named;
use super::routines::alter_function;
use crate::parse::ddl::action::OtherChange;
use crate::parse::ddl::statement::{Name, ObjectKind, Statement, TypeShape};
use crate::parse::ddl::type_name::{TypeName, user_type};

impl Catalog {
    /// Does what a statement says; the reason is given where that cannot be. A lenient catalog
    /// does what it can all the same.
    pub fn apply(&mut self, statement: &Statement) -> Done {
        if !self.lenient {
            return self.follow(statement);
        }
        let missing = self.imply(statement);
        let done = self.follow(statement);
        match missing.filter(|_| self.complete) {
            Some(missing) => Err(missing),
            None => done,
        }
    }

    fn follow(&mut self, statement: &Statement) -> Done {
        match statement {
            Statement::CreateTable(table) => self.create_table(table),
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
            } => self.create_schema(name, owner.as_ref(), *if_not_exists),
            Statement::CreateExtension {
                name,
                schema,
                version,
            } => {
                let home = Name {
                    schema: schema.clone(),
                    name: name.clone(),
                };
                let schema = match name.as_str() {
                    "plpgsql" => "pg_catalog".to_owned(),
                    _ => self.home(&home)?,
                };
                let version = version.clone();
                let extension = Extension { schema, version };
                Arc::make_mut(&mut self.extensions).insert(name, extension);
                Ok(())
            }
            Statement::CreateType { name, shape } => self.create_type(name, shape),
            Statement::CreateFunction(function) => self.create_function(function),
            Statement::CreateTrigger(trigger) => self.create_trigger(trigger),
            Statement::AlterRelation {
                name,
                if_exists,
                only,
                actions,
            } => self.alter_relation(name, *if_exists, *only, actions),
            Statement::AlterOther {
                kind,
                name,
                arguments,
                change,
            } => self.alter_other(*kind, name, arguments.as_deref(), change),
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
            } => {
                for (name, types) in names {
                    if let Some(trigger) = on {
                        self.drop_trigger(trigger, name, *if_exists)?;
                        continue;
                    }
                    let types = types.as_deref().map(|types| self.print_types(types));
                    self.drop(*kind, name, types.as_deref(), *if_exists, *cascade)?;
                }
                Ok(())
            }
            Statement::Set { name, values } => {
                self.set(name, values);
                Ok(())
            }
            Statement::Rights {
                granted,
                kind,
                names,
            } => {
                for (name, types) in names {
                    self.rights(*granted, *kind, name, types.as_deref());
                }
                Ok(())
            }
            Statement::Ignored => Ok(()),
        }
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

    fn create_type(&mut self, name: &Name, shape: &TypeShape) -> Done {
        let schema = self.home(name)?;
        let (length, alignment, storage, class) = match shape {
            TypeShape::Enum => (Some(4), Some("i"), Some("p"), Some("enum")),
            TypeShape::Composite(_) => (Some(-1), Some("d"), Some("x"), Some("record")),
            TypeShape::Range(of) => {
                let of = self.resolve(of).alignment;
                let alignment = of.map(|of| if of == "d" { "d" } else { "i" });
                (Some(-1), alignment, Some("x"), Some("range"))
            }
            _ => (None, None, None, None),
        };
        let mut of = Type {
            length,
            alignment,
            storage,
            class,
            ..Type::default()
        };
        if let TypeShape::Domain(base, collation) = shape {
            of = self.resolve(base);
            of.oid = None;
            of.collation = collation.clone().or(of.collation);
        }
        of.printed = user_type(&schema, &name.name);
        of.modifiers = None;
        of.user = Some(Arc::new((schema.clone(), name.name.clone())));
        let shape = match shape {
            TypeShape::Enum => Shape::Enum(Vec::new()),
            TypeShape::Composite(columns) => Shape::Composite(columns.clone()),
            TypeShape::Range(of) => Shape::Range(self.resolve(of)),
            TypeShape::Domain(base, _) => Shape::Domain(Domain {
                over: self.resolve(base),
                not_null: false,
                checks: Named::default(),
            }),
            TypeShape::Base => Shape::Base,
        };
        let made = UserType {
            oid: self.oid(),
            schema,
            name: name.name.clone(),
            of,
            shape,
        };
        let (schema, name) = (made.schema.clone(), made.name.clone());
        self.types.insert(&schema, &name, Arc::new(made));
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
                    extension.version = Some(version.clone());
                }
                Ok(())
            }
            (ObjectKind::Extension, OtherChange::SetSchema(schema)) => {
                if let Some(extension) = Arc::make_mut(&mut self.extensions).get_mut(&name.name) {
                    extension.schema.clone_from(schema);
                }
                Ok(())
            }
            (_, OtherChange::Ignored) | (ObjectKind::Type, OtherChange::Owner(_)) => Ok(()),
            (ObjectKind::Function, change) => {
                let types = types.map(|types| self.print_types(types));
                for at in self.functions_of(name, types.as_deref()) {
                    if let Some(function) = self.functions.get_mut(at) {
                        alter_function(function, change)?;
                    }
                }
                Ok(())
            }
            _ => Err("this change is not followed".to_owned()),
        }
    }

    fn set(&mut self, name: &str, values: &[String]) {
        let value = values.first().filter(|value| !value.is_empty());
        match name {
            "search_path" if values.is_empty() => self.search_path = vec!["public".to_owned()],
            "search_path" => {
                let places = values.iter().filter(|place| !place.is_empty());
                self.search_path = places.cloned().collect();
            }
            "default_tablespace" => self.default_tablespace = value.cloned(),
            "default_table_access_method" => {
                let method = value.map_or("heap", String::as_str);
                method.clone_into(&mut self.default_access_method);
            }
            "role" => self.role = value.cloned(),
            _ => {}
        }
    }

    fn rights(&mut self, granted: bool, kind: ObjectKind, name: &Name, types: Option<&[TypeName]>) {
        if kind == ObjectKind::Schema {
            if let Some(schema) = Arc::make_mut(&mut self.schemas).get_mut(&name.name) {
                schema.public_create = granted;
            }
            return;
        }
        let types = types.map(|types| self.print_types(types));
        for at in self.functions_of(name, types.as_deref()) {
            if let Some(function) = self.functions.get_mut(at) {
                function.public_execute = granted;
            }
        }
    }
}
