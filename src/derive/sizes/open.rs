//! Pairs of columns of which nothing tells how many values they have together, where a size goes by that.

use super::cells::{Guess, distinct, of_columns};
use super::table::{Table, Tables};
use super::together::Known;
use super::types::Merging;

/// Rows to a key from which on an entry is addresses for the most part: 50 of them take 300 bytes, a key of two columns
/// some 20. So it matters little how many keys there are.
const MANY_ROWS: f64 = 50.0;
/// Fewer values than this factor apart are no doubt: a size would be off by less.
const DOUBT: f64 = 1.5;
/// Bytes of longer values are read from elsewhere, and are seldom a part of a key.
const LONG: i64 = 64;

/// The open pairs of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenPairs {
    /// `relations.id`.
    pub relation: i64,
    /// Pages of the table.
    pub pages: f64,
    /// Pairs of columns, those of the greatest doubt first.
    pub pairs: Vec<[String; 2]>,
}

impl Tables {
    /// The open pairs of all tables, the largest table first.
    pub fn open_pairs(&self) -> Vec<OpenPairs> {
        let tables = self.by_id.iter().map(|(id, table)| OpenPairs {
            relation: *id,
            pages: table.pages,
            pairs: table.open_pairs(),
        });
        let mut tables: Vec<OpenPairs> = tables.filter(|table| !table.pairs.is_empty()).collect();
        tables.sort_by(|a, b| {
            let by_pages = b.pages.total_cmp(&a.pages);
            by_pages.then(a.relation.cmp(&b.relation))
        });
        tables
    }
}

impl Table {
    fn open_pairs(&self) -> Vec<[String; 2]> {
        let mut single: Vec<(&str, f64)> = (self.columns.iter())
            .filter(|(name, column)| {
                column.merging == Merging::Yes
                    && column.has_statistics()
                    && column.mean_width.is_some_and(|width| width <= LONG)
                    && !self.is_unique(&[name])
            })
            .map(|(name, column)| {
                let cells = of_columns(self, &[(Some(name), column)], Guess::Likely);
                (name.as_str(), distinct(&cells, self.rows))
            })
            .filter(|(_, distinct)| *distinct * DOUBT < self.rows)
            .collect();
        single.sort_by_key(|(name, _)| *name);
        let mut pairs: Vec<([String; 2], f64)> = Vec::new();
        for (at, (first, of_a)) in single.iter().enumerate() {
            for (second, of_b) in &single[at + 1..] {
                let names = [*first, *second];
                if self.is_unique(&names) || self.is_counted(&names) {
                    continue;
                }
                // The least of what they might have is what the one with more values has.
                let least = of_a.max(*of_b);
                // As many of all pairs as rows fall into, all pairs alike.
                let all = of_a * of_b;
                let likely = all * -(-self.rows / all).exp_m1();
                if likely > least * DOUBT && self.rows < likely * MANY_ROWS {
                    pairs.push((names.map(str::to_owned), likely / least));
                }
            }
        }
        pairs.sort_by(|(a, doubt_a), (b, doubt_b)| doubt_b.total_cmp(doubt_a).then(a.cmp(b)));
        pairs.into_iter().map(|(pair, _)| pair).collect()
    }

    /// ANALYZE has counted how many values they have together.
    fn is_counted(&self, names: &[&str; 2]) -> bool {
        self.together.iter().any(|together| {
            matches!(together.known, Known::Counted(_))
                && together.columns.len() == names.len()
                && names
                    .iter()
                    .all(|name| together.columns.iter().any(|it| it == name))
        })
    }
}
