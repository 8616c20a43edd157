//! Statements, one after the other.

use super::catalog::{Catalog, Done};
use super::model::{Constraint, Extension, Function, Rule, Schema, Trigger, Type};
use crate::facts::quote;
use crate::parse::ddl::action::OtherChange;
use crate::parse::ddl::statement::{
    CreateFunction, CreateTrigger, Name, ObjectKind, Statement, TypeShape,
};
use crate::parse::ddl::type_name::{TypeName, user_type};

impl Catalog {
    /// Does what a statement says; the reason is given where that cannot be.
    pub fn apply(&mut self, statement: &Statement) -> Done {
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
                self.extensions.insert(name, Extension { schema, version });
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
        self.schemas.insert(name, schema);
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
        let key = (schema, name.name.clone());
        if let TypeShape::Composite(columns) = shape {
            self.composites.insert(key.clone(), columns.clone());
        }
        self.types.insert(key, of);
        Ok(())
    }

    fn print_types(&self, types: &[TypeName]) -> Vec<String> {
        types.iter().map(|of| self.resolve(of).printed).collect()
    }

    fn create_function(&mut self, said: &CreateFunction) -> Done {
        let schema = self.home(&said.name)?;
        let print = |(before, of): &(String, TypeName)| {
            let plain = TypeName {
                modifiers: None,
                ..of.clone()
            };
            (before.clone(), self.resolve(&plain).printed)
        };
        let arguments: Vec<(String, String)> = said.arguments.iter().map(print).collect();
        let printed = arguments.iter().map(|(before, of)| format!("{before}{of}"));
        let function_arguments = printed.collect::<Vec<_>>().join(", ");
        let inputs = arguments.into_iter();
        let inputs = inputs.filter(|(before, _)| !before.starts_with("OUT "));
        let function = Function {
            schema: schema.clone(),
            name: said.name.name.clone(),
            kind: said.kind,
            arguments: function_arguments,
            types: inputs.map(|(_, of)| of).collect(),
            owner: self.role.clone(),
            security_definer: said.security_definer,
            search_path: said.search_path.clone(),
            public_execute: true,
        };
        let name = Name {
            schema: Some(schema.clone()),
            name: said.name.name.clone(),
        };
        let known = self.functions_of(&name, Some(&function.types));
        if let Some(Some(old)) = known.first().and_then(|at| self.functions.get_mut(*at)) {
            if !said.or_replace {
                return Err(format!("function {} exists already", said.name.name));
            }
            let (owner, public) = (old.owner.clone(), old.public_execute);
            *old = Function {
                owner,
                public_execute: public,
                ..function
            };
            return Ok(());
        }
        let place = self.functions.len();
        self.functions.push(Some(function));
        let key = (schema, said.name.name.clone());
        self.functions_by_name.entry(key).or_default().push(place);
        Ok(())
    }

    /// Functions of that name, and with these arguments if they are said.
    pub(super) fn functions_of(&self, name: &Name, types: Option<&[String]>) -> Vec<usize> {
        let Ok(schema) = self.home(name) else {
            return Vec::new();
        };
        let found = self.functions_by_name.get(&(schema, name.name.clone()));
        let live = found.into_iter().flatten().copied().filter(|at| {
            let function = self.functions.get(*at).and_then(Option::as_ref);
            function.is_some_and(|known| types.is_none_or(|types| known.types == types))
        });
        live.collect()
    }

