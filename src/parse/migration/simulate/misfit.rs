//! Statements that don't fit what they meet: what they make is there already, or they change
//! nothing. What they name and is not there the catalog tells when they are applied.

use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::catalog::{Catalog, Entity, Relation};
use crate::parse::ddl::statement::{Name, Statement};

/// How much of a statement doesn't fit what is there before it.
pub(super) fn count(catalog: &Catalog, statement: &Statement) -> usize {
    let made = |name: &Name| usize::from(is_made(catalog, name));
    match statement {
        Statement::CreateTable(table) => made(&table.name),
        Statement::CreateTableAs(table) => made(&table.name),
        Statement::CreateView(view) if !view.or_replace => made(&view.name),
        Statement::CreateSequence { name, .. } => made(name),
        Statement::CreateType { name, .. } => usize::from(catalog.find_type(name).is_some()),
        Statement::CreateIndex(index) => index.name.as_ref().map_or(0, |name| {
            made(&Name {
                schema: index.table.schema.clone(),
                name: name.clone(),
            })
        }),
        Statement::AlterRelation { name, actions, .. } => match relation(catalog, name) {
            Some(relation) => {
                let idle = actions
                    .iter()
                    .filter(|action| is_idle(relation, &action.of));
                idle.count()
            }
            None => 0,
        },
        Statement::Drop {
            kind,
            names,
            if_exists: true,
            ..
        } if catalog.complete && kind.is_relation() => {
            let gone = names
                .iter()
                .filter(|named| catalog.find(&named.name).is_none());
            gone.count()
        }
        _ => 0,
    }
}

/// Whether something of this name was made, not only named.
fn is_made(catalog: &Catalog, name: &Name) -> bool {
    match catalog.find(name) {
        Some(Entity::Relation(place)) => {
            (catalog.relations.get(place)).is_some_and(|known| !known.implied)
        }
        Some(_) => true,
        None => false,
    }
}

fn relation<'a>(catalog: &'a Catalog, name: &Name) -> Option<&'a Relation> {
    match catalog.find(name)? {
        Entity::Relation(place) => catalog.relations.get(place),
        _ => None,
    }
}

/// Whether an action finds done what it does.
fn is_idle(relation: &Relation, action: &Action) -> bool {
    let column = |name: &str| relation.columns.get(name);
    match action {
        Action::AddColumn(added, _) => column(&added.name).is_some_and(|known| !known.is_dropped),
        Action::DropColumn {
            name,
            if_exists: true,
            ..
        } => !relation.is_open() && column(name).is_none(),
        Action::AlterColumn(name, ColumnChange::NotNull(true)) => {
            column(name).is_some_and(|known| known.not_null)
        }
        Action::AlterColumn(
            name,
            ColumnChange::Type {
                of, using: None, ..
            },
        ) => {
            let same = |printed: &str| {
                let builtin = of.builtin().filter(|_| !of.serial);
                builtin.is_some_and(|builtin| of.print(builtin.printed) == printed)
            };
            column(name).is_some_and(|known| same(&known.of.printed))
        }
        Action::AddConstraint(added) => {
            let name = added.name.as_ref();
            name.is_some_and(|name| relation.constraints.get(name).is_some())
        }
        Action::SetPersistence(persistence) => relation.persistence == *persistence,
        _ => false,
    }
}
