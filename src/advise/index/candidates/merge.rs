//! Indexes made of two, and parts of one.

use super::covering::fits;
use crate::advise::index::spec::IndexSpec;
use crate::advise::index::tables::Table;

/// One index that serves where either does: the longer list of keys where one begins with the other,
/// else that of the first; with the columns of both.
pub fn merged(a: &IndexSpec, b: &IndexSpec, table: &Table) -> Option<IndexSpec> {
    let is_alike = a.relation == b.relation && a.method == "btree" && b.method == "btree";
    if !is_alike || a.predicate != b.predicate {
        return None;
    }
    let (long, short) = if a.keys.len() < b.keys.len() {
        (b, a)
    } else {
        (a, b)
    };
    if !long.keys.starts_with(&short.keys) {
        return None;
    }
    let mut include: Vec<String> = long.include.iter().chain(&short.include).cloned().collect();
    include.retain(|column| !long.keys.iter().any(|key| key.name() == Some(column)));
    include.sort();
    include.dedup();
    let spec = IndexSpec {
        include,
        ..long.clone()
    };
    (spec != *a && spec != *b && fits(&spec, table)).then_some(spec)
}

/// The same with fewer keys at its end, and the same without INCLUDE.
pub fn parts(spec: &IndexSpec) -> Vec<IndexSpec> {
    let mut parts: Vec<IndexSpec> = (1..spec.keys.len())
        .map(|width| IndexSpec {
            keys: spec.keys[..width].to_vec(),
            include: Vec::new(),
            ..spec.clone()
        })
        .collect();
    if !spec.include.is_empty() {
        parts.push(IndexSpec {
            include: Vec::new(),
            ..spec.clone()
        });
    }
    parts
}
