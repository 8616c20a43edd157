//! What is known of a table and its columns.

use std::collections::HashMap;

use super::together::Together;
use super::types::Merging;
use super::widths::Widths;
use crate::derive::bloat::{Attribute, Page};

/// A column with what ANALYZE saw of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// As an index stores it.
    pub(super) attribute: Attribute,
    /// `format_type`.
    pub(super) kind: String,
    pub(super) widths: Widths,
    pub(super) merging: Merging,
    /// Share of NULLs.
    pub(super) null_frac: f64,
    /// Frequencies of the most common values, the highest first.
    pub(super) frequent: Vec<f64>,
    /// Distinct values, as `pg_statistic` has it: negative as a share of the rows; `None`: not known.
    pub(super) distinct: Option<f64>,
    /// Whether rows stand in the order of their values: 1 or -1.
    pub(super) correlation: f64,
    /// Mean width that statistics give; `None`: not known.
    pub(super) mean_width: Option<i64>,
}

impl Column {
    /// Whether statistics tell how often its values come.
    pub fn has_statistics(&self) -> bool {
        self.distinct.is_some()
    }

    /// A value of which only the kind is known: that of an expression.
    pub(super) fn unknown(kind: &str, length: i64, alignment: &str) -> Self {
        let attribute = Attribute::new(length, alignment, if length > 0 { "p" } else { "x" });
        Self {
            widths: Widths::fixed(&attribute).unwrap_or_else(|| Widths::of_mean(kind, None)),
            attribute,
            kind: kind.to_owned(),
            merging: super::types::of_type(kind, false, None),
            null_frac: 0.0,
            frequent: Vec::new(),
            distinct: None,
            correlation: 0.0,
            mean_width: None,
        }
    }
}

/// A table, or a partition.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Rows: `reltuples` by `relpages` for as many pages as there are now, as the planner has it.
    pub rows: f64,
    /// Pages.
    pub pages: f64,
    pub(super) columns: HashMap<String, Column>,
    /// Sets of columns of which no two rows have the same values.
    pub(super) unique: Vec<Vec<String>>,
    pub(super) together: Vec<Together>,
    /// Rows that ANALYZE looks at.
    pub(super) sample: f64,
}

impl Table {
    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// No two rows have the same values of these columns, as far as they are not NULL.
    pub(super) fn is_unique(&self, columns: &[&str]) -> bool {
        let is_there = |name: &String| {
            columns.contains(&name.as_str())
                && self.column(name).is_some_and(|it| it.null_frac == 0.0)
        };
        self.unique.iter().any(|set| set.iter().all(is_there))
    }
}

/// The tables of a database, with the version and the page size of their server.
#[derive(Debug, Clone)]
pub struct Tables {
    pub(super) major: u32,
    pub(super) page: Page,
    pub(super) by_id: HashMap<i64, Table>,
    /// Partitions of partitioned tables, down to those that hold rows.
    pub(super) parts: HashMap<i64, Vec<i64>>,
}

impl Tables {
    /// Tables that hold the rows of a relation: itself, or its partitions. Those of unknown size are left out.
    pub fn holders(&self, relation: i64) -> Vec<&Table> {
        match self.parts.get(&relation) {
            Some(parts) => parts.iter().filter_map(|id| self.by_id.get(id)).collect(),
            None => self.by_id.get(&relation).into_iter().collect(),
        }
    }

    /// Whether rows or pages of a part of the relation are not known.
    pub fn is_partly_unknown(&self, relation: i64) -> bool {
        let parts = self.parts.get(&relation);
        parts.is_some_and(|parts| parts.iter().any(|id| !self.by_id.contains_key(id)))
    }
}
