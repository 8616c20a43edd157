//! Sizes of indexes that could be made.

use super::activity::is_named;
use super::spec::{IndexSpec, Key, Part};
use super::what_if::Sized;
use crate::derive::sizes::{Size, Storage, Tables, Wanted, WantedKey};

/// An index with the size that it would have, and how far that may be off. `share` of the rows fulfil its
/// predicate. `None`: the size of its table is not known, or there is no such column.
pub fn sized(tables: &Tables, spec: IndexSpec, share: f64) -> Option<(Sized, Size)> {
    sized_as(tables, spec, share, Storage::default())
}

/// The same of an index that is stored in another way than by default.
pub fn sized_as(
    tables: &Tables,
    spec: IndexSpec,
    share: f64,
    storage: Storage,
) -> Option<(Sized, Size)> {
    let keys: Vec<WantedKey<'_>> = spec.keys.iter().map(wanted).collect();
    let not_null: Vec<String> = not_null(&spec);
    let size = tables.size(&Wanted {
        relation: spec.relation,
        method: &spec.method,
        keys: &keys,
        include: &spec.include,
        share,
        not_null: &not_null,
        storage,
    })?;
    let sized = Sized {
        spec,
        pages: size.pages,
        rows: size.rows,
        height: size.height,
    };
    Some((sized, size))
}

fn wanted(key: &Key) -> WantedKey<'_> {
    let (column, expression) = match &key.part {
        Part::Column(name) => (Some(name.as_str()), ""),
        Part::Expression(text) => (None, text.as_str()),
    };
    WantedKey {
        column,
        expression,
        opclass: key.opclass.as_deref(),
    }
}

/// Key columns of which the predicate only lets rows through that have a value: any comparison that it is made of
/// by AND does that, but IS NULL.
fn not_null(spec: &IndexSpec) -> Vec<String> {
    let Some(predicate) = &spec.predicate else {
        return Vec::new();
    };
    let upper = predicate.to_uppercase();
    if upper.contains(" OR ")
        || upper.contains("IS NULL")
        || upper.contains("DISTINCT")
        || upper.contains("COALESCE")
    {
        return Vec::new();
    }
    let names = spec.keys.iter().filter_map(Key::name);
    names
        .filter(|name| is_named(predicate, name))
        .map(str::to_owned)
        .collect()
}