    fn create_trigger(&mut self, said: &CreateTrigger) -> Done {
        let place = self.relation(&said.table)?;
        let function = match &said.function.schema {
            Some(_) => said.function.quoted(),
            None => quote::name(&self.home(&said.function)?, &said.function.name),
        };
        let between = match said.between.as_str() {
            "" => "FOR EACH STATEMENT".to_owned(),
            between => between.to_owned(),
        };
        let trigger = Trigger {
            enabled: "origin",
            before: said.before.clone(),
            after: format!("{between} EXECUTE FUNCTION {function}{}", said.arguments),
            for_each_row: said.for_each_row,
            inherited: false,
        };
        if self.rel(place)?.triggers.get(&said.name).is_some() && !said.or_replace {
            return Err(format!("trigger {} exists already", said.name));
        }
        if said
            .before
            .get(..10)
            .is_some_and(|word| word.eq_ignore_ascii_case("constraint"))
        {
            let constraint = Constraint {
                oid: 0,
                rule: Rule::Trigger,
                deferrable: between.to_ascii_uppercase().contains("DEFERRABLE"),
                deferred: between.to_ascii_uppercase().contains("INITIALLY DEFERRED"),
                not_valid: false,
                not_enforced: false,
                no_inherit: true,
                inherited: false,
            };
            self.enter_constraint(place, &said.name, constraint)?;
        }
        let row = said.for_each_row && self.rel(place)?.is_partitioned();
        self.rel_mut(place)?
            .triggers
            .insert(&said.name, trigger.clone());
        if row {
            for child in self.descendants(place)? {
                self.inherit_trigger(child, &said.name, &trigger)?;
            }
        }
        Ok(())
    }

    /// Gives a partition a trigger of its partitioned table. Until 14 such ones count as the
    /// server's own.
    pub(super) fn inherit_trigger(&mut self, child: usize, name: &str, trigger: &Trigger) -> Done {
        self.copied()?;
        let copy = Trigger {
            inherited: true,
            ..trigger.clone()
        };
        let triggers = &mut self.rel_mut(child)?.triggers;
        if triggers.get(name).is_none() {
            triggers.insert(name, copy);
        }
        Ok(())
    }

    fn drop_trigger(&mut self, name: &str, table: &Name, if_exists: bool) -> Done {
        let place = match self.relation(table) {
            Ok(place) => place,
            Err(_) if if_exists => return Ok(()),
            Err(error) => return Err(error),
        };
        let gone = self.rel_mut(place)?.triggers.remove(name);
        if gone.is_none() && !if_exists {
            return Err(format!("there is no trigger {name}"));
        }
        self.each_descendant(place, |relation| {
            if relation
                .triggers
                .get(name)
                .is_some_and(|known| known.inherited)
            {
                relation.triggers.remove(name);
            }
        })
    }

    fn alter_other(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        types: Option<&[TypeName]>,
        change: &OtherChange,
    ) -> Done {
        match (kind, change) {
            (_, OtherChange::Ignored) => Ok(()),
            (ObjectKind::Schema, OtherChange::Owner(owner)) => {
                let schema = self.schemas.get_mut(&name.name);
                let schema = schema.ok_or_else(|| format!("there is no schema {}", name.name))?;
                schema.owner = Some(owner.clone());
                Ok(())
            }
            (ObjectKind::Extension, OtherChange::Version(version)) => {
                if let Some(extension) = self.extensions.get_mut(&name.name) {
                    extension.version = Some(version.clone());
                }
                Ok(())
            }
            (ObjectKind::Extension, OtherChange::SetSchema(schema)) => {
                if let Some(extension) = self.extensions.get_mut(&name.name) {
                    extension.schema.clone_from(schema);
                }
                Ok(())
            }
            (ObjectKind::Function, change) => {
                let types = types.map(|types| self.print_types(types));
                for at in self.functions_of(name, types.as_deref()) {
                    if let Some(Some(function)) = self.functions.get_mut(at) {
                        alter_function(function, change)?;
                    }
                }
                Ok(())
            }
            (ObjectKind::Type, OtherChange::Owner(_)) => Ok(()),
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
            if let Some(schema) = self.schemas.get_mut(&name.name) {
                schema.public_create = granted;
            }
            return;
        }
        let types = types.map(|types| self.print_types(types));
        for at in self.functions_of(name, types.as_deref()) {
            if let Some(Some(function)) = self.functions.get_mut(at) {
                function.public_execute = granted;
            }
        }
    }
}

fn alter_function(function: &mut Function, change: &OtherChange) -> Done {
    match change {
        OtherChange::Owner(owner) => function.owner = Some(owner.clone()),
        OtherChange::Function {
            security_definer,
            search_path,
        } => {
            function.security_definer = security_definer.unwrap_or(function.security_definer);
            if let Some(path) = search_path {
                function.search_path.clone_from(path);
            }
        }
        _ => return Err("this change of a function is not followed".to_owned()),
    }
    Ok(())
}
