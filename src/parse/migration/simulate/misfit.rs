//! Statements that don't fit what they meet: what they make is there already, or they change
//! nothing. What they name and is not there the catalog tells when they are applied.

use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::catalog::{Catalog, Entity, Relation};
use crate::parse::ddl::statement::{Name, Spanned, Statement};

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
                let idle = actions.iter().filter(|action| {
                    is_idle(relation, &action.of) && !replaces(&action.of, actions)
                });
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

/// Whether it could be seen that a statement was run before: it makes or changes what was there
/// before the file (objects from `mark` on were not), and not something that is not kept.
pub(super) fn shows(catalog: &Catalog, statement: &Statement, mark: i64) -> bool {
    match statement {
        Statement::CreateTable(table) => table.persistence != "temporary",
        Statement::CreateTableAs(table) => table.persistence != "temporary",
        Statement::CreateView(view) => !view.or_replace && !view.temporary,
        Statement::CreateSequence { temporary, .. } => !temporary,
        Statement::CreateType { .. } => true,
        Statement::CreateIndex(index) => {
            index.name.is_some()
                && relation(catalog, &index.table).is_none_or(|known| known.oid < mark)
        }
        Statement::AlterRelation { name, actions, .. } => {
            relation(catalog, name).is_none_or(|known| known.oid < mark)
                && actions.iter().any(|action| leaves_mark(&action.of))
        }
        Statement::Drop { kind, .. } => kind.is_relation(),
        _ => false,
    }
}

/// Whether an action can be seen in the catalog afterwards.
fn leaves_mark(action: &Action) -> bool {
    match action {
        Action::AddColumn(..)
        | Action::DropColumn { .. }
        | Action::RenameColumn(..)
        | Action::DropConstraint { .. }
        | Action::RenameConstraint(..)
        | Action::Rename(_)
        | Action::SetSchema(_)
        | Action::Attach(..)
        | Action::AlterColumn(_, ColumnChange::Type { .. } | ColumnChange::NotNull(_)) => true,
        Action::AddConstraint(added) => added.name.is_some(),
        _ => false,
    }
}

/// Whether a statement makes what the base has already.
pub(super) fn is_in_base(catalog: &Catalog, statement: &Statement) -> bool {
    let known = |name: &Name| relation(catalog, name).is_some_and(|r| r.facts_id.is_some());
    match statement {
        Statement::CreateTable(table) => known(&table.name),
        Statement::CreateTableAs(table) => known(&table.name),
        Statement::CreateView(view) => known(&view.name),
        _ => false,
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

/// Whether what an action adds takes the place of what another action of the statement drops.
fn replaces(action: &Action, all: &[Spanned<Action>]) -> bool {
    match action {
        Action::AddColumn(added, _) => all.iter().any(|other| {
            matches!(&other.of, Action::DropColumn { name, .. } if *name == added.name)
        }),
        Action::AddConstraint(added) => all.iter().any(|other| {
            matches!(&other.of, Action::DropConstraint { name, .. } if Some(name) == added.name.as_ref())
        }),
        _ => false,
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
