//! How well an index fits an access path.
//!
//! Rows that are read are estimated as the planner does without values: `1 / n_distinct` for `=`,
//! independent of each other, and [`RANGE`] for a range.

use super::path::{Path, Sort};
use super::table::{Index, Table};

/// Share of rows that `<` or `>` leaves when nothing is known: `DEFAULT_INEQ_SEL` of selfuncs.h.
const RANGE: f64 = 1.0 / 3.0;

/// Elements of a list whose length is not known.
const LIST: f64 = 10.0;

/// Rows that are read without further thought: fewer make another column no gain.
const FEW: f64 = 10.0;

/// Least factor by which a further column must cut the rows.
const CUT: f64 = 2.0;

/// Rows that a path reads by an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// The index; none: the table is read.
    pub index: Option<i64>,
    pub rows: f64,
    /// It gives the order that is asked for.
    pub is_sorted: bool,
}

/// An index that would serve.
#[derive(Debug)]
pub(super) struct Wanted {
    pub columns: Vec<Sort>,
    /// Columns at its beginning that are compared with `=` or lists.
    pub equalities: usize,
    pub rows: f64,
    pub is_sorted: bool,
    /// The statistics of all its columns are known, and no rows are skipped.
    pub is_known: bool,
}

/// A path to a table.
pub(super) struct Search<'a> {
    pub table: &'a Table,
    pub path: &'a Path,
}

