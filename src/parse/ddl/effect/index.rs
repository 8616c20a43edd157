//! Indexes that are made, dropped and built anew.

use super::duplicate;
use super::found::Target;
use super::sink::{Sink, unknown};
use crate::parse::ddl::catalog::{Entity, Relation};
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::{CreateIndex, IndexKey, Name, Reindex};

/// `CREATE INDEX`
pub(super) fn create(sink: &mut Sink, said: &CreateIndex) {
    let table = sink.table(&said.table);
    let schema = table.relation.map(|known| known.schema.clone());
    let taken = said.name.as_ref().is_some_and(|name| {
        let name = Name {
            schema: schema.clone().or_else(|| said.table.schema.clone()),
            name: name.clone(),
        };
        sink.catalog.find(&name).is_some()
    });
    let kind = table.relation.map_or("table", |known| known.kind);
    let partitioned = kind == "partitioned table";
    let form = match (said.concurrently, taken) {
        (true, true) => "create index concurrently again",
        (true, false) => "create index concurrently",
        (false, true) => "create index again",
        (false, false) if said.only && partitioned => "create index only",
        (false, false) => "create index",
    };
    let missing = table.place.is_none() && sink.catalog.complete;
    let unknown_column = said.elements.iter().any(|element| match &element.key {
        IndexKey::Column(name) => !table.is_open() && super::column::known(&table, name).is_none(),
        IndexKey::Expression(..) => false,
    });
    let keys = said
        .elements
        .iter()
        .filter_map(|element| match &element.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(..) => None,
        });
    let uncovered = said.unique && !super::constraint::covers_partition_key(&table, keys);
    let of_boolean = match said.elements.as_slice() {
        [element] => match &element.key {
            IndexKey::Column(name) => super::column::known(&table, name)
                .is_some_and(|column| column.of.printed == "boolean"),
            IndexKey::Expression(..) => false,
        },
        _ => false,
    };
    let overlap = duplicate::of_statement(sink.catalog, &table, said);
    let target = sink.target_of(&table, "table");
    let effect = sink.add(form, "table", target);
    describe(effect, said);
    if of_boolean {
        effect.with("of_boolean", true);
    }
    if let Some(same) = overlap.same_as {
        effect.with("same_as", same);
    }
    if let Some(longer) = overlap.prefix_of {
        effect.with("prefix_of", longer);
    }
    if !overlap.replaces.is_empty() {
        effect.with("replaces", overlap.replaces);
    }
    if effect.error.is_some() {
        return;
    }
    if missing {
        effect.fails("42P01");
    } else if unknown_column {
        effect.fails("42703");
    } else if taken && !said.if_not_exists {
        effect.fails("42P07");
    } else if (said.concurrently && partitioned) || uncovered {
        effect.fails("0A000");
    }
    if taken || said.only || said.concurrently {
        return;
    }
    let Some(place) = table.place.filter(|_| partitioned) else {
        return;
    };
    for child in sink.catalog.descendants(place).unwrap_or_default() {
        let part = match sink.catalog.relations.get(child) {
            Some(known) if known.is_partitioned() => "partitioned",
            _ => "partition",
        };
        sink.add_place(form, part, child);
    }
}

fn describe(effect: &mut super::found::Effect, said: &CreateIndex) {
    effect.object.clone_from(&said.name);
    let keys = said.elements.iter().map(|element| match &element.key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(text, _) => text.clone(),
    });
    effect.with("columns", keys.collect::<Vec<_>>());
    effect.with("method", said.method.as_str());
    if said.unique {
        effect.with("unique", true);
    }
    if !said.include.is_empty() {
        effect.with("include", said.include.as_slice());
    }
    if let Some(predicate) = &said.predicate {
        effect.with("where", predicate.as_str());
    }
    if said.if_not_exists {
        effect.with("if_not_exists", true);
    }
    if said.only {
        effect.with("only", true);
    }
}

/// `DROP INDEX`
pub(super) fn remove(sink: &mut Sink, name: &Name, how: super::drop::How) {
    let form = if how.concurrently {
        "drop index concurrently"
    } else {
        "drop index"
    };
    let Some(Entity::Index(at)) = sink.catalog.find(name) else {
        let complete = sink.catalog.complete;
        if complete && how.if_exists {
            return;
        }
        let effect = sink.add(form, "index", unknown(name, "index"));
        if how.if_exists {
            effect.with("if_exists", true);
        }
        if complete && effect.error.is_none() {
            effect.fails("42704");
        }
        return;
    };
    let Some(index) = sink.catalog.indexes.get(at) else {
        return;
    };
    let place = index.relation;
    let partitioned = sink
        .catalog
        .relations
        .get(place)
        .is_some_and(Relation::is_partitioned);
    if let Some(target) = sink.index_target(at) {
        let table = sink
            .catalog
            .relations
            .get(place)
            .map(|known| known.name.clone());
        let effect = sink.add(form, "index", target);
        effect.with("table", table);
        if how.if_exists {
            effect.with("if_exists", true);
        }
        if effect.error.is_none() && how.concurrently && partitioned {
            effect.fails("0A000");
        } else if effect.error.is_none() && (index.constraint.is_some() || index.parent.is_some()) {
            effect.fails("2BP01");
        }
    }
    if let Some(effect) = sink.add_place(form, "table", place) {
        effect.about(&name.name);
    }
    for child in &index.children {
        if let Some(child) = sink.catalog.indexes.get(*child) {
            sink.add_place(form, "partition", child.relation);
        }
    }
}

