//! How rows spread over the values of several columns.
//!
//! Values are taken together in cells: values that may be there, each with the share of the rows that it would
//! hold on average. Rows fall into cells by chance, so a cell of which less than a row is expected is often
//! empty, and `count * (1 - exp(-rows))` of them are not (Cardenas 1975). Columns are taken as independent of
//! each other unless extended statistics, samples or foreign keys say how many values they have together.

use super::table::{Column, Table};
use super::together::{Known, Together};
use super::{chain, column, sampled};

/// How far estimates are taken to be off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// As few distinct keys as may be.
    Fewest,
    /// As is likely.
    Likely,
    /// As many as may be.
    Most,
}

/// Values of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    /// How many.
    pub count: f64,
    /// Share of the rows that each holds on average.
    pub share: f64,
    /// Bit of each column that is NULL.
    pub nulls: u64,
}

/// Cells of values that no two rows share: for each row so many, so that hardly two rows meet in one.
const EMPTY_CELLS: f64 = 1e6;
/// Cells of one power of two in their share, and columns that are NULL, are put together.
const STEPS: f64 = 2.0;

/// Cells of which each holds a row at most.
pub(super) fn unique(rows: f64, share: f64, nulls: u64) -> Cell {
    let count = rows * EMPTY_CELLS;
    Cell {
        count,
        share: share / count,
        nulls,
    }
}

impl Cell {
    /// Values that are there among so many rows.
    pub fn keys(&self, rows: f64) -> f64 {
        self.count * -(-self.share * rows).exp_m1()
    }
}

/// Distinct values among so many rows.
pub(super) fn distinct(cells: &[Cell], rows: f64) -> f64 {
    cells.iter().map(|cell| cell.keys(rows)).sum()
}

/// The cells of columns, each with its name where it is a plain one. Bits of NULLs go by the places.
pub(super) fn of_columns(
    table: &Table,
    columns: &[(Option<&str>, &Column)],
    guess: Guess,
) -> Vec<Cell> {
    let names: Vec<&str> = columns.iter().filter_map(|(name, _)| *name).collect();
    if table.is_unique(&names) {
        return vec![unique(table.rows, 1.0, 0)];
    }
    let mut left: Vec<usize> = (0..columns.len()).collect();
    let mut parts: Vec<Vec<Cell>> = Vec::new();
    for together in order(table, columns, guess) {
        let place = |name: &String| left.iter().copied().find(|at| columns[*at].0 == Some(name));
        let Some(places) = together
            .columns
            .iter()
            .map(place)
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let is_bound = matches!(together.known, Known::AtMost(_));
        if places.is_empty() || (!is_bound && places.len() < 2) {
            continue;
        }
        let single = places.iter().map(|at| one(table, columns, *at, guess));
        let part = product(single, table.rows);
        let there = distinct(&part, table.rows);
        let wanted = match together.known {
            Known::Counted(wanted) => wanted,
            // A bound that does not bind leaves the columns to themselves.
            Known::AtMost(most) if there <= most => continue,
            Known::AtMost(most) => most,
            Known::Sampled(sample) => {
                parts.push(sampled::fitted(part, &sample, table.rows, guess));
                left.retain(|at| !places.contains(at));
                continue;
            }
        };
        parts.push(squeezed(part, there, wanted, table.rows));
        left.retain(|at| !places.contains(at));
    }
    parts.extend(left.iter().map(|at| one(table, columns, *at, guess)));
    let most = parts
        .iter()
        .map(|part| distinct(part, table.rows))
        .fold(1.0, f64::max);
    let is_open = parts.len() > 1;
    let all = product(parts.into_iter(), table.rows);
    if is_open && columns.len() > 2 {
        let there = distinct(&all, table.rows);
        let bound = chain::bound(table, columns, guess);
        if let Some(bound) = bound.filter(|bound| *bound < there) {
            return squeezed(all, there, bound, table.rows);
        }
    }
    if guess == Guess::Fewest && is_open {
        // At worst one column says what the others are.
        let there = distinct(&all, table.rows);
        return squeezed(all, there, most, table.rows);
    }
    all
}

