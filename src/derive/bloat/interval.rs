//! How far off an estimate may be: by the choice of blocks, and by the model itself.

/// Standard deviations on either side that hold 95 % of a normal distribution.
const NORMAL_95: f64 = 1.96;
/// The same for a spread that is estimated from ten groups (Student's t, 9 degrees of freedom).
const STUDENT_95_9: f64 = 2.262;
/// Groups of a jackknife.
pub(super) const GROUPS: usize = 10;

/// What a rewrite would need, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// The estimate.
    pub bytes: f64,
    /// Half the width of its 95 % interval as far as the choice of blocks makes it.
    pub chance: f64,
    /// What the model itself may be off.
    pub model: f64,
}

/// What a rewrite would give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bloat {
    /// Bytes.
    pub bytes: i64,
    /// Half the width of the 95 % interval, bytes.
    pub plus_minus: i64,
}

impl Need {
    /// Against the size that there is. Both parts of the interval are independent, so their squares
    /// add up.
    pub fn bloat(&self, size: i64) -> Bloat {
        let bytes = (size as f64 - self.bytes).clamp(0.0, size as f64);
        Bloat {
            bytes: bytes.round() as i64,
            plus_minus: self.chance.hypot(self.model).min(size as f64).ceil() as i64,
        }
    }
}

/// Half the width of the 95 % interval of the sum over the whole table, in the unit of one sampled
/// block, for one block from each stratum: by the differences of neighbours (Wolter, "Introduction
/// to Variance Estimation", systematic samples), since strata have one block each.
pub(super) fn by_neighbours(blocks: &[f64], of: u64) -> f64 {
    let count = blocks.len() as f64;
    if blocks.len() < 2 || blocks.len() as u64 >= of {
        return 0.0;
    }
    let squares: f64 = blocks
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).powi(2))
        .sum();
    let unread = 1.0 - count / of as f64;
    NORMAL_95 * (unread * count / (2.0 * (count - 1.0)) * squares).sqrt()
}

/// The same from estimates that each leave out one of [`GROUPS`] groups of blocks.
pub(super) fn by_groups(estimates: &[f64], read: usize, of: u64) -> f64 {
    let count = estimates.len() as f64;
    if estimates.len() < 2 || read as u64 >= of {
        return 0.0;
    }
    let mean = estimates.iter().sum::<f64>() / count;
    let squares: f64 = estimates.iter().map(|one| (one - mean).powi(2)).sum();
    let unread = 1.0 - read as f64 / of as f64;
    STUDENT_95_9 * (unread * (count - 1.0) / count * squares).sqrt()
}
