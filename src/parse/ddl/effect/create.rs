//! What is made, and what is locked for it.

use super::found::{Effect, Target};
use super::partition;
use super::sink::{self, Sink, unknown};
use crate::facts::quote;
use crate::parse::ddl::catalog::Entity;
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::{
    CreateFunction, CreateTable, CreateTableAs, CreateView, Element, Name,
};

/// Something that is no relation, by its name.
pub(super) fn thing<'s>(
    sink: &'s mut Sink,
    form: &'static str,
    name: &str,
    kind: &'static str,
) -> &'s mut Effect {
    sink.add(form, kind, sink::thing(name, kind))
}

/// `CREATE SCHEMA`
pub(super) fn schema(sink: &mut Sink, name: &str) {
    thing(sink, "create schema", name, "schema");
}

/// A relation that is not there yet; its oid is the next one.
fn made(sink: &Sink, name: &Name, kind: &'static str) -> Target {
    Target {
        schema: sink.catalog.home(name).ok(),
        oid: Some(sink.catalog.mark()),
        ..unknown(name, kind)
    }
}

/// Whether the name is taken by something that statements made.
fn is_taken(sink: &Sink, name: &Name) -> bool {
    let Some(found) = sink.catalog.find(name) else {
        return false;
    };
    match found {
        Entity::Relation(place) => {
            let known = sink.catalog.relations.get(place);
            known.is_some_and(|known| !known.implied)
        }
        Entity::Index(_) | Entity::Sequence(_) => true,
    }
}

/// `CREATE TABLE`
pub(super) fn table(sink: &mut Sink, table: &CreateTable) {
    let kind = match (table.foreign, &table.partition_by) {
        (true, _) => "foreign table",
        (_, Some(_)) => "partitioned table",
        _ => "table",
    };
    let temporary = table.persistence == "temporary";
    if is_taken(sink, &table.name) && !temporary {
        let known = sink.table(&table.name);
        let target = sink.target_of(&known, kind);
        let effect = sink.add("create table again", "table", target);
        effect.with("if_not_exists", table.if_not_exists);
        if !table.if_not_exists {
            effect.fails("42P07");
        }
        return;
    }
    let form = if table.partition_of.is_some() {
        "create partition"
    } else {
        "create table"
    };
    let target = made(sink, &table.name, kind);
    let effect = sink.add(form, "table", target);
    effect.with("if_not_exists", table.if_not_exists);
    if temporary {
        effect.with("temporary", true);
    }
    if let Some((_, bound)) = &table.partition_of {
        effect.with("bound", bound.as_str());
    }
    for parent in &table.inherits {
        let parent = sink.table(parent);
        let target = sink.target_of(&parent, "table");
        sink.add(form, "parent", target);
    }
    if let Some((parent, bound)) = &table.partition_of {
        let parent = sink.table(parent);
        let target = sink.target_of(&parent, "partitioned table");
        sink.add(form, "parent", target).about(&table.name.name);
        partition::default_partition(sink, form, &parent, bound);
        if let Some(place) = parent.place {
            for to in partition::references(sink, place) {
                sink.add_place(form, "referenced", to);
            }
        }
    }
    for element in &table.elements {
        match element {
            Element::Column(column) => {
                for said in &column.constraints {
                    foreign(sink, form, &table.name, said, Some(&column.name));
                }
            }
            Element::Constraint(said) => foreign(sink, form, &table.name, said, None),
            Element::Like(..) => {}
        }
    }
    foreign_keys(sink, table);
}

/// The foreign keys of a new table, and whether a key of the table serves as their index.
fn foreign_keys(sink: &mut Sink, table: &CreateTable) {
    let own = table.elements.iter().flat_map(|element| match element {
        Element::Column(column) => {
            let own = column.constraints.iter();
            own.map(|said| (said, Some(&column.name))).collect()
        }
        Element::Constraint(said) => vec![(said, None)],
        Element::Like(..) => Vec::new(),
    });
    let own: Vec<(&TableConstraint, Option<&String>)> = own.collect();
    let whole = sink.span.clone();
    for (said, column) in &own {
        let ConstraintKind::Foreign {
            columns, table: to, ..
        } = &said.kind
        else {
            continue;
        };
        let columns = column.map_or(columns.as_slice(), std::slice::from_ref);
        let serves = |(key, column): &(&TableConstraint, Option<&String>)| {
            let ConstraintKind::Unique { columns: of, .. } = &key.kind else {
                return false;
            };
            let of = column.map_or(of.as_slice(), std::slice::from_ref);
            let leading = of.get(..columns.len());
            leading.is_some_and(|leading| columns.iter().all(|column| leading.contains(column)))
        };
        let indexed = own.iter().any(serves);
        let target = made(sink, &table.name, "table");
        sink.span = said.span.clone();
        let effect = sink.add("create table foreign key", "table", target);
        effect.object.clone_from(&said.name);
        effect.with("columns", columns);
        effect.with("referenced", to.name.as_str());
        effect.with("fk_indexed", indexed);
    }
    sink.span = whole;
}

