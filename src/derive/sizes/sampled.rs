//! Distinct values of several columns by what was found in some blocks.

use super::cells::{Cell, Guess, distinct, squeezed};
use super::together::Sample;

/// Standard deviations on either side that hold 95 % of a normal distribution.
const NORMAL_95: f64 = 1.96;
/// Further off than this many deviations is no chance, where many pairs of columns are looked at.
const CHANCE: f64 = 3.0;
/// Columns with fewer values than this share of those of independent columns go together.
const BOUND: f64 = 0.8;

/// The cells of columns, given as they would be if the columns were independent of each other. Where the sample is
/// as those would have it, they stay. Else values are as many as it takes to meet as many of them again. Rows with NULLs
/// are not in the sample, and stay as they are.
pub(super) fn fitted(cells: Vec<Cell>, sample: &Sample, rows: f64, guess: Guess) -> Vec<Cell> {
    let (nulls, values): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(|it| it.nulls != 0);
    let (whole, share) = whole(values);
    if share <= 0.0 {
        return nulls;
    }
    let rows = rows * share;
    let there = distinct(&whole, rows);
    let wanted = distinct_of(&whole, sample, rows, guess);
    let fitted = squeezed(whole, there, wanted, rows);
    let parts = fitted.into_iter().map(|cell| Cell {
        share: cell.share * share,
        ..cell
    });
    parts.chain(nulls).collect()
}

/// Cells as shares of all that they hold together, and how much that is.
fn whole(mut cells: Vec<Cell>) -> (Vec<Cell>, f64) {
    let share: f64 = cells.iter().map(|cell| cell.count * cell.share).sum();
    if share > 0.0 {
        for cell in &mut cells {
            cell.share /= share;
        }
    }
    (cells, share)
}

/// How many distinct values there are among so many rows, all of which are in cells.
fn distinct_of(cells: &[Cell], sample: &Sample, rows: f64, guess: Guess) -> f64 {
    let expected = distinct(cells, sample.rows);
    let again = sample.again();
    let most = (sample.rows / sample.share).min(rows);
    let all = match guess {
        Guess::Most => most,
        // Rows that stand together run over from a block into the next one, which is hardly in the sample too.
        _ => most - sample.blocks * (1.0 - most / rows).min(most / sample.blocks / 2.0),
    };
    let alone = distinct(cells, rows).min(all);
    let of = |again: f64| {
        let found = (sample.rows - again).clamp(1.0, sample.rows);
        let fitted = squeezed(cells.to_vec(), expected, found, sample.rows);
        distinct(&fitted, all).clamp(found.min(all), rows)
    };
    let chance = NORMAL_95 * sample.variance.max(again).sqrt() + 1.0;
    let is_independent = is_chance(sample, sample.rows - expected);
    match guess {
        Guess::Likely if is_independent => alone,
        Guess::Likely => of(again),
        Guess::Fewest if is_independent => of(again + chance).min(alone),
        Guess::Fewest => of(again + chance),
        Guess::Most if is_independent => of(again - chance).max(alone),
        Guess::Most => of(again - chance),
    }
}

/// Whether columns go together: there are fewer values than independent columns have, and not by chance.
pub(super) fn is_bound(cells: &[Cell], sample: &Sample, rows: f64) -> bool {
    let values: Vec<Cell> = cells.iter().filter(|it| it.nulls == 0).copied().collect();
    let (values, share) = whole(values);
    let wanted = distinct_of(&values, sample, rows * share, Guess::Likely);
    share > 0.0 && wanted < distinct(&values, rows * share) * BOUND
}

/// How near a sample is to what independent columns would have given: 0 is far, 1 is the same.
pub(super) fn nearness(cells: &[Cell], sample: &Sample) -> f64 {
    let values: Vec<Cell> = cells.iter().filter(|it| it.nulls == 0).copied().collect();
    let (values, _) = whole(values);
    let expected = sample.rows - distinct(&values, sample.rows);
    if is_chance(sample, expected) {
        return 1.0;
    }
    let (found, expected) = (sample.again() + 1.0, expected + 1.0);
    (expected / found).min(found / expected)
}

/// Whether chance alone may have made what was met again of `expected`.
fn is_chance(sample: &Sample, expected: f64) -> bool {
    let variance = sample.variance.max(expected).max(1.0);
    (sample.again() - expected).abs() <= CHANCE * variance.sqrt()
}

impl Sample {
    /// How many were met again.
    fn again(&self) -> f64 {
        (self.rows - self.distinct).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::distinct_of;
    use crate::derive::sizes::cells::{Cell, Guess};
    use crate::derive::sizes::together::Sample;

    /// Of a table of six million rows, of which 300 blocks of 100,000 were read; columns by themselves would have
    /// as many pairs as `alone`.
    fn check(alone: f64, found: (f64, f64), wanted: (f64, f64)) {
        let cells = [Cell {
            count: alone,
            share: 1.0 / alone,
            nulls: 0,
        }];
        let sample = Sample {
            share: 0.003,
            rows: found.0,
            distinct: found.1,
            variance: found.0 - found.1,
            blocks: 100_000.0,
        };
        let [fewest, likely, most] = [Guess::Fewest, Guess::Likely, Guess::Most]
            .map(|guess| distinct_of(&cells, &sample, 6e6, guess));
        assert!(
            (wanted.0..=wanted.1).contains(&likely) && fewest <= likely && likely <= most,
            "{alone} {found:?}: {fewest} {likely} {most}"
        );
    }

    #[test]
    fn what_is_met_again_tells_how_many_there_are() {
        // 18,000 rows of 800,000 values: 202 are met again.
        check(2e9, (18_000.0, 17_798.0), (700_000.0, 900_000.0));
        check(6e6, (18_000.0, 16_000.0), (60_000.0, 90_000.0));
        // As many as independent columns have it.
        check(2e9, (18_000.0, 18_000.0), (5.9e6, 6e6));
        check(800_000.0, (18_000.0, 17_800.0), (790_000.0, 800_000.0));
        // Four rows of each value in a block: one was counted.
        check(1e10, (4500.0, 4500.0), (1.4e6, 1.45e6));
        check(1e10, (4500.0, 4450.0), (160_000.0, 240_000.0));
    }
}
