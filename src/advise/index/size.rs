//! The size that an index would have.

use super::spec::IndexSpec;
use super::tables::Table;
use super::what_if::Sized;

/// An index with its size.
pub fn sized(spec: &IndexSpec, table: &Table) -> Sized {
    let rows = table.rows;
    let column = |name: Option<&str>| name.and_then(|name| table.columns.get(name));
    let names = spec.keys.iter().map(|key| key.name());
    let names = names.chain(spec.include.iter().map(|name| Some(name.as_str())));
    let bytes: f64 = names
        .map(|name| column(name).and_then(|column| column.width).unwrap_or(8.0))
        .sum();
    let tuple = ((8.0 + bytes) / 8.0).ceil() * 8.0;
    let distinct: f64 = spec.keys.iter().map(|key| column(key.name()).map_or(rows, |column| 1.0 / column.share())).product();
    let distinct = distinct.min(rows);
    let dedup = spec.include.is_empty()
        && spec.keys.iter().all(|key| {
            column(key.name()).is_some_and(|column| {
                !["numeric", "character(", "double", "real", "jsonb"].iter().any(|kind| column.kind.starts_with(kind))
            })
        });
    let total = if dedup && distinct < rows * 0.7 {
        rows * 6.0 + distinct * (tuple + 4.0)
    } else {
        rows * (tuple + 4.0)
    };
    let pages = (total / (8152.0 * 0.9)).ceil() + 1.0;
    Sized {
        spec: spec.clone(),
        pages: pages as u64,
        rows,
        height: if pages > 2.0 { (pages.ln() / 250f64.ln()).ceil() as u32 } else { 0 },
    }
}
