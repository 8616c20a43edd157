//! Percentiles in bounded memory.

use super::room::{make_room, take};

/// Bits of a value that are kept: times of one bucket differ by less than 1 %.
const BITS: u32 = 7;

/// How many times lie in which bucket. Buckets are log-linear, as those of an HDR histogram with
/// two significant digits; only those that hold something take room, so that the many statements
/// with few or like times cost little. The order of additions does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    buckets: Vec<(u16, u32)>,
    count: u64,
}

impl Spread {
    /// Adds a value.
    pub fn add(&mut self, value: u64) {
        self.add_within(value, &mut usize::MAX.clone());
    }

    /// The same, where further buckets come out of what is left for many spreads; without it a value
    /// goes to the nearest one.
    pub fn add_within(&mut self, value: u64, room: &mut usize) {
        let mut bucket = bucket(value);
        if *room == 0 && !self.buckets.is_empty() {
            bucket = self.nearest(bucket);
        }
        match self
            .buckets
            .binary_search_by_key(&bucket, |(bucket, _)| *bucket)
        {
            Ok(at) => self.buckets[at].1 = self.buckets[at].1.saturating_add(1),
            Err(at) => {
                take(room);
                make_room(&mut self.buckets);
                self.buckets.insert(at, (bucket, 1));
            }
        }
        self.count += 1;
    }

    /// The nearest bucket that is there.
    fn nearest(&self, bucket: u16) -> u16 {
        let at = self.buckets.partition_point(|(known, _)| *known < bucket);
        let around = self.buckets.iter().skip(at.saturating_sub(1)).take(2);
        around
            .map(|(known, _)| *known)
            .min_by_key(|known| known.abs_diff(bucket))
            .unwrap_or(bucket)
    }

    /// The buckets that hold something: the least value that lies in one, the least that does not any
    /// more, and how many lie in it.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        self.buckets.iter().map(|(bucket, count)| {
            let (low, width) = range(*bucket);
            (low, low.saturating_add(width), u64::from(*count))
        })
    }

    /// The same, as the least and the most value that lie in each, with those below `fine` joined to
    /// halves of powers of two.
    pub fn coarse(&self, fine: u64) -> Vec<(u64, u64, u64)> {
        let mut out: Vec<(u64, u64, u64)> = Vec::new();
        for (low, end, count) in self.buckets() {
            let class = |value: u64| {
                let power = value.max(1).ilog2();
                (power, (value >> power.saturating_sub(1)) & 1)
            };
            match out.last_mut() {
                Some(last) if low < fine && class(last.0) == class(low) => {
                    last.1 = end - 1;
                    last.2 += count;
                }
                _ => out.push((low, end - 1, count)),
            }
        }
        out
    }

    /// Adds all values of another.
    pub fn join(&mut self, other: &Self) {
        for (bucket, count) in &other.buckets {
            match self
                .buckets
                .binary_search_by_key(bucket, |(bucket, _)| *bucket)
            {
                Ok(at) => self.buckets[at].1 = self.buckets[at].1.saturating_add(*count),
                Err(at) => self.buckets.insert(at, (*bucket, *count)),
            }
        }
        self.count += other.count;
    }

    /// The value that a share of all values, 0 to 1, does not exceed, to 0.4 % (nearest rank);
    /// `None` where there is none.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let rank = ((share * self.count as f64).ceil() as u64).clamp(1, self.count.max(1));
        let mut sum = 0;
        self.buckets.iter().find_map(|(bucket, count)| {
            sum += u64::from(*count);
            (sum >= rank).then(|| middle(*bucket))
        })
    }
}

fn bucket(value: u64) -> u16 {
    let shift = (u64::BITS - value.leading_zeros()).saturating_sub(BITS + 1);
    // The leading bit of the shifted value is set but for the smallest ones.
    ((shift << BITS) + (value >> shift) as u32) as u16
}

/// The least value of a bucket, and how many values it has.
fn range(bucket: u16) -> (u64, u64) {
    let bucket = u32::from(bucket);
    let shift = (bucket >> BITS).saturating_sub(1);
    (u64::from(bucket - (shift << BITS)) << shift, 1 << shift)
}

fn middle(bucket: u16) -> u64 {
    let (low, width) = range(bucket);
    low + (width - 1) / 2
}
