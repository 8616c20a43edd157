//! Counts of values in blocks that were drawn.

use std::collections::{HashMap, HashSet};

/// A row of a block, with a hash of each column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its block.
    pub block: i64,
    /// Hashes of the columns; `None`: NULL.
    pub hashes: Vec<Option<u32>>,
}

/// How many distinct values two columns have together in some blocks. Rows with a NULL in one of them do not count:
/// what single columns tell of those is enough, and they stand apart from rows that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Distinct values of each block, summed.
    pub by_block: usize,
    /// Distinct values of all blocks together.
    pub in_all: usize,
    /// For each two blocks the square of how many values they share, summed: few blocks that share much tell less than
    /// many that share little.
    pub shared_squares: u64,
}

/// Blocks that rows are of.
pub fn blocks(rows: &[Drawn]) -> usize {
    let blocks: HashSet<i64> = rows.iter().map(|row| row.block).collect();
    blocks.len()
}

/// Counts the pairs of two columns, told by their places.
pub fn counts(rows: &[Drawn], first: usize, second: usize) -> Counts {
    let hash = |row: &Drawn, place: usize| row.hashes.get(place).copied().flatten();
    let pairs = rows.iter().filter_map(|row| {
        let pair = u64::from(hash(row, first)?) << 32 | u64::from(hash(row, second)?);
        Some((pair, row.block))
    });
    let mut pairs: Vec<(u64, i64)> = pairs.collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut shared: HashMap<(i64, i64), u64> = HashMap::new();
    let mut in_all = 0;
    for alike in pairs.chunk_by(|(a, _), (b, _)| a == b) {
        in_all += 1;
        // Each with the one before it: of many blocks all pairs would be too many.
        for two in alike.windows(2) {
            *shared.entry((two[0].1, two[1].1)).or_default() += 1;
        }
    }
    Counts {
        by_block: pairs.len(),
        in_all,
        shared_squares: shared.values().map(|count| count * count).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Drawn, blocks, counts};

    #[test]
    fn rows_of_a_block_that_are_alike_count_once() {
        let rows: Vec<Drawn> = [
            (1, Some(7), Some(8)),
            (1, Some(7), Some(8)),
            (1, Some(7), None),
            (2, Some(8), Some(7)),
            (5, Some(7), Some(8)),
            (1, Some(9), Some(9)),
            (5, Some(9), Some(9)),
        ]
        .into_iter()
        .map(|(block, a, b)| Drawn {
            block,
            hashes: vec![a, b],
        })
        .collect();
        let wanted = Counts {
            by_block: 5,
            in_all: 3,
            shared_squares: 4,
        };
        assert_eq!((blocks(&rows), counts(&rows, 0, 1)), (3, wanted));
    }
}