/// What is known of columns together, of which those are there that are asked for: that of the most columns first; of
/// equal ones what was counted, then what bounds them, then samples, of which those come first that differ most from
/// what columns by themselves would tell.
fn order<'t>(
    table: &'t Table,
    columns: &[(Option<&str>, &Column)],
    guess: Guess,
) -> Vec<&'t Together> {
    let rank = |together: &Together| match together.known {
        Known::Counted(distinct) => (0, distinct),
        Known::Sampled(sample) => {
            let places = together
                .columns
                .iter()
                .filter_map(|name| columns.iter().position(|(column, _)| *column == Some(name)));
            let singles = places.map(|at| one(table, columns, at, guess));
            let part = product(singles, table.rows);
            (1, sampled::nearness(&part, &sample))
        }
        Known::AtMost(distinct) => (2, distinct),
    };
    let is_there = |together: &&Together| {
        let mut names = together.columns.iter();
        names.all(|name| columns.iter().any(|(column, _)| *column == Some(name)))
    };
    let mut known: Vec<_> = (table.together.iter().filter(is_there))
        .map(|together| (together, rank(together)))
        .collect();
    known.sort_by(|(a, (kind_a, rank_a)), (b, (kind_b, rank_b))| {
        (b.columns.len().cmp(&a.columns.len()))
            .then(kind_a.cmp(kind_b))
            .then(rank_a.total_cmp(rank_b))
    });
    known.into_iter().map(|(together, _)| together).collect()
}

pub(super) fn one(
    table: &Table,
    columns: &[(Option<&str>, &Column)],
    at: usize,
    guess: Guess,
) -> Vec<Cell> {
    let mut cells = match columns[at] {
        (Some(name), _) if table.is_unique(&[name]) => vec![unique(table.rows, 1.0, 0)],
        (_, column) => column::cells(table, column, guess),
    };
    for cell in &mut cells {
        cell.nulls <<= at;
    }
    cells
}

pub(super) fn product(parts: impl Iterator<Item = Vec<Cell>>, rows: f64) -> Vec<Cell> {
    let one = Cell {
        count: 1.0,
        share: 1.0,
        nulls: 0,
    };
    parts.fold(vec![one], |all, part| {
        let pairs = all.iter().flat_map(|a| {
            part.iter().map(move |b| Cell {
                count: a.count * b.count,
                share: a.share * b.share,
                nulls: a.nulls | b.nulls,
            })
        });
        let pairs: Vec<Cell> = pairs.collect();
        if all.len() == 1 || part.len() == 1 {
            pairs
        } else {
            together(pairs, rows)
        }
    })
}

/// Puts cells together that hold about as many rows.
fn together(mut cells: Vec<Cell>, rows: f64) -> Vec<Cell> {
    let step = |cell: &Cell| ((cell.share * rows).max(1e-9).log2() * STEPS).round() as i64;
    cells.sort_by_key(|cell| (cell.nulls, step(cell)));
    let mut kept: Vec<Cell> = Vec::new();
    for cell in cells {
        match kept.last_mut() {
            Some(last) if last.nulls == cell.nulls && step(last) == step(&cell) => {
                let share = last.share * last.count + cell.share * cell.count;
                last.count += cell.count;
                last.share = share / last.count;
            }
            _ => kept.push(cell),
        }
    }
    kept
}

/// The same rows in cells of which `wanted` hold some, in place of `there`.
pub(super) fn squeezed(mut cells: Vec<Cell>, there: f64, wanted: f64, rows: f64) -> Vec<Cell> {
    let wanted = wanted.clamp(1.0, rows.max(1.0));
    if (wanted / there - 1.0).abs() < 1e-3 {
        return cells;
    }
    let by = |cells: &[Cell], factor: f64| -> Vec<Cell> {
        let scaled = cells.iter().map(|cell| Cell {
            count: cell.count * factor,
            share: cell.share / factor,
            nulls: cell.nulls,
        });
        scaled.collect()
    };
    let (mut low, mut high) = (1e-12_f64.ln(), 1e6_f64.ln());
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if distinct(&by(&cells, middle.exp()), rows) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    cells = by(&cells, f64::midpoint(low, high).exp());
    cells
}
