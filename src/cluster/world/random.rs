//! Numbers that look random and are the same for the same seed.

/// A generator after Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
/// (2014): a counter, scrambled.
pub(super) struct Random(u64);

impl Random {
    /// The generator for one purpose: the seed and what tells this purpose from others.
    pub fn new(seed: u64, purpose: &[u64]) -> Self {
        let mut random = Self(seed);
        for part in purpose {
            random.0 = random.next() ^ part;
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An index below `length`, which must not be 0.
    pub fn below(&mut self, length: usize) -> usize {
        ((self.unit() * length as f64) as usize).min(length - 1)
    }

    /// Puts a list into another order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    fn draw(seed: u64, purpose: &[u64]) -> Vec<usize> {
        let mut random = Random::new(seed, purpose);
        (0..8).map(|_| random.below(1000)).collect()
    }

    #[test]
    fn the_same_for_the_same_seed_and_purpose_only() {
        assert_eq!(draw(1, &[2, 3]), draw(1, &[2, 3]));
        assert_ne!(draw(1, &[2, 3]), draw(2, &[2, 3]));
        assert_ne!(draw(1, &[2, 3]), draw(1, &[3, 2]));
    }

    #[test]
    fn spread_evenly() {
        let mut random = Random::new(7, &[]);
        let mut counts = [0; 10];
        for _ in 0..10_000 {
            counts[random.below(10)] += 1;
        }
        assert!(
            counts.iter().all(|&n| (850..1150).contains(&n)),
            "{counts:?}"
        );
    }
}
