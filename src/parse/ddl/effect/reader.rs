//! Views that read tables: they keep columns as they are, and go with what they read.

use super::sink::Sink;
use crate::parse::ddl::catalog::Catalog;

/// Views that read a table; with a column, those that are known to read it by name.
pub(super) fn readers(catalog: &Catalog, place: usize, column: Option<usize>) -> Vec<usize> {
    let Some(relation) = catalog.relations.get(place) else {
        return Vec::new();
    };
    let is_view = |view: usize| {
        let view = catalog.relations.get(view);
        view.is_some_and(|view| matches!(view.kind, "view" | "materialized view"))
    };
    let read = relation.read_by.iter();
    let read = read.filter(|(view, at)| is_view(*view) && (column.is_none() || *at == column));
    let mut found: Vec<usize> = read.map(|(view, _)| *view).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Names of relations.
pub(super) fn names(catalog: &Catalog, places: &[usize]) -> Vec<String> {
    let known = places
        .iter()
        .filter_map(|place| catalog.relations.get(*place));
    known.map(|relation| relation.name.clone()).collect()
}

/// Views that go with those that are read, with the views that read these.
pub(super) fn drop_with(sink: &mut Sink, form: &'static str, first: Vec<usize>) {
    let mut seen = Vec::new();
    let mut left = first;
    while let Some(view) = left.pop() {
        if !seen.contains(&view) {
            seen.push(view);
            left.extend(readers(sink.catalog, view, None));
        }
    }
    seen.sort_unstable();
    for view in seen {
        sink.add_place(form, "view", view);
    }
}
