//! Distinct values of three columns and more, by what samples tell of pairs of them.

use super::cells::{Guess, distinct, of_columns, one, product};
use super::sampled;
use super::table::{Column, Table};
use super::together::Known;

/// There are about so many at most: columns are taken one by one, and each adds as many values to those of one before it
/// as pairs of the two tell. `None`: of no two columns is known that they go together.
pub(super) fn bound(
    table: &Table,
    columns: &[(Option<&str>, &Column)],
    guess: Guess,
) -> Option<f64> {
    let count = columns.len();
    let alone: Vec<f64> = (0..count)
        .map(|at| distinct(&one(table, columns, at, guess), table.rows).max(1.0))
        .collect();
    let place = |name: &String| columns.iter().position(|(column, _)| *column == Some(name));
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for together in &table.together {
        let (Known::Sampled(sample), [a, b]) = (together.known, together.columns.as_slice()) else {
            continue;
        };
        let (Some(a), Some(b)) = (place(a), place(b)) else {
            continue;
        };
        let singles = [a, b].map(|at| one(table, columns, at, guess));
        let cells = product(singles.into_iter(), table.rows);
        if sampled::is_bound(&cells, &sample, table.rows) {
            let known = of_columns(table, &[columns[a], columns[b]], guess);
            pairs.push((a, b, distinct(&known, table.rows)));
        }
    }
    // From each column on, since it matters which one the others hang on.
    let chains = (0..count).map(|first| {
        let (mut taken, mut all) = (vec![first], alone[first]);
        while taken.len() < count {
            let factor = |at: usize| {
                let known = pairs.iter().filter_map(|(a, b, together)| {
                    let other = if *a == at { *b } else { *a };
                    let is_it = (*a == at || *b == at) && taken.contains(&other);
                    is_it.then(|| (together / alone[other]).max(1.0))
                });
                known.fold(alone[at], f64::min)
            };
            let left = (0..count).filter(|at| !taken.contains(at));
            let next = left
                .map(|at| (at, factor(at)))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((at, factor)) = next else { break };
            taken.push(at);
            all *= factor;
        }
        all
    });
    let least = chains.fold(f64::INFINITY, f64::min);
    (!pairs.is_empty()).then_some(least)
}
