//! What `ALTER TABLE` does, and the `ALTER` of views, indexes and sequences.

use std::ops::Range;

use super::sink::{Sink, Table, unknown};
use super::{column, constraint, constraint_change, partition};
use crate::parse::ddl::action::{Action, Detaching};
use crate::parse::ddl::catalog::{Entity, Relation};
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::{Name, OptionList, Spanned};

/// `ALTER` of a table, view, index or sequence: those of its actions that are `judged`, on the
/// state that those done before them leave.
pub(super) fn relation(
    sink: &mut Sink,
    (kind, name): (ObjectKind, &Name),
    if_exists: bool,
    only: bool,
    actions: &[Spanned<Action>],
    judged: Range<usize>,
) {
    let entity = sink.catalog.find(name);
    if entity.is_none() && sink.catalog.complete {
        if !if_exists {
            let target = unknown(name, kind.word());
            sink.add("alter object", "object", target).fails("42P01");
        }
        return;
    }
    // What statements name as an index or sequence is none of the tables that they imply.
    let implied = |place: usize| {
        let known = sink.catalog.relations.get(place);
        known.is_some_and(|known| known.implied)
    };
    let is_other = matches!(kind, ObjectKind::Index | ObjectKind::Sequence);
    let entity = entity.filter(|entity| match entity {
        Entity::Relation(place) => !(is_other && implied(*place)),
        _ => true,
    });
    for (n, action) in actions.iter().enumerate() {
        if !judged.contains(&n) {
            continue;
        }
        sink.next(n + 1, &action.span);
        match (entity, kind) {
            (Some(Entity::Index(at)), _) => index(sink, name, Some(at), action),
            (Some(Entity::Sequence(at)), _) => sequence(sink, name, Some(at), action),
            (None, ObjectKind::Index) => index(sink, name, None, action),
            (None, ObjectKind::Sequence) => sequence(sink, name, None, action),
            _ => {
                let table = sink.table(name);
                let is_view = table
                    .relation
                    .map_or(kind == ObjectKind::View, |known| known.kind == "view");
                if is_view {
                    view(sink, &table, action);
                } else {
                    let kind = if table.place.is_some() {
                        "table"
                    } else {
                        kind.word()
                    };
                    table_action(sink, &table, kind, only, action, actions);
                }
            }
        }
    }
}

fn index(sink: &mut Sink, name: &Name, at: Option<usize>, action: &Action) {
    let known = at.and_then(|at| sink.index_target(at));
    let target = known.unwrap_or_else(|| unknown(name, "index"));
    match action {
        Action::Rename(to) => {
            sink.add("rename index", "index", target).about(to);
        }
        Action::SetTablespace(to) => {
            sink.add("alter index tablespace", "index", target)
                .about(to);
            if let Some(index) = at.and_then(|at| sink.catalog.indexes.get(at)) {
                sink.add_place("alter index tablespace", "table", index.relation);
            }
        }
        Action::Attach(child, None) => {
            sink.add("attach index", "index", target).about(&child.name);
            if let Some(Entity::Index(child)) = sink.catalog.find(child)
                && let Some(target) = sink.index_target(child)
            {
                sink.add("attach index", "partition index", target);
            }
        }
        Action::SetOptions(_) | Action::ResetOptions(_) | Action::IndexStatistics(_) => {
            sink.add("alter index options", "index", target);
        }
        _ => {
            sink.add("alter index", "index", target);
        }
    }
}

fn sequence(sink: &mut Sink, name: &Name, at: Option<usize>, action: &Action) {
    let known = at.and_then(|at| sink.sequence_target(at));
    let target = known.unwrap_or_else(|| unknown(name, "sequence"));
    match action {
        Action::Rename(to) => {
            sink.add("rename sequence", "sequence", target).about(to);
        }
        Action::SetSchema(to) => {
            sink.add("set sequence schema", "sequence", target)
                .about(to);
        }
        Action::Owner(to) => {
            sink.add("owner", "sequence", target).about(to);
        }
        Action::SetPersistence(_) => {
            sink.add("set logged", "sequence", target);
        }
        _ => {
            sink.add("alter sequence", "sequence", target);
        }
    }
}

fn view(sink: &mut Sink, table: &Table, action: &Action) {
    let target = sink.target_of(table, "view");
    match action {
        Action::Rename(to) => {
            sink.add("rename view", "view", target).about(to);
        }
        Action::SetSchema(to) => {
            sink.add("set view schema", "view", target).about(to);
        }
        Action::RenameColumn(name, to) => {
            let effect = sink.add("rename column", "table", target);
            effect.of_column(name).about(to);
        }
        _ => {
            sink.add("alter view", "view", target);
        }
    }
}

