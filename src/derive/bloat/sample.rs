//! The rows of some blocks of a table.

use std::ops::Range;

/// What is known of a column's values, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Of a fixed length and never NULL: nothing had to be read.
    Present,
    /// `pg_column_size` of each; `None`: NULL.
    Sizes(Vec<Option<i32>>),
}

impl Values {
    /// Bytes of the value in a row; of no meaning where the length is fixed.
    pub fn size(&self, row: usize) -> Option<i64> {
        match self {
            Self::Present => Some(0),
            Self::Sizes(sizes) => sizes[row].map(i64::from),
        }
    }
}

/// The live rows of blocks that were chosen one from each of as many strata, in the order of the
/// table, or of all blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Blocks that the table has.
    pub blocks: u64,
    /// For each block read, the number of its first row; blocks may be empty.
    pub starts: Vec<usize>,
    /// Rows read.
    pub rows: usize,
    /// What was read of the rows: columns and computed values.
    pub values: Vec<Values>,
    /// Whether rows are in a partial index.
    pub conditions: Vec<Vec<bool>>,
    /// Hashes of keys.
    pub hashes: Vec<Vec<i64>>,
}

impl Sample {
    /// Whether all blocks were read.
    pub fn is_whole(&self) -> bool {
        self.starts.len() as u64 >= self.blocks
    }

    /// Blocks of the table for one that was read.
    pub fn scale(&self) -> f64 {
        if self.is_whole() {
            1.0
        } else {
            self.blocks as f64 / self.starts.len() as f64
        }
    }

    /// Rows of the block that was read as number `at`.
    pub fn block(&self, at: usize) -> Range<usize> {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.rows);
        self.starts[at]..end
    }
}
