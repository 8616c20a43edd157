//! How the rows of a column spread over its values, by what ANALYZE left.
//!
//! ANALYZE keeps the most common values with their frequencies, and an estimate of how many distinct values there
//! are (Duj1, Haas and Stokes 1998). That estimate is off in a known way: it takes rows for drawn one by one
//! from all of the table. So it is asked which number of values would have given that estimate.

use super::cells::{Cell, Guess, unique};
use super::table::{Column, Table};
use crate::derive::{ASSUMED_DISTINCT, distinct};

/// Rows of one value stand together where rows are as good as in the order of their values.
const IN_ORDER: f64 = 0.95;
/// Values differ much in how common they are where the last of the most common ones has so many times the rows
/// of the others: chance alone, in samples of a few rows each, makes it less.
const SKEWED: f64 = 10.0;
/// Bins of values that become rarer.
const BINS: u32 = 24;
/// Standard deviations on either side that hold 95 % of a normal distribution.
const NORMAL_95: f64 = 1.96;
/// Steps of a search by halves.
const HALVINGS: usize = 40;
/// As many NULLs as none.
const NONE: f64 = 1e-9;

/// The cells of a column.
pub(super) fn cells(table: &Table, column: &Column, guess: Guess) -> Vec<Cell> {
    let mut cells = Vec::new();
    if column.null_frac > NONE {
        cells.push(Cell {
            count: 1.0,
            share: column.null_frac,
            nulls: 1,
        });
    }
    let values = 1.0 - column.null_frac;
    let frequent: f64 = column.frequent.iter().sum();
    let rest = Rest {
        table,
        column,
        share: (values - frequent).max(0.0),
    };
    let known = column
        .distinct
        .and_then(|known| distinct(known, table.rows));
    let distinct = known.unwrap_or(ASSUMED_DISTINCT);
    let others = distinct - column.frequent.len() as f64;
    // What is left when all values are known is chance.
    let is_all = others < 1.0 || rest.share < 1e-6;
    let scale = if is_all && frequent > 0.0 {
        values / frequent
    } else {
        1.0
    };
    cells.extend(column.frequent.iter().map(|share| Cell {
        count: 1.0,
        share: share * scale,
        nulls: 0,
    }));
    if !is_all {
        cells.extend(rest.cells(distinct, guess));
    }
    cells
}

/// Values that are not among the most common ones.
struct Rest<'a> {
    table: &'a Table,
    column: &'a Column,
    /// Share of the rows that they have.
    share: f64,
}

impl Rest<'_> {
    fn cells(&self, distinct: f64, guess: Guess) -> Vec<Cell> {
        let others = distinct - self.column.frequent.len() as f64;
        if !self.column.has_statistics() {
            let factor = match guess {
                Guess::Fewest => 0.1,
                Guess::Likely => 1.0,
                Guess::Most => return vec![unique(self.table.rows, self.share, 0)],
            };
            return self.of(others * factor);
        }
        let values = self.table.rows * (1.0 - self.column.null_frac);
        let sample = self.table.sample.min(self.table.rows) * (1.0 - self.column.null_frac);
        if distinct >= values * 0.999 {
            return match guess {
                // Of fewer values ANALYZE would have met one twice: 3 of such pairs are to be expected then.
                Guess::Fewest => self.of((sample * sample / 6.0).min(values)),
                _ => vec![unique(self.table.rows, self.share, 0)],
            };
        }
        let is_together = match guess {
            Guess::Fewest => false,
            Guess::Likely => self.column.correlation.abs() >= IN_ORDER,
            Guess::Most => true,
        };
        let seen = Seen {
            rows: values,
            sample,
            blocks: if is_together { self.blocks() } else { 1.0 },
            frequent: self.column.frequent.len() as f64,
        };
        // Chance is in the rows that were met again.
        let again = (sample - seen.distinct_of_estimate(distinct)).max(1.0);
        let chance = NORMAL_95 / again.sqrt();
        let distinct = match guess {
            Guess::Fewest => distinct / (1.0 + chance),
            Guess::Likely => distinct,
            Guess::Most => distinct * (1.0 + chance),
        };
        // What was met again may be few values that are common, and all others unique.
        let common = self.column.frequent.last();
        if guess == Guess::Most && common.is_some_and(|share| share * others > SKEWED * self.share)
        {
            return vec![unique(self.table.rows, self.share, 0)];
        }
        let most = self.table.rows * 50.0;
        if seen.estimate(&self.of(most)) <= distinct {
            return vec![unique(self.table.rows, self.share, 0)];
        }
        let (mut low, mut high) = ((others / 2.0).max(1.0).ln(), most.ln());
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if seen.estimate(&self.of(middle.exp())) < distinct {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.of(f64::midpoint(low, high).exp())
    }

    /// Share of the blocks that ANALYZE looks at: as many blocks as rows.
    fn blocks(&self) -> f64 {
        if self.table.pages > self.table.sample {
            self.table.sample / self.table.pages
        } else {
            1.0
        }
    }

    /// So many values: alike, or, where there are common ones, rarer and rarer as those become (a power of their
    /// rank that fits the rows that there are).
    fn of(&self, count: f64) -> Vec<Cell> {
        let mean = self.share / count;
        let alike = vec![Cell {
            count,
            share: mean,
            nulls: 0,
        }];
        let frequent = &self.column.frequent;
        let Some(first) = frequent.last().filter(|first| **first > mean) else {
            return alike;
        };
        let ranks = frequent.len() as f64;
        // The sum of first * (1 + x / ranks) ^ -power for x from 0 to count.
        let sum = |power: f64, to: f64| {
            let end = to / ranks;
            let whole = if (power - 1.0).abs() < 1e-6 {
                end.ln_1p()
            } else {
                (((1.0 - power) * end.ln_1p()).exp_m1()) / (1.0 - power)
            };
            first * ranks * whole
        };
        let (mut low, mut high) = (0.0, 20.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if sum(middle, count) > self.share {
                low = middle;
            } else {
                high = middle;
            }
        }
        let power = f64::midpoint(low, high);
        let step = (count / ranks).ln_1p() / f64::from(BINS);
        let edge = |bin: u32| ranks * (step * f64::from(bin)).exp_m1();
        let bins = (0..BINS).map(|bin| {
            let (from, to) = (edge(bin), edge(bin + 1));
            Cell {
                count: to - from,
                share: (sum(power, to) - sum(power, from)) / (to - from),
                nulls: 0,
            }
        });
        bins.collect()
    }
}

/// What ANALYZE makes of values that are in cells.
struct Seen {
    /// Rows that are not NULL, and those in the sample.
    rows: f64,
    sample: f64,
    /// Share of the blocks that the sample is from, where the rows of a value stand in few of them.
    blocks: f64,
    frequent: f64,
}

impl Seen {
    /// Its estimate.
    fn estimate(&self, cells: &[Cell]) -> f64 {
        let rate = self.sample / (self.rows * self.blocks);
        let (mut distinct, mut once) = (self.frequent, 0.0);
        for cell in cells {
            let met = cell.share * self.rows * rate;
            let count = cell.count * self.blocks;
            distinct += count * -(-met).exp_m1();
            once += count * met * (-met).exp();
        }
        let below = self.sample - once + once * self.sample / self.rows;
        (self.sample * distinct / below.max(1.0)).clamp(distinct, self.rows)
    }

    /// Distinct values that were in the sample, about, by the estimate that came of it.
    fn distinct_of_estimate(&self, estimate: f64) -> f64 {
        let met = self.sample / estimate.max(1.0);
        estimate * -(-met).exp_m1()
    }
}
