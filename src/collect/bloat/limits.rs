//! How much may be read to estimate bloat.

use std::time::Duration;

/// How much may be read to estimate bloat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BloatLimits {
    /// Blocks of one table, unless it is so small that all of it is read.
    pub blocks: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// Time in all.
    pub time: Duration,
    /// Which blocks are chosen. The same number chooses the same ones while a table keeps its size.
    pub seed: u64,
}

impl Default for BloatLimits {
    fn default() -> Self {
        Self {
            blocks: 300,
            bytes: 256 << 20,
            time: Duration::from_mins(1),
            seed: 0,
        }
    }
}