impl Search<'_> {
    fn share(&self, column: &str) -> Option<f64> {
        let path = self.path;
        let share = self.table.selectivity(column).0;
        if path.equality.iter().any(|name| name == column) {
            Some(share)
        } else if path.within.iter().any(|name| name == column) {
            Some((share * LIST).min(1.0))
        } else {
            None
        }
    }

    fn is_range(&self, column: &str) -> bool {
        self.path.range.iter().any(|name| name == column)
    }

    /// Share of the rows that all conditions leave, as far as is known.
    fn matching(&self) -> f64 {
        if let Some(rows) = self.path.matching {
            return (rows / self.table.rows).clamp(1.0 / self.table.rows, 1.0);
        }
        let equal = self.path.equality.iter().chain(&self.path.within);
        let mut share: f64 = equal.filter_map(|column| self.share(column)).product();
        for _ in &self.path.range {
            share *= RANGE;
        }
        share.max(1.0 / self.table.rows)
    }

    /// Rows read when `share` of them comes by an index, in the order asked for or not.
    fn rows(&self, share: f64, is_sorted: bool) -> f64 {
        let all = (self.table.rows * share).max(1.0);
        match self.path.limit {
            // Reading ends when enough rows have passed the conditions that remain.
            Some(limit) if is_sorted || self.path.sort.is_empty() => {
                let passing = (self.matching() / share).clamp(1.0 / all, 1.0);
                all.min(limit / passing)
            }
            _ => all,
        }
    }

    /// Rows read now, by the best of all indexes.
    pub fn now(&self) -> Fit {
        let mut best = Fit {
            index: None,
            rows: self.rows(1.0, false),
            is_sorted: self.path.sort.is_empty(),
        };
        for index in &self.table.indexes {
            let fit = self.by(index);
            if fit.rows < best.rows || (fit.is_sorted && !best.is_sorted && fit.rows <= best.rows) {
                best = fit;
            }
        }
        best
    }

    fn by(&self, index: &Index) -> Fit {
        let (mut share, mut used) = (1.0, 0);
        for key in &index.keys {
            let Some(column) = key.column.as_deref() else {
                break;
            };
            if let Some(one) = self.share(column) {
                share *= one;
            } else if !index.is_btree && self.path.other.iter().any(|name| name == column) {
                // An index of another kind for an operator of its own: how well, nobody knows.
                share = 0.0;
            } else if self.is_range(column) {
                share *= self.range(share);
                used += 1;
                break;
            } else if index.is_btree {
                break;
            } else {
                continue;
            }
            used += 1;
        }
        let is_sorted = index.is_btree && self.gives_order(index, used);
        let rows = if used > 0 || is_sorted {
            self.rows(share.max(1.0 / self.table.rows), is_sorted)
        } else {
            self.table.rows
        };
        Fit {
            index: Some(index.id),
            rows,
            is_sorted,
        }
    }

    /// Share that a range leaves of what `share` left: by the counters where these tell it.
    fn range(&self, share: f64) -> f64 {
        match self.path.matching {
            Some(rows) => (rows / (self.table.rows * share)).clamp(0.0, 1.0),
            None => RANGE,
        }
    }

    /// After the columns that are equal the index has those of ORDER BY, forwards or backwards.
    fn gives_order(&self, index: &Index, used: usize) -> bool {
        let sort = &self.path.sort;
        if sort.is_empty() {
            return false;
        }
        // A range may stand on the first column of the order.
        let skipped = used - usize::from(self.ends_in_range(index, used));
        let keys = &index.keys[skipped.min(index.keys.len())..];
        let matches = |backwards: bool| {
            keys.len() >= sort.len()
                && keys.iter().zip(sort).all(|(key, sort)| {
                    key.column.as_deref() == Some(sort.column.as_str())
                        && (key.is_descending != sort.is_descending) == backwards
                })
        };
        matches(false) || matches(true)
    }

    fn ends_in_range(&self, index: &Index, used: usize) -> bool {
        let last = used.checked_sub(1).and_then(|last| index.keys.get(last));
        last.and_then(|key| key.column.as_deref())
            .is_some_and(|column| self.share(column).is_none() && self.is_range(column))
    }

    /// The columns of an index for the path: those compared with `=`, the most selective first, as
    /// long as each cuts the rows further; then the order under a LIMIT, or one range.
    pub fn wanted(&self) -> Option<Wanted> {
        let mut equal: Vec<(&String, f64)> = self
            .path
            .equality
            .iter()
            .chain(&self.path.within)
            .filter(|column| self.table.is_indexable(column))
            .filter_map(|column| Some((column, self.share(column)?)))
            .collect();
        equal.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)));
        let mut share = 1.0;
        let mut columns: Vec<Sort> = Vec::new();
        let plain = |column: &String| Sort {
            column: column.clone(),
            is_descending: false,
        };
        for (column, one) in equal {
            if self.table.rows * share > FEW && one * CUT <= 1.0 {
                columns.push(plain(column));
                share *= one;
            }
        }
        let equalities = columns.len();
        let in_lists = columns
            .iter()
            .any(|column| self.path.within.contains(&column.column));
        let mut is_sorted = self.path.sort.is_empty();
        if self.table.rows * share > FEW {
            let sort = &self.path.sort;
            let is_free = |sort: &Sort| columns.iter().all(|c| c.column != sort.column);
            let indexable = |sort: &Sort| self.table.is_indexable(&sort.column);
            let range = (self.path.range.iter()).find(|column| self.table.is_indexable(column));
            if !sort.is_empty() && !in_lists && sort.iter().all(|s| is_free(s) && indexable(s)) {
                if range == Some(&sort[0].column) {
                    share *= self.range(share);
                }
                // Backwards is as good: only a mixed order needs its directions.
                let is_uniform = sort
                    .iter()
                    .all(|s| s.is_descending == sort[0].is_descending);
                let order = sort.iter().map(|sort| Sort {
                    is_descending: sort.is_descending && !is_uniform,
                    ..sort.clone()
                });
                columns.extend(order);
                is_sorted = true;
            } else if let Some(column) = range {
                columns.push(plain(column));
                share *= self.range(share);
            }
        }
        let is_known = !self.path.skips
            && columns[..equalities]
                .iter()
                .all(|column| self.table.selectivity(&column.column).1);
        (!columns.is_empty()).then(|| Wanted {
            rows: self.rows(share.max(1.0 / self.table.rows), is_sorted),
            columns,
            equalities,
            is_sorted,
            is_known,
        })
    }
}