#[allow(clippy::too_many_lines, reason = "one arm for each kind of action")]
fn table_action(
    sink: &mut Sink,
    table: &Table,
    kind: &'static str,
    only: bool,
    action: &Action,
    all: &[Spanned<Action>],
) {
    let below = (!only).then_some(table.place).flatten();
    let target = sink.target_of(table, kind);
    let simple = match action {
        Action::AddColumn(added, if_not_exists) => {
            return column::add(sink, table, added, *if_not_exists, below);
        }
        Action::DropColumn {
            name,
            if_exists,
            cascade,
        } => return column::remove(sink, table, name, (*if_exists, *cascade), below),
        Action::AlterColumn(name, change) => {
            return column::alter(sink, table, name, change, below, all);
        }
        Action::RenameColumn(name, to) => {
            return column::rename(sink, table, (name, to), below);
        }
        Action::AddConstraint(added) => return constraint::add(sink, table, added, below),
        Action::DropConstraint {
            name,
            if_exists,
            cascade,
        } => return constraint_change::remove(sink, table, name, (*if_exists, *cascade), below),
        Action::ValidateConstraint(name) => {
            return constraint_change::validate(sink, table, name, below);
        }
        Action::AlterConstraint { name, enforced, .. } => {
            return constraint_change::alter(sink, table, name, *enforced, below);
        }
        Action::RenameConstraint(name, to) => {
            let effect = sink.add("rename constraint", "table", target);
            effect.about(name).with("to", to.as_str());
            return sink.add_below("rename constraint", "partition", below);
        }
        Action::Attach(child, Some(bound)) => {
            return partition::attach(sink, table, child, bound);
        }
        Action::Detach(child, how) => {
            let form = match how {
                Detaching::Plain => "detach partition",
                Detaching::Concurrently => "detach partition concurrently",
                Detaching::Finalize => "detach partition finalize",
            };
            return partition::detach(sink, form, table, child);
        }
        Action::Inherit(parent, on) => {
            let form = if *on { "inherit" } else { "no inherit" };
            sink.add(form, "table", target).about(&parent.name);
            let parent = sink.table(parent);
            let target = sink.target_of(&parent, "table");
            sink.add(form, "parent", target);
            return;
        }
        Action::Rename(to) => {
            let name = Name {
                schema: table.relation.map(|known| known.schema.clone()),
                name: to.clone(),
            };
            let taken = table.place.is_some() && sink.catalog.find(&name).is_some();
            let effect = sink.add("rename table", "table", target).about(to);
            if taken {
                effect.fails("42P07");
            }
            return;
        }
        Action::SetSchema(to) => {
            sink.add("set schema", "table", target).about(to);
            return sequences(sink, "set schema", table);
        }
        Action::Owner(to) => {
            sink.add("owner", "table", target).about(to);
            return sequences(sink, "owner", table);
        }
        Action::SetTablespace(to) => {
            let partitioned = table.relation.is_some_and(Relation::is_partitioned);
            let is_there = table.relation.is_some_and(|known| {
                let place = known.tablespace.as_deref();
                !known.implied && place == Some(to.as_str()).filter(|to| *to != "pg_default")
            });
            let form = if partitioned {
                "set tablespace partitioned"
            } else if is_there {
                "set tablespace same"
            } else {
                "set tablespace"
            };
            sink.add(form, "table", target).about(to);
            return;
        }
        Action::SetAccessMethod(to) => {
            let known = table
                .relation
                .and_then(|known| known.access_method.as_ref());
            let partitioned = table.relation.is_some_and(Relation::is_partitioned);
            let form = if known == Some(to) || partitioned {
                "set access method same"
            } else {
                "set access method"
            };
            sink.add(form, "table", target).about(to);
            return;
        }
        Action::SetPersistence(to) => return persistence(sink, table, to),
        Action::SetOptions(options) => {
            let effect = sink.add(
                options_form(options.iter().map(|(name, _)| name)),
                "table",
                target,
            );
            effect.with("options", options_map(options));
            return;
        }
        Action::ResetOptions(names) => {
            let effect = sink.add(options_form(names.iter()), "table", target);
            effect.with("reset", names.as_slice());
            return;
        }
        Action::Trigger(name, state) => {
            let form = if *state == "disabled" {
                "disable trigger"
            } else {
                "enable trigger"
            };
            let effect = sink.add(form, "table", target);
            effect.about(name.as_deref().unwrap_or("all"));
            let partitioned = table.relation.is_some_and(Relation::is_partitioned);
            return sink.add_below(form, "partition", below.filter(|_| partitioned));
        }
        Action::Rule(name, state) => {
            let form = if *state == "disabled" {
                "disable rule"
            } else {
                "enable rule"
            };
            sink.add(form, "table", target).about(name);
            return;
        }
        Action::ClusterOn(_) => "cluster on",
        Action::ReplicaIdentity(..) => "replica identity",
        Action::RowSecurity(on) => {
            sink.add("row security", "table", target)
                .with("enabled", *on);
            return;
        }
        Action::ForceRowSecurity(on) => {
            sink.add("row security", "table", target)
                .with("forced", *on);
            return;
        }
        Action::OfType(_) => "of type",
        Action::ForeignOptions => "foreign options",
        Action::DependsOnExtension(..) => "depends on extension",
        Action::WithoutOids => "without oids",
        Action::Sequence(_) | Action::Attach(_, None) | Action::IndexStatistics(_) => {
            "alter object"
        }
    };
    sink.add(simple, "table", target);
}

/// Sequences go where their table goes.
fn sequences(sink: &mut Sink, form: &'static str, table: &Table) {
    let owned = table.relation.map(|known| known.sequences.clone());
    for at in owned.unwrap_or_default() {
        if let Some(target) = sink.sequence_target(at) {
            sink.add(form, "sequence", target);
        }
    }
}

fn persistence(sink: &mut Sink, table: &Table, to: &'static str) {
    let target = sink.target_of(table, "table");
    let known = table.relation.filter(|known| !known.implied);
    if known.is_some_and(|known| known.persistence == to) {
        sink.add("set persistence same", "table", target);
        return;
    }
    let form = if to == "unlogged" {
        "set unlogged"
    } else {
        "set logged"
    };
    sink.add(form, "table", target);
    sequences(sink, form, table);
}

/// Few options of tables need more than to keep other changes of the table off.
fn options_form<'n>(mut names: impl Iterator<Item = &'n String>) -> &'static str {
    if names.any(|name| name == "user_catalog_table") {
        "set options exclusive"
    } else {
        "set options"
    }
}

fn options_map(options: &OptionList) -> serde_json::Map<String, serde_json::Value> {
    let pairs = options.iter();
    pairs
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect()
}
