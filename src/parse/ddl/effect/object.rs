//! Triggers, policies, rights, comments, and objects that are no relations.

use super::sink::{Sink, unknown};
use super::{index, sink};
use crate::parse::ddl::catalog::{Catalog, Entity, Relation, UserType};
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::{CreateOther, CreateTrigger, DefaultPrivileges, Name, Rights};

/// `CREATE TRIGGER`
pub(super) fn create_trigger(sink: &mut Sink, said: &CreateTrigger) {
    let table = sink.table(&said.table);
    let target = sink.target_of(&table, "table");
    let part = if target.kind == "view" {
        "view"
    } else {
        "table"
    };
    let missing = table.place.is_none() && sink.catalog.complete;
    let taken = table
        .relation
        .is_some_and(|known| known.triggers.get(&said.name).is_some());
    let effect = sink.add("create trigger", part, target).about(&said.name);
    effect.with("timing", said.timing);
    effect.with("events", said.events.as_slice());
    effect.with("for_each_row", said.for_each_row);
    if missing {
        effect.fails("42P01");
    } else if taken && !said.or_replace {
        effect.fails("42710");
    }
    let below = table
        .place
        .filter(|_| said.for_each_row && table.relation.is_some_and(Relation::is_partitioned));
    sink.add_below("create trigger", "partition", below);
}

/// `ALTER TRIGGER … RENAME TO`
pub(super) fn rename_trigger(sink: &mut Sink, table: &Name, name: &str, to: &str) {
    let table = sink.table(table);
    let target = sink.target_of(&table, "table");
    sink.add("rename trigger", "table", target)
        .about(name)
        .with("to", to);
    let partitioned = table.relation.is_some_and(Relation::is_partitioned);
    sink.add_below(
        "rename trigger",
        "partition",
        table.place.filter(|_| partitioned),
    );
}

/// Something that is made or changed on a table.
pub(super) fn on_table(sink: &mut Sink, form: &'static str, table: &Name, name: &str) {
    let table = sink.table(table);
    let target = sink.target_of(&table, "table");
    let missing = table.place.is_none() && sink.catalog.complete;
    let effect = sink.add(form, "table", target).about(name);
    if missing {
        effect.fails("42P01");
    }
}

/// `CREATE` of what has no statement of its own here.
pub(super) fn create(sink: &mut Sink, said: &CreateOther) {
    let kind = said.kind.word();
    let target = match &said.name {
        Some(name) => unknown(name, kind),
        None => sink::thing("", kind),
    };
    let (form, part) = match said.kind {
        ObjectKind::Statistics => {
            for table in &said.tables {
                let table = sink.table(table);
                let target_of = sink.target_of(&table, "table");
                sink.add("create statistics", "table", target_of)
                    .about(&target.name);
            }
            return;
        }
        ObjectKind::Publication => {
            let effect = sink.add("create publication", "publication", target);
            if said.all_tables {
                effect.with("all_tables", true);
            }
            for table in &said.tables {
                let table = sink.table(table);
                let target = sink.target_of(&table, "table");
                sink.add("create publication", "table", target);
            }
            return;
        }
        ObjectKind::Subscription => {
            // Without a slot to make, or a connection, it may be made in a block.
            let off = |name: &str| {
                let option = said.options.iter().find(|(known, _)| known == name);
                option.is_some_and(|(_, value)| ["false", "off", "0"].contains(&value.as_str()))
            };
            let in_block = off("create_slot") || off("connect");
            let effect = sink.add("create subscription", "subscription", target);
            if in_block {
                effect.error = None;
            }
            return;
        }
        ObjectKind::Database => ("create database", "database"),
        ObjectKind::Tablespace => ("create tablespace", "tablespace"),
        ObjectKind::EventTrigger => ("create event trigger", "event trigger"),
        ObjectKind::Role => ("create role", "role"),
        _ => ("create object", "object"),
    };
    sink.add(form, part, target);
}

/// `COMMENT` and `SECURITY LABEL`
pub(super) fn remark(
    sink: &mut Sink,
    form: &'static str,
    kind: ObjectKind,
    name: &Name,
    on: Option<&Name>,
) {
    match kind {
        ObjectKind::Column => {
            // The name before that of the column is the table's.
            let table = match (on, &name.schema) {
                (Some(table), _) => table.clone(),
                (None, Some(table)) => Name {
                    schema: None,
                    name: table.clone(),
                },
                (None, None) => return,
            };
            let table = sink.table(&table);
            let target = sink.target_of(&table, "table");
            sink.add(form, "table", target).of_column(&name.name);
        }
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::ForeignTable
        | ObjectKind::Sequence => {
            let table = sink.table(name);
            let target = match sink.catalog.find(name) {
                Some(Entity::Sequence(at)) => sink.sequence_target(at),
                _ => None,
            };
            let target = target.unwrap_or_else(|| sink.target_of(&table, kind.word()));
            sink.add(form, "table", target);
        }
        ObjectKind::Index => {
            let target = index::named(sink, name);
            sink.add(form, "index", target);
        }
        kind => {
            sink.add(form, "object", unknown(name, kind.word()));
        }
    }
}

/// `GRANT` and `REVOKE`
pub(super) fn rights(sink: &mut Sink, said: &Rights) {
    let Some(kind) = said.kind else {
        let form = if said.granted {
            "grant role"
        } else {
            "revoke role"
        };
        for role in &said.privileges {
            let effect = sink.add(form, "role", sink::thing(role, "role"));
            effect.with("roles", said.roles.as_slice());
        }
        return;
    };
    let form = if said.granted { "grant" } else { "revoke" };
    for (n, name) in said.names.iter().enumerate() {
        if said.names.len() > 1 {
            sink.next(n + 1, &name.span);
        }
        let plain = kind == ObjectKind::Table && !said.all_in_schema;
        let (part, target) = if plain {
            let table = sink.table(&name.name);
            ("table", sink.target_of(&table, "table"))
        } else if said.all_in_schema {
            ("object", sink::thing(&name.name.name, "schema"))
        } else {
            ("object", unknown(&name.name, kind.word()))
        };
        let effect = sink.add(form, part, target);
        effect.with("privileges", said.privileges.as_slice());
        effect.with("roles", said.roles.as_slice());
        effect.with("on", kind.word());
        if said.all_in_schema {
            effect.with("all_in_schema", true);
        }
        if said.grant_option {
            effect.with("grant_option", true);
        }
    }
}

/// `ALTER DEFAULT PRIVILEGES`
pub(super) fn default_privileges(sink: &mut Sink, said: &DefaultPrivileges) {
    let schema = said.schemas.first().map_or("", String::as_str);
    let effect = sink.add(
        "default privileges",
        "schema",
        sink::thing(schema, "schema"),
    );
    effect.with("granted", said.granted);
    effect.with("privileges", said.privileges.as_slice());
    effect.with("roles", said.roles.as_slice());
    effect.with("on", said.kind.word());
}

/// Columns of tables that have a type, or a domain over it, or an array of one.
pub(super) fn columns_of_type(catalog: &Catalog, known: &UserType) -> Vec<(usize, String)> {
    let user = (&known.schema, &known.name);
    let mut found = Vec::new();
    for (place, relation) in catalog.relations.iter() {
        if !matches!(
            relation.kind,
            "table" | "partitioned table" | "materialized view"
        ) {
            continue;
        }
        for (_, name, column) in relation.columns.iter() {
            let of = column.of.user.as_ref();
            if !column.is_dropped && of.is_some_and(|of| (&of.0, &of.1) == user) {
                found.push((place, name.to_owned()));
            }
        }
    }
    found
}
