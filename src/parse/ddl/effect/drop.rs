//! What `DROP` takes away.

use super::found::Target;
use super::partition;
use super::reader;
use super::referencing::referencing;
use super::sink::{Sink, thing, unknown};
use super::{index, object};
use crate::facts::quote;
use crate::parse::ddl::catalog::Entity;
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::Name;

/// The words of a `DROP`.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'n> {
    pub concurrently: bool,
    pub if_exists: bool,
    pub cascade: bool,
    /// All relations that it names: they go together, so that none is in the way of another.
    pub together: &'n [usize],
}

/// `DROP` of one object; `on` is the trigger, policy or rule where the name is that of its table.
pub(super) fn object(sink: &mut Sink, kind: ObjectKind, name: &Name, on: Option<&str>, how: How) {
    match kind {
        ObjectKind::Index => index::remove(sink, name, how),
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView => relation(sink, kind, name, how),
        ObjectKind::Sequence => sequence(sink, name, how),
        ObjectKind::Schema => schema(sink, name, how),
        ObjectKind::Type | ObjectKind::Domain => of_type(sink, kind, name, how),
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
            let (form, part) = match kind {
                ObjectKind::Trigger => ("drop trigger", "partition"),
                ObjectKind::Policy => ("drop policy", "partition"),
                _ => ("drop rule", "partition"),
            };
            let table = sink.table(name);
            let target = sink.target_of(&table, "table");
            let absent = kind == ObjectKind::Trigger
                && table.relation.is_some_and(|known| {
                    !known.implied && on.is_some_and(|name| known.triggers.get(name).is_none())
                });
            if absent && how.if_exists {
                return;
            }
            let effect = sink.add(form, "table", target);
            effect.object = on.map(ToOwned::to_owned);
            if absent {
                effect.fails("42704");
            }
            if kind == ObjectKind::Trigger {
                sink.add_below(form, part, table.place);
            }
        }
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => {
            let target = unknown(name, kind.word());
            said(sink, "drop function", "function", target, how);
            triggered(sink, name, how);
        }
        _ => {
            let (form, part) = match kind {
                ObjectKind::Database => ("drop database", "database"),
                ObjectKind::Extension => ("drop extension", "extension"),
                ObjectKind::Tablespace => ("drop tablespace", "tablespace"),
                ObjectKind::Publication => ("drop publication", "publication"),
                ObjectKind::Subscription => ("drop subscription", "subscription"),
                ObjectKind::Statistics => ("drop statistics", "statistics"),
                _ => ("drop object", "object"),
            };
            said(sink, form, part, unknown(name, kind.word()), how);
        }
    }
}

fn said(sink: &mut Sink, form: &'static str, part: &'static str, target: Target, how: How) {
    let effect = sink.add(form, part, target);
    if how.if_exists {
        effect.with("if_exists", true);
    }
    if how.cascade {
        effect.with("cascade", true);
    }
}

/// Triggers go with their function.
fn triggered(sink: &mut Sink, name: &Name, how: How) {
    let schema = sink.catalog.home(name).unwrap_or_default();
    let call = format!(" EXECUTE FUNCTION {}(", quote::name(&schema, &name.name));
    let tables = sink.catalog.relations.iter().filter(|(_, known)| {
        let mut triggers = known.triggers.iter();
        triggers.any(|(_, _, trigger)| trigger.after.contains(&call))
    });
    let tables: Vec<usize> = tables.map(|(place, _)| place).collect();
    if tables.is_empty() {
        return;
    }
    if !how.cascade {
        if let Some(effect) = sink.found.last_mut() {
            effect.fails("2BP01");
        }
        return;
    }
    for place in tables {
        sink.add_place("drop function", "table", place);
    }
}