/// The table that a foreign key of a new table is to.
fn foreign(
    sink: &mut Sink,
    form: &'static str,
    name: &Name,
    said: &TableConstraint,
    column: Option<&String>,
) {
    let ConstraintKind::Foreign {
        table: to, columns, ..
    } = &said.kind
    else {
        return;
    };
    if to.name == name.name && (to.schema == name.schema || to.schema.is_none()) {
        return;
    }
    let to = sink.table(to);
    let target = sink.target_of(&to, "table");
    let effect = sink.add(form, "referenced", target);
    effect.object.clone_from(&said.name);
    match column {
        Some(column) => effect.with("columns", vec![column.as_str()]),
        None => effect.with("columns", columns.as_slice()),
    };
    sink.add_below(form, "referenced", to.place);
}

/// `CREATE TABLE … AS`
pub(super) fn table_as(sink: &mut Sink, table: &CreateTableAs) {
    let taken = is_taken(sink, &table.name) && table.persistence != "temporary";
    let form = if taken {
        "create table again"
    } else {
        "create table as"
    };
    let target = made(sink, &table.name, "table");
    let effect = sink.add(form, "table", target);
    effect.with("if_not_exists", table.if_not_exists);
    if table.persistence == "temporary" {
        effect.with("temporary", true);
    }
    if taken && !table.if_not_exists {
        effect.fails("42P07");
    }
}

/// `CREATE VIEW` and `CREATE MATERIALIZED VIEW`
pub(super) fn view(sink: &mut Sink, view: &CreateView) {
    let known = sink.table(&view.name);
    let exists = known.place.is_some();
    if exists && view.or_replace {
        let target = sink.target_of(&known, "view");
        let effect = sink.add("replace view", "view", target);
        stars(effect, view);
        return;
    }
    let taken = is_taken(sink, &view.name);
    let (form, part) = match view.kind {
        "view" if view.or_replace && !sink.catalog.complete => ("replace view", "view"),
        "view" => ("create view", "view"),
        _ => ("create materialized view", "materialized view"),
    };
    let target = if taken {
        sink.target_of(&known, view.kind)
    } else {
        made(sink, &view.name, view.kind)
    };
    let effect = sink.add(form, part, target);
    stars(effect, view);
    if form == "replace view" {
        // Nobody knows whether it is there.
        effect.target.oid = None;
        effect.with("exists", "unknown");
    }
    if view.if_not_exists {
        effect.with("if_not_exists", true);
    } else if taken {
        effect.fails("42P07");
    }
}

/// The tables of which a view has all columns.
fn stars(effect: &mut Effect, view: &CreateView) {
    if !view.stars.is_empty() && !view.temporary {
        let names = view.stars.iter().map(|name| match name.schema.as_deref() {
            None | Some("public") => quote::ident(&name.name),
            Some(schema) => quote::name(schema, &name.name),
        });
        effect.with("stars", names.collect::<Vec<_>>());
    }
}

/// `CREATE SEQUENCE`
pub(super) fn sequence(sink: &mut Sink, name: &Name, if_not_exists: bool) {
    let taken = is_taken(sink, name);
    let target = made(sink, name, "sequence");
    let effect = sink.add("create sequence", "sequence", target);
    effect.with("if_not_exists", if_not_exists);
    if taken && !if_not_exists {
        effect.fails("42P07");
    }
}

/// `CREATE FUNCTION`
pub(super) fn function(sink: &mut Sink, function: &CreateFunction) {
    let form = if function.or_replace {
        "replace function"
    } else {
        "create function"
    };
    let effect = sink.add(form, "function", unknown(&function.name, function.kind));
    effect.with("language", function.language.clone());
    if function.security_definer {
        effect.with("security_definer", true);
        effect.with("search_path", function.search_path.clone());
    }
}
