//! Changes of the type of a column.

use super::context::Context;
use super::reader;
use super::retype::{self, Cost};
use super::sink::{Sink, Table};
use crate::parse::ddl::catalog::{Index, KeyOf, Relation, Rule};
use crate::parse::ddl::type_name::TypeName;

/// What `ALTER COLUMN … TYPE` says.
pub(super) struct Change<'a> {
    pub of: &'a TypeName,
    pub collation: Option<&'a str>,
    pub using: Option<&'a str>,
}

/// `ALTER COLUMN … TYPE`
pub(super) fn alter(
    sink: &mut Sink,
    table: &Table,
    name: &str,
    change: &Change,
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    let found = judge(sink, table.relation, name, change);
    let column = super::column::known(table, name);
    let missing = column.is_none() && !table.is_open();
    let made = column.map_or(0, |column| column.made);
    let is_new = sink.is_new(made);
    let catalog = sink.catalog;
    let views = table.place.map(|place| {
        let at = catalog.column(place, name).ok();
        at.map_or_else(Vec::new, |at| reader::readers(catalog, place, Some(at)))
    });
    let views = views.unwrap_or_default();
    let inherited = super::column::is_inherited(sink, table, name);
    let effect = sink.add(found.form, "table", target);
    effect.of_column(name);
    effect.with("new_type", found.new_type.as_str());
    match &found.old_type {
        Some(old) => effect.with("old_type", old.as_str()),
        None => effect.with("old_type", serde_json::Value::Null),
    };
    if let Some(using) = change.using {
        effect.with("using", using);
    }
    if !found.rebuilt.is_empty() {
        effect.with("indexes", found.rebuilt.as_slice());
    }
    if !found.checks.is_empty() {
        effect.with("checks", found.checks.as_slice());
    }
    if found.unless_utc {
        effect.with("unless_utc", true);
    }
    if is_new {
        effect.with("column_is_new", true);
    }
    if missing {
        effect.fails("42703");
        return;
    }
    if inherited {
        effect.fails("42P16");
    }
    if !views.is_empty() {
        effect.with("views", reader::names(catalog, &views));
        effect.fails("0A000");
    }
    if found.form == "alter type no change" {
        sink.add_below(found.form, "partition", below);
        return;
    }
    if let Some(place) = below {
        for child in sink.catalog.descendants(place).unwrap_or_default() {
            let found = judge(sink, sink.catalog.relations.get(child), name, change);
            if let Some(effect) = sink.add_place(found.form, "partition", child) {
                effect.of_column(name);
            }
        }
    }
    foreign_keys(sink, table, name, found.form);
}

struct Found {
    form: &'static str,
    old_type: Option<String>,
    new_type: String,
    /// Names of the indexes that are built anew though rows stay.
    rebuilt: Vec<String>,
    /// Names of the checks that are checked anew though rows stay.
    checks: Vec<String>,
    /// It is written anew in sessions whose time zone is another than UTC only.
    unless_utc: bool,
}

fn judge(sink: &Sink, relation: Option<&Relation>, name: &str, change: &Change) -> Found {
    let new = sink.catalog.resolve(change.of);
    let mut found = Found {
        form: "alter type unknown",
        old_type: None,
        new_type: new.printed.clone(),
        rebuilt: Vec::new(),
        checks: Vec::new(),
        unless_utc: false,
    };
    let column = relation.and_then(|known| Some((known, known.columns.get(name)?)));
    let Some((relation, column)) = column.filter(|(_, column)| !column.of.printed.is_empty())
    else {
        return found;
    };
    found.old_type = Some(column.of.printed.clone());
    let (catalog, context) = (sink.catalog, sink.context);
    let cost = retype::cost(catalog, context, name, &column.of, &new, change.using);
    let old_collation = column.collation.as_ref().or(column.of.collation.as_ref());
    let new_collation = change.collation.or(new.collation.as_deref());
    let recollated = old_collation.map(String::as_str) != new_collation;
    match cost {
        Cost::Unknown => return found,
        Cost::Rewrite => {
            found.form = "alter type rewrite";
            let utc = Context {
                time_zone: Some("UTC"),
                ..*context
            };
            found.unless_utc = context.time_zone.is_none()
                && retype::cost(catalog, &utc, name, &column.of, &new, change.using) < cost;
            return found;
        }
        Cost::Nothing | Cost::Catalog => {}
    }
    let Some(at) = relation.columns.place(name) else {
        return found;
    };
    let keeps = retype::keeps_indexes(catalog, &column.of, &new) && !recollated;
    for at_index in &relation.indexes {
        let Some(index) = catalog.indexes.get(*at_index) else {
            continue;
        };
        if !index_uses(relation, index, at, name) {
            continue;
        }
        let plain = index.predicate.is_none()
            && index
                .keys
                .iter()
                .all(|key| matches!(key.of, KeyOf::Column(_)));
        let collated = index.keys.iter().any(|key| {
            matches!(key.of, KeyOf::Column(column) if column == at) && key.collation.is_some()
        });
        let key = index
            .keys
            .iter()
            .any(|key| matches!(key.of, KeyOf::Column(c) if c == at));
        let kept = plain && (keeps || !key || (collated && !recollated));
        if !kept {
            found.rebuilt.push(index.name.clone());
        }
    }
    for (_, called, constraint) in relation.constraints.iter() {
        if let Rule::Check(text) = &constraint.rule
            && !constraint.not_valid
            && relation.columns_in(text).contains(&at)
        {
            found.checks.push(called.to_owned());
        }
    }
    found.form = match (found.rebuilt.is_empty(), found.checks.is_empty()) {
        (false, _) => "alter type indexes",
        (true, false) => "alter type check",
        _ if cost == Cost::Nothing && !recollated => "alter type no change",
        _ => "alter type same",
    };
    found
}

/// Whether an index has a column: as a key, in an expression, its condition or beside the keys.
pub(super) fn index_uses(relation: &Relation, index: &Index, at: usize, name: &str) -> bool {
    let in_text = |text: &String| {
        relation.columns_in(text).contains(&at)
            && text
                .to_ascii_lowercase()
                .contains(&name.to_ascii_lowercase())
    };
    index.include.contains(&at)
        || index.predicate.as_ref().is_some_and(in_text)
        || index.keys.iter().any(|key| match &key.of {
            KeyOf::Column(column) => *column == at,
            KeyOf::Expression(text) => in_text(text),
        })
}

/// Foreign keys with the column are made anew, so their other tables are locked as well; and they
/// are checked again where rows were written.
fn foreign_keys(sink: &mut Sink, table: &Table, name: &str, form: &'static str) {
    let (Some(place), Some(relation)) = (table.place, table.relation) else {
        return;
    };
    let Some(at) = relation.columns.place(name) else {
        return;
    };
    let mut others = Vec::new();
    for (_, _, constraint) in relation.constraints.iter() {
        if let Rule::Foreign(foreign) = &constraint.rule
            && foreign.columns.contains(&at)
        {
            others.push(foreign.relation);
        }
    }
    others.extend(super::referencing::referencing(
        sink.catalog,
        place,
        Some(&[at]),
    ));
    others.retain(|other| *other != place);
    others.sort_unstable();
    others.dedup();
    let part = if form == "alter type rewrite" {
        "foreign key scan"
    } else {
        "foreign key"
    };
    for other in others {
        sink.add_place(form, part, other);
    }
}
