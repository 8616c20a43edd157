//! Partial indexes, by conditions that a statement's text always has.

use super::access::Access;
use crate::advise::index::spec::{IndexSpec, Key};
use crate::advise::index::tables::Table;

/// Share of the rows that a predicate may let through at most. Above it a partial index spares little, and
/// serves fewer statements than a whole one.
const MOST: f64 = 0.5;

/// A condition that always holds for the rows that a statement looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its column.
    pub column: String,
    /// It as SQL.
    pub sql: String,
    /// Its operator.
    pub operator: String,
    /// The constant in it, as SQL.
    pub value: Option<String>,
    /// Share of the rows that it lets through; `None`: not known.
    pub share: Option<f64>,
}

impl Constant {
    /// A condition whose share is not known yet.
    pub fn new(column: String, sql: String, operator: String, value: Option<String>) -> Self {
        Self {
            column,
            sql,
            operator,
            value,
            share: None,
        }
    }
}

/// The share of the rows that a condition lets through.
pub fn share(table: &Table, column: &str, operator: &str) -> Option<f64> {
    let known = table.columns.get(column)?;
    match operator {
        "is null" => Some(known.null_frac),
        "is not null" => Some(1.0 - known.null_frac),
        // By the mean: a value that is rarer or more common is told by the planner's own row counts.
        "=" => known.distinct.map(|_| known.share()),
        _ => None,
    }
}

/// An index under the conditions of an access, one for each, with the share of the rows. The column of the
/// condition is no key: it has one value there.
pub fn partial<'a>(
    spec: &'a IndexSpec,
    access: &'a Access,
) -> impl Iterator<Item = (IndexSpec, f64)> + 'a {
    let is_plain = spec.predicate.is_none() && spec.method == "btree";
    let constants = access.constants.iter().filter(move |_| is_plain);
    constants.filter_map(|constant| {
        let share = constant.share.filter(|share| *share <= MOST)?;
        let other = |key: &&Key| key.name() != Some(&constant.column);
        let mut keys: Vec<Key> = spec.keys.iter().filter(other).cloned().collect();
        if keys.is_empty() {
            keys.clone_from(&spec.keys);
        }
        let spec = IndexSpec {
            keys,
            predicate: Some(constant.sql.clone()),
            ..spec.clone()
        };
        Some((spec, share))
    })
}