/// `REINDEX`
pub(super) fn reindex(sink: &mut Sink, said: &Reindex) {
    let Some(name) = &said.name else {
        let form = whole_form("database", said.concurrently);
        super::create::thing(sink, form, "", "database");
        return;
    };
    match said.kind {
        ObjectKind::Index => reindex_index(sink, name, said.concurrently),
        ObjectKind::Table => reindex_table(sink, name, said.concurrently),
        ObjectKind::Schema => {
            let form = whole_form("schema", said.concurrently);
            super::create::thing(sink, form, &name.name, "schema");
            reindex_all(sink, form, Some(&name.name));
        }
        _ => {
            let form = whole_form("database", said.concurrently);
            super::create::thing(sink, form, &name.name, "database");
            reindex_all(sink, form, None);
        }
    }
}

fn whole_form(kind: &str, concurrently: bool) -> &'static str {
    match (kind, concurrently) {
        ("schema", false) => "reindex schema",
        ("schema", true) => "reindex schema concurrently",
        (_, false) => "reindex database",
        (_, true) => "reindex database concurrently",
    }
}

fn reindex_all(sink: &mut Sink, form: &'static str, schema: Option<&str>) {
    let tables = sink.catalog.relations.iter().filter(|(_, known)| {
        let has = matches!(known.kind, "table" | "materialized view");
        has && schema.is_none_or(|schema| known.schema == schema) && !known.indexes.is_empty()
    });
    for place in tables.map(|(place, _)| place).collect::<Vec<_>>() {
        sink.add_place(form, "table", place);
    }
}

fn reindex_index(sink: &mut Sink, name: &Name, concurrently: bool) {
    let form = if concurrently {
        "reindex index concurrently"
    } else {
        "reindex index"
    };
    let Some(Entity::Index(at)) = sink.catalog.find(name) else {
        let complete = sink.catalog.complete;
        let effect = sink.add(form, "index", unknown(name, "index"));
        if complete && effect.error.is_none() {
            effect.fails("42P01");
        }
        return;
    };
    let Some(index) = sink.catalog.indexes.get(at) else {
        return;
    };
    let partitioned =
        (sink.catalog.relations.get(index.relation)).is_some_and(Relation::is_partitioned);
    if partitioned {
        return reindex_partitioned(sink, index.relation, concurrently);
    }
    if let Some(target) = sink.index_target(at) {
        sink.add(form, "index", target);
    }
    if let Some(effect) = sink.add_place(form, "table", index.relation) {
        effect.about(&name.name);
    }
}

fn reindex_table(sink: &mut Sink, name: &Name, concurrently: bool) {
    let table = sink.table(name);
    if let (Some(place), true) = (
        table.place,
        table.relation.is_some_and(Relation::is_partitioned),
    ) {
        return reindex_partitioned(sink, place, concurrently);
    }
    let form = if concurrently {
        "reindex table concurrently"
    } else {
        "reindex table"
    };
    let target = sink.target_of(&table, "table");
    let missing = table.place.is_none() && sink.catalog.complete;
    let bare = table
        .relation
        .is_some_and(|known| !known.implied && known.indexes.is_empty());
    let effect = sink.add(form, "table", target);
    if bare {
        effect.scans = false;
        effect.builds = false;
    }
    if missing && effect.error.is_none() {
        effect.fails("42P01");
    }
}

/// Each partition by itself, each in a transaction of its own.
fn reindex_partitioned(sink: &mut Sink, place: usize, concurrently: bool) {
    sink.add_place("reindex partitioned", "table", place);
    let part = if concurrently {
        "partition concurrently"
    } else {
        "partition"
    };
    for child in sink.catalog.descendants(place).unwrap_or_default() {
        let leaf = sink
            .catalog
            .relations
            .get(child)
            .is_some_and(|known| !known.is_partitioned());
        if leaf {
            sink.add_place("reindex partitioned", part, child);
        }
    }
}

/// An index as a target, where only its name is known.
pub(super) fn named(sink: &Sink, name: &Name) -> Target {
    match sink.catalog.find(name) {
        Some(Entity::Index(at)) => sink.index_target(at),
        _ => None,
    }
    .unwrap_or_else(|| unknown(name, "index"))
}
