//! Functions and triggers.

use super::catalog::{Catalog, Done};
use super::model::{Constraint, Function, Rule, Trigger};
use crate::facts::quote;
use crate::parse::ddl::action::OtherChange;
use crate::parse::ddl::statement::{CreateFunction, CreateTrigger, Name};
use crate::parse::ddl::type_name::TypeName;
use crate::parse::ddl::volatility::Volatility;

impl Catalog {
    pub(super) fn print_types(&self, types: &[TypeName]) -> Vec<String> {
        types.iter().map(|of| self.resolve(of).printed).collect()
    }

    pub(super) fn create_function(&mut self, said: &CreateFunction) -> Done {
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
            volatility: said.volatility.unwrap_or(Volatility::Volatile),
            public_execute: true,
        };
        let name = Name {
            schema: Some(schema.clone()),
            name: said.name.name.clone(),
        };
        let known = self.functions_of(&name, Some(&function.types));
        if let Some(old) = known.first().and_then(|at| self.functions.get_mut(*at)) {
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
        let place = self.functions.push(function);
        let mut places = (self.functions_by_name.get(&schema, &said.name.name)).cloned();
        places.get_or_insert_default().push(place);
        if let Some(places) = places {
            self.functions_by_name
                .insert(&schema, &said.name.name, places);
        }
        Ok(())
    }

    /// Functions of that name, and with these arguments if they are said.
    pub(super) fn functions_of(&self, name: &Name, types: Option<&[String]>) -> Vec<usize> {
        let Ok(schema) = self.home(name) else {
            return Vec::new();
        };
        let found = self.functions_by_name.get(&schema, &name.name);
        let live = found.into_iter().flatten().copied().filter(|at| {
            let function = self.functions.get(*at);
            function.is_some_and(|known| types.is_none_or(|types| known.types == types))
        });
        live.collect()
    }

    /// How the functions of that name may change their values: the worst of them.
    pub fn volatility_of(&self, name: &Name) -> Option<Volatility> {
        let places = self.functions_of(name, None).into_iter();
        let known = places.filter_map(|at| self.functions.get(at));
        known.map(|function| function.volatility).max()
    }

    pub(super) fn create_trigger(&mut self, said: &CreateTrigger) -> Done {
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

    pub(super) fn drop_trigger(&mut self, name: &str, table: &Name, if_exists: bool) -> Done {
        let place = match self.relation(table) {
            Ok(place) => place,
            Err(_) if if_exists => return Ok(()),
            Err(error) => return Err(error),
        };
        let gone = self.rel_mut(place)?.triggers.remove(name);
        if gone.is_none() && !if_exists && !self.excuses(place) {
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
}

/// Does to a function what ALTER says.
pub(super) fn alter_function(function: &mut Function, change: &OtherChange) -> Done {
    match change {
        OtherChange::Owner(owner) => function.owner = Some(owner.clone()),
        OtherChange::Function {
            security_definer,
            search_path,
            volatility,
        } => {
            function.volatility = volatility.unwrap_or(function.volatility);
            function.security_definer = security_definer.unwrap_or(function.security_definer);
            if let Some(path) = search_path {
                function.search_path.clone_from(path);
            }
        }
        _ => return Err("this change of a function is not followed".to_owned()),
    }
    Ok(())
}
