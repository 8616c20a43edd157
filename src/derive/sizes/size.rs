//! The size of a B-tree that is not there.

use super::cells::{Cell, Guess, distinct, of_columns, unique};
use super::fill::Shape;
use super::other;
use super::table::{Column, Table, Tables};
use super::types::{self, Merging};
use super::widths::Widths;
use crate::derive::bloat::Attribute;
use crate::derive::bloat::btree::inner;

/// Share of the pages that the model is off at most where statistics are exact, measured against builds over the
/// shapes of `tests/it/sizes_live.rs`.
const MODEL: f64 = 0.03;
/// The same where equal keys are merged.
const MODEL_MERGED: f64 = 0.06;
/// Pages that the ends of levels may be off.
const ROUNDING: f64 = 2.0;
/// `PostgreSQL` merges equal keys from this version on.
const MERGES_SINCE: u32 = 13;
/// `BTREE_DEFAULT_FILLFACTOR`.
const FILLFACTOR: i64 = 90;
/// Bytes that entries may be off where only the mean length of values is known: half an alignment.
const UNKNOWN_LENGTH: i64 = 4;

/// A key of an index that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct WantedKey<'a> {
    /// Column of the table; `None`: an expression.
    pub column: Option<&'a str>,
    /// The expression as SQL, else empty.
    pub expression: &'a str,
    /// Operator class; `None`: the type's own.
    pub opclass: Option<&'a str>,
}

/// An index whose size is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// `relations.id` of its table; a partitioned one: its partitions' indexes together.
    pub relation: i64,
    /// Access method.
    pub method: &'a str,
    /// Keys in order.
    pub keys: &'a [WantedKey<'a>],
    /// Columns of INCLUDE.
    pub include: &'a [String],
    /// Share of the rows that its predicate leaves; 1 without one.
    pub share: f64,
    /// Columns that are not NULL by its predicate.
    pub not_null: &'a [String],
    /// How it is stored.
    pub storage: Storage,
}

/// How an index is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storage {
    /// Storage parameter; `None`: not set.
    pub fillfactor: Option<i64>,
    /// BRIN: `pages_per_range`; `None`: not set.
    pub range: Option<u32>,
    /// A build of a unique index merges nothing.
    pub is_unique: bool,
}

impl<'a> Wanted<'a> {
    /// A B-tree on all rows.
    pub fn btree(relation: i64, keys: &'a [WantedKey<'a>]) -> Self {
        Self {
            relation,
            method: "btree",
            keys,
            include: &[],
            share: 1.0,
            not_null: &[],
            storage: Storage::default(),
        }
    }
}

/// The size of an index just built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Pages, all of them.
    pub pages: u64,
    /// Entries, each row's counted.
    pub rows: f64,
    /// B-tree: level of the root; 0: the root is a leaf.
    pub height: u32,
    /// Fewest pages that are likely.
    pub low: u64,
    /// Most pages that are likely.
    pub high: u64,
    /// Statistics are missing that the size goes by, or there is no model of the access method that is worth
    /// the name.
    pub is_rough: bool,
    /// Equal keys are merged.
    pub merges: bool,
}

impl Tables {
    /// The size that an index would have; `None`: the size of its table is not known, or there is no such column.
    pub fn size(&self, wanted: &Wanted<'_>) -> Option<Size> {
        let mut sum: Option<Size> = None;
        for table in self.holders(wanted.relation) {
            let size = if wanted.method == "btree" {
                self.btree(table, wanted)?
            } else {
                other::size(self.page, table, wanted)?
            };
            sum = Some(match sum {
                None => size,
                Some(sum) => Size {
                    pages: sum.pages + size.pages,
                    rows: sum.rows + size.rows,
                    height: sum.height.max(size.height),
                    low: sum.low + size.low,
                    high: sum.high + size.high,
                    is_rough: sum.is_rough || size.is_rough,
                    merges: sum.merges && size.merges,
                },
            });
        }
        sum.map(|size| Size {
            is_rough: size.is_rough || self.is_partly_unknown(wanted.relation),
            ..size
        })
    }

