//! Types and domains that users make, and what `ALTER` does to them.

use std::sync::Arc;

use super::catalog::{Catalog, Done};
use super::model::{self, DomainCheck, Label, Shape, Type, UserType};
use super::named::Named;
use crate::parse::ddl::action::{OtherChange, Place};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::{Domain, Name, TypeShape};
use crate::parse::ddl::type_name::user_type;

impl Catalog {
    pub(super) fn create_type(&mut self, name: &Name, shape: &TypeShape) -> Done {
        let schema = self.home(name)?;
        let (length, alignment, storage, class) = match shape {
            TypeShape::Enum(_) => (Some(4), Some("i"), Some("p"), Some("enum")),
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
        if let TypeShape::Domain(domain) = shape {
            of = self.resolve(&domain.base);
            of.oid = None;
            of.collation = domain.collation.clone().or(of.collation);
        }
        of.printed = user_type(&schema, &name.name);
        of.modifiers = None;
        of.user = Some(Arc::new((schema.clone(), name.name.clone())));
        let shape = match shape {
            TypeShape::Enum(labels) => {
                let mut known = Vec::new();
                for name in labels {
                    let oid = self.oid();
                    let name = name.clone();
                    known.push(Label { name, oid });
                }
                Shape::Enum(known)
            }
            TypeShape::Composite(columns) => Shape::Composite(columns.clone()),
            TypeShape::Range(of) => Shape::Range(self.resolve(of)),
            TypeShape::Domain(domain) => Shape::Domain(self.domain(&name.name, domain)),
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

    fn domain(&self, name: &str, said: &Domain) -> model::Domain {
        let mut domain = model::Domain {
            over: self.resolve(&said.base),
            not_null: said.not_null.is_some(),
            default: said.default.clone(),
            checks: Named::default(),
        };
        for check in &said.checks {
            add_check(name, &mut domain, check);
        }
        domain
    }

    /// Does to a type or domain what ALTER says.
    pub(super) fn alter_type(&mut self, name: &Name, change: &OtherChange) -> Done {
        let Some(known) = self.find_type(name).cloned() else {
            return if self.excuses_unknown() {
                Ok(())
            } else {
                Err(format!("there is no type {}", name.name))
            };
        };
        let mut made = UserType::clone(&known);
        match change {
            OtherChange::Rename(to) => return self.move_type(&made, &known.schema, to),
            OtherChange::SetSchema(to) => return self.move_type(&made, to, &known.name),
            _ => {}
        }
        match &mut made.shape {
            Shape::Enum(labels) => self.alter_enum(labels, change)?,
            Shape::Composite(columns) => match change {
                OtherChange::AddAttribute(column) => columns.push((**column).clone()),
                OtherChange::DropAttribute(name, _) => columns.retain(|known| known.name != *name),
                OtherChange::AlterAttribute(name, of) => {
                    let found = columns.iter_mut().find(|known| known.name == *name);
                    if let Some(column) = found {
                        column.type_name = Some(of.clone());
                    }
                }
                OtherChange::RenameAttribute(name, to) => {
                    let found = columns.iter_mut().find(|known| known.name == *name);
                    if let Some(column) = found {
                        column.name.clone_from(to);
                    }
                }
                _ => {}
            },
            Shape::Domain(domain) => alter_domain(&known.name, domain, change)?,
            Shape::Range(_) | Shape::Base => {}
        }
        self.types
            .insert(&known.schema, &known.name, Arc::new(made));
        Ok(())
    }

    fn alter_enum(&mut self, labels: &mut Vec<Label>, change: &OtherChange) -> Done {
        match change {
            OtherChange::AddValue {
                label,
                if_not_exists,
                place,
            } => {
                if labels.iter().any(|known| known.name == *label) {
                    return if *if_not_exists {
                        Ok(())
                    } else {
                        Err(format!("value {label} exists already"))
                    };
                }
                let at = |name: &str| labels.iter().position(|known| known.name == name);
                let at = match place {
                    Some(Place::Before(name)) => at(name),
                    Some(Place::After(name)) => at(name).map(|at| at + 1),
                    None => None,
                };
                let at = at.unwrap_or(labels.len());
                let oid = self.oid();
                self.last_label = oid;
                let name = label.clone();
                labels.insert(at, Label { name, oid });
            }
            OtherChange::RenameValue(name, to) => {
                match labels.iter_mut().find(|known| known.name == *name) {
                    Some(label) => label.name.clone_from(to),
                    None => return Err(format!("there is no value {name}")),
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn move_type(&mut self, made: &UserType, schema: &str, name: &str) -> Done {
        if self.types.get(schema, name).is_some() {
            return Err(format!("type {name} exists already"));
        }
        let (old, printed) = (made.of.user.clone(), made.of.printed.clone());
        let mut made = made.clone();
        self.types.remove(&made.schema, &made.name);
        schema.clone_into(&mut made.schema);
        name.clone_into(&mut made.name);
        made.of.printed = user_type(schema, name);
        made.of.user = Some(Arc::new((schema.to_owned(), name.to_owned())));
        let (new, shown) = (made.of.user.clone(), made.of.printed.clone());
        self.types.insert(schema, name, Arc::new(made));
        let uses = |of: &Type| of.user.is_some() && of.user == old;
        let places = self.relations.iter().filter(|(_, relation)| {
            let mut columns = relation.columns.iter();
            columns.any(|(_, _, column)| uses(&column.of))
        });
        for place in places.map(|(place, _)| place).collect::<Vec<_>>() {
            let columns = self.rel_mut(place)?.columns.values_mut();
            for column in columns.filter(|column| uses(&column.of)) {
                column.of.printed = column.of.printed.replacen(&printed, &shown, 1);
                column.of.user.clone_from(&new);
            }
        }
        Ok(())
    }
}

fn alter_domain(name: &str, domain: &mut model::Domain, change: &OtherChange) -> Done {
    match change {
        OtherChange::NotNull(on) => domain.not_null = *on,
        OtherChange::Default(default) => domain.default.clone_from(default),
        OtherChange::AddConstraint(constraint) => add_check(name, domain, constraint),
        OtherChange::DropConstraint(name, if_exists) => {
            let gone = domain.checks.remove(name).is_some();
            if !gone && !if_exists {
                return Err(format!("there is no constraint {name}"));
            }
        }
        OtherChange::ValidateConstraint(name) => match domain.checks.get_mut(name) {
            Some(check) => check.not_valid = false,
            None => return Err(format!("there is no constraint {name}")),
        },
        OtherChange::RenameConstraint(name, to) => {
            domain.checks.rename(name, to);
        }
        _ => {}
    }
    Ok(())
}

fn add_check(name: &str, domain: &mut model::Domain, said: &TableConstraint) {
    match &said.kind {
        ConstraintKind::Check(..) => {
            let mut chosen = said.name.clone().unwrap_or_else(|| format!("{name}_check"));
            let base = chosen.clone();
            let mut number = 0;
            while domain.checks.get(&chosen).is_some() {
                number += 1;
                chosen = format!("{base}{number}");
            }
            let check = DomainCheck {
                not_valid: said.not_valid,
            };
            domain.checks.insert(&chosen, check);
        }
        ConstraintKind::NotNull(_) => domain.not_null = true,
        _ => {}
    }
}