fn relation(sink: &mut Sink, kind: ObjectKind, name: &Name, how: How) {
    let table = sink.table(name);
    let (form, part) = match table.relation.map(|known| known.kind) {
        Some("view") => ("drop view", "view"),
        Some("materialized view") => ("drop materialized view", "materialized view"),
        Some(_) => ("drop table", "table"),
        None => match kind {
            ObjectKind::View => ("drop view", "view"),
            ObjectKind::MaterializedView => ("drop materialized view", "materialized view"),
            _ => ("drop table", "table"),
        },
    };
    let target = sink.target_of(&table, kind.word());
    if table.place.is_none() && sink.catalog.complete {
        let effect = sink.add("drop table absent", "table", target);
        effect.with("if_exists", how.if_exists);
        if !how.if_exists {
            effect.fails("42P01");
        }
        return;
    }
    said(sink, form, part, target, how);
    let (Some(place), Some(known)) = (table.place, table.relation) else {
        return;
    };
    let mut views = reader::readers(sink.catalog, place, None);
    views.retain(|view| !how.together.contains(view));
    if !views.is_empty() {
        if how.cascade {
            reader::drop_with(sink, form, views);
        } else if let Some(effect) = sink.found.last_mut() {
            effect.with("views", reader::names(sink.catalog, &views));
            effect.fails("2BP01");
        }
    }
    let heirs = (known.children.iter())
        .filter(|at| !how.together.contains(at))
        .filter_map(|at| sink.catalog.relations.get(*at));
    if !how.cascade
        && heirs.filter(|heir| heir.partition_of.is_none()).count() > 0
        && let Some(effect) = sink.found.last_mut()
    {
        effect.fails("2BP01");
    }
    below(sink, form, place);
    let parent = known.partition_of;
    if let Some(parent) = parent {
        sink.add_place(form, "parent", parent);
        if let Some(default) = partition::default_of(sink, parent).filter(|d| *d != place) {
            sink.add_place(form, "default partition", default);
        }
    }
    let mut gone = sink.catalog.descendants(place).unwrap_or_default();
    gone.push(place);
    let mut others = Vec::new();
    for place in &gone {
        others.extend(partition::references(sink, *place));
    }
    others.sort_unstable();
    others.dedup();
    others.retain(|other| !gone.contains(other));
    for other in others {
        sink.add_place(form, "referenced", other);
    }
    let mut by = referencing(sink.catalog, place, None);
    by.retain(|other| !gone.contains(other) && !how.together.contains(other));
    if by.is_empty() {
        return;
    }
    let names: Vec<String> = (by.iter())
        .filter_map(|at| Some(sink.catalog.relations.get(*at)?.name.clone()))
        .collect();
    let action = sink.action;
    if let Some(effect) = (sink.found.iter_mut()).find(|e| e.action == action && e.part == part) {
        effect.with("referenced_by", names);
        if !how.cascade {
            effect.fails("2BP01");
        }
    }
    for other in by {
        sink.add_place(form, "referencing", other);
    }
}

/// Partitions, sequences and indexes that go with a table.
fn below(sink: &mut Sink, form: &'static str, place: usize) {
    sink.add_below(form, "partition", Some(place));
    let owned = sink
        .catalog
        .relations
        .get(place)
        .map(|known| known.sequences.clone());
    for at in owned.unwrap_or_default() {
        if let Some(target) = sink.sequence_target(at) {
            sink.add(form, "sequence", target);
        }
    }
}

fn sequence(sink: &mut Sink, name: &Name, how: How) {
    let target = match sink.catalog.find(name) {
        Some(Entity::Sequence(at)) => sink.sequence_target(at),
        _ => None,
    };
    said(
        sink,
        "drop sequence",
        "sequence",
        target.unwrap_or_else(|| unknown(name, "sequence")),
        how,
    );
}

fn schema(sink: &mut Sink, name: &Name, how: How) {
    let held = |schema: &String| *schema == name.name;
    let relations = sink
        .catalog
        .relations
        .iter()
        .filter(|(_, known)| held(&known.schema));
    let relations: Vec<(usize, &'static str)> = relations
        .map(|(place, known)| (place, known.kind))
        .collect();
    let known = sink.catalog.schemas.get(&name.name);
    let is_new = known.is_some_and(|known| known.oid > 0 && sink.is_new(known.oid));
    let empty = relations.is_empty() && (is_new || sink.catalog.complete || !how.cascade);
    let form = if empty {
        "drop schema empty"
    } else {
        "drop schema"
    };
    let oid = known.map(|known| known.oid).filter(|oid| *oid > 0);
    let target = Target {
        oid,
        ..thing(&name.name, "schema")
    };
    said(sink, form, "schema", target, how);
    if !how.cascade {
        if !relations.is_empty()
            && let Some(effect) = sink.found.last_mut()
        {
            effect.fails("2BP01");
        }
        return;
    }
    for (place, kind) in relations {
        let part = if kind == "view" { "view" } else { "table" };
        sink.add_place("drop schema", part, place);
    }
}

fn of_type(sink: &mut Sink, kind: ObjectKind, name: &Name, how: How) {
    let known = sink.catalog.find_type(name).cloned();
    let target = Target {
        schema: known.as_ref().map(|known| known.schema.clone()),
        oid: known.as_ref().map(|known| known.oid),
        ..unknown(name, kind.word())
    };
    let users = known
        .map(|known| object::columns_of_type(sink.catalog, &known))
        .unwrap_or_default();
    said(sink, "drop type", "type", target, how);
    if !how.cascade && !users.is_empty() {
        if let Some(effect) = sink.found.last_mut() {
            effect.fails("2BP01");
        }
        return;
    }
    for (place, column) in users {
        if let Some(effect) = sink.add_place("drop type", "column", place) {
            effect.of_column(&column);
        }
    }
}