    fn btree(&self, table: &Table, wanted: &Wanted<'_>) -> Option<Size> {
        let keys: Vec<Column> = wanted
            .keys
            .iter()
            .map(|key| column_of(table, key, wanted.not_null))
            .collect::<Option<_>>()?;
        let include: Vec<&Column> = wanted
            .include
            .iter()
            .map(|name| table.column(name))
            .collect::<Option<_>>()?;
        let merging = self.merging(wanted, &keys);
        let index = Index {
            tables: self,
            table,
            wanted,
            keys: &keys,
            include: &include,
        };
        let likely = index.pages(Guess::Likely, merging == Merging::Yes, 0);
        let is_open = keys.iter().any(|key| !key.widths.is_known)
            || include.iter().any(|it| !it.widths.is_known);
        let shift = if is_open { UNKNOWN_LENGTH } else { 0 };
        let fewest = index.pages(Guess::Fewest, merging != Merging::No, -shift);
        let most = index.pages(Guess::Most, merging == Merging::Yes, shift);
        let low = likely.pages.min(fewest.pages);
        let high = likely.pages.max(most.pages);
        let model = if merging == Merging::No {
            MODEL
        } else {
            MODEL_MERGED
        };
        Some(Size {
            pages: likely.pages.ceil() as u64,
            rows: likely.rows,
            height: likely.height,
            low: (low * (1.0 - model) - ROUNDING).ceil().max(1.0) as u64,
            high: (high * (1.0 + model) + ROUNDING).ceil() as u64,
            is_rough: merging == Merging::Unknown || keys.iter().any(|key| !key.has_statistics()),
            merges: merging == Merging::Yes,
        })
    }

    fn merging(&self, wanted: &Wanted<'_>, keys: &[Column]) -> Merging {
        if self.major < MERGES_SINCE || wanted.storage.is_unique || !wanted.include.is_empty() {
            return Merging::No;
        }
        let each = wanted.keys.iter().zip(keys).map(|(key, column)| {
            key.opclass.map_or(column.merging, |class| {
                types::of_class(class, column.merging)
            })
        });
        each.fold(Merging::Yes, |all, one| match (all, one) {
            (Merging::No, _) | (_, Merging::No) => Merging::No,
            (Merging::Unknown, _) | (_, Merging::Unknown) => Merging::Unknown,
            _ => Merging::Yes,
        })
    }
}

/// The column of a key, as the rows of the index have it.
fn column_of(table: &Table, key: &WantedKey<'_>, not_null: &[String]) -> Option<Column> {
    let Some(name) = key.column else {
        return Some(other::expression(table, key.expression));
    };
    let mut column = table.column(name)?.clone();
    if column.null_frac > 0.0 && not_null.iter().any(|it| it == name) {
        let values = 1.0 - column.null_frac;
        column
            .frequent
            .iter_mut()
            .for_each(|share| *share /= values);
        column.null_frac = 0.0;
    }
    Some(column)
}

struct Index<'a> {
    tables: &'a Tables,
    table: &'a Table,
    wanted: &'a Wanted<'a>,
    keys: &'a [Column],
    include: &'a [&'a Column],
}

struct Estimate {
    pages: f64,
    rows: f64,
    height: u32,
}

impl Index<'_> {
    fn pages(&self, guess: Guess, merges: bool, shift: i64) -> Estimate {
        let rows = (self.table.rows * self.wanted.share).max(0.0);
        if rows < 1.0 {
            return Estimate {
                pages: 1.0,
                rows,
                height: 0,
            };
        }
        let named: Vec<(Option<&str>, &Column)> = self
            .wanted
            .keys
            .iter()
            .map(|key| key.column)
            .zip(self.keys)
            .collect();
        let cells: Vec<Cell> = if self.wanted.storage.is_unique {
            vec![unique(self.table.rows, 1.0, 0)]
        } else {
            of_columns(self.table, &named, guess)
        };
        let borders = self.borders(&named, &cells, guess, rows);
        let columns: Vec<(&Attribute, &Widths)> = self
            .keys
            .iter()
            .chain(self.include.iter().copied())
            .map(|column| (&column.attribute, &column.widths))
            .collect();
        let shape = Shape {
            page: self.tables.page,
            fillfactor: self.wanted.storage.fillfactor.unwrap_or(FILLFACTOR),
            merges,
            columns,
            keys: self.keys.len(),
            borders,
            is_even: guess == Guess::Fewest,
            shift,
        };
        let filled = shape.fill(&cells, rows);
        let leaves = filled.leaves.ceil().max(1.0);
        let above = inner(self.tables.page, leaves, filled.above);
        Estimate {
            // One page is that of metadata.
            pages: leaves + above.pages + 1.0,
            rows,
            height: above.levels,
        }
    }

    /// At which column neighbours differ: at the first at as many borders as it has values.
    fn borders(
        &self,
        named: &[(Option<&str>, &Column)],
        cells: &[Cell],
        guess: Guess,
        rows: f64,
    ) -> Vec<f64> {
        if named.len() == 1 {
            return vec![1.0];
        }
        let all = distinct(cells, rows).max(1.0);
        let mut before = 0.0;
        let mut borders = Vec::new();
        for end in 1..=named.len() {
            let there = if end == named.len() {
                all
            } else {
                distinct(&of_columns(self.table, &named[..end], guess), rows)
            };
            let share = (there / all).min(1.0_f64).max(before);
            borders.push(share - before);
            before = share;
        }
        borders
    }
}
