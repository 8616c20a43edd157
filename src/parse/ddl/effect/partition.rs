//! Partitions that are attached and detached.

use super::bound::{self, Proof};
use super::sink::{Sink, Table};
use crate::parse::ddl::statement::Name;

/// `ATTACH PARTITION`
pub(super) fn attach(sink: &mut Sink, table: &Table, child: &Name, said: &str) {
    let child = sink.table(child);
    let key = table
        .relation
        .and_then(|known| known.partition_key.as_deref());
    let proof = match child.relation {
        Some(relation) => bound::proves(relation, key, said),
        None => Proof::Unknown,
    };
    // The first partition of all may have any row by default.
    let first = table
        .relation
        .is_some_and(|known| known.children.is_empty() && !known.implied);
    let any = first && said.trim().eq_ignore_ascii_case("default");
    let form = if proof == Proof::Yes || any {
        "attach partition proven"
    } else {
        "attach partition scan"
    };
    let target = sink.target_of(table, "partitioned table");
    sink.add(form, "table", target)
        .about(&child.name.name)
        .with("bound", said);
    let target = sink.target_of(&child, "table");
    let effect = sink.add(form, "partition", target);
    effect.with("bound", said);
    if proof == Proof::Unknown {
        effect.with("proven", "unknown");
    }
    sink.add_below(form, "partition", child.place);
    default_partition(sink, form, table, said);
    let (Some(parent), Some(place)) = (table.place, child.place) else {
        return;
    };
    let lacks = {
        let indexes = sink
            .catalog
            .relations
            .get(parent)
            .map(|known| known.indexes.clone());
        let mut indexes = indexes.unwrap_or_default().into_iter();
        indexes.any(|at| !matches!(sink.catalog.like(at, place), Ok(Some(_))))
    };
    if lacks {
        sink.add_place(form, "built partition", place);
    }
    referenced(sink, form, parent);
}

/// Tables that the foreign keys of a table are to.
fn referenced(sink: &mut Sink, form: &'static str, place: usize) {
    for to in references(sink, place) {
        sink.add_place(form, "referenced", to);
    }
}

/// Tables that the foreign keys of a table are to.
pub(super) fn references(sink: &Sink, place: usize) -> Vec<usize> {
    use crate::parse::ddl::catalog::Rule;
    let relation = sink.catalog.relations.get(place);
    let constraints = relation
        .into_iter()
        .flat_map(|known| known.constraints.iter());
    let mut found: Vec<usize> = constraints
        .filter_map(|(_, _, constraint)| match &constraint.rule {
            Rule::Foreign(foreign) if foreign.relation != place => Some(foreign.relation),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The default partition is read, whether it has rows of the new one.
pub(super) fn default_partition(sink: &mut Sink, form: &'static str, table: &Table, said: &str) {
    let Some(default) = table.place.and_then(|place| default_of(sink, place)) else {
        return;
    };
    let key = table
        .relation
        .and_then(|known| known.partition_key.as_deref());
    let relation = sink.catalog.relations.get(default);
    let refuted = relation.is_some_and(|relation| bound::refutes(relation, key, said));
    let part = if refuted {
        "default partition proven"
    } else {
        "default partition"
    };
    sink.add_place(form, part, default);
    sink.add_below(form, part, Some(default));
}

/// The default partition of a table.
pub(super) fn default_of(sink: &Sink, place: usize) -> Option<usize> {
    let children = sink.catalog.relations.get(place)?.children.iter().copied();
    let mut defaults = children.filter(|child| {
        let known = sink.catalog.relations.get(*child);
        let bound = known.and_then(|known| known.bound.as_deref());
        bound.is_some_and(|bound| bound.trim().eq_ignore_ascii_case("default"))
    });
    defaults.next()
}

/// `DETACH PARTITION`
pub(super) fn detach(sink: &mut Sink, form: &'static str, table: &Table, child: &Name) {
    let child = sink.table(child);
    let target = sink.target_of(table, "partitioned table");
    let default = table.place.and_then(|place| default_of(sink, place));
    let effect = sink.add(form, "table", target).about(&child.name.name);
    if default.is_some() && form == "detach partition concurrently" && effect.error.is_none() {
        effect.fails("55000");
    }
    let target = sink.target_of(&child, "table");
    sink.add(form, "partition", target);
    if let Some(default) = default.filter(|default| Some(*default) != child.place)
        && form == "detach partition"
    {
        sink.add_place(form, "default partition", default);
    }
    if let Some(place) = child.place {
        referenced(sink, form, place);
    }
}
