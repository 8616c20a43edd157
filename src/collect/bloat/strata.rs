//! Which blocks are read: one at random from each of equal strata.

/// Random numbers from a seed (`SplitMix64`, Steele and others 2014).
struct Random(u64);

impl Random {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * u128::from(bound)) >> 64) as u64
    }
}

/// Blocks chosen so far.
pub(super) struct Strata {
    blocks: u64,
    chosen: Vec<u64>,
    random: Random,
}

impl Strata {
    pub fn new(blocks: u64, seed: u64) -> Self {
        Self {
            blocks,
            chosen: Vec::new(),
            random: Random(seed),
        }
    }

    /// All blocks.
    pub fn take_all(&mut self) -> Vec<u64> {
        self.chosen = (0..self.blocks).collect();
        self.chosen.clone()
    }

    /// Divides the table into so many strata, at most as many as it has blocks. Those that were there
    /// before are divided, so `count` is a multiple of the number before; a block that was chosen stays the one of
    /// its stratum. Gives the blocks that are new.
    pub fn divide(&mut self, count: u64) -> Vec<u64> {
        let count = count.min(self.blocks);
        let mut fresh = Vec::new();
        let mut all = Vec::with_capacity(count as usize);
        let mut known = self.chosen.iter().copied().peekable();
        for stratum in 0..count {
            let start = self.blocks * stratum / count;
            let end = self.blocks * (stratum + 1) / count;
            if let Some(block) = known.next_if(|block| *block < end) {
                all.push(block);
            } else {
                let block = start + self.random.below(end - start);
                fresh.push(block);
                all.push(block);
            }
        }
        self.chosen = all;
        fresh
    }

    /// All blocks chosen so far, in their order.
    pub fn chosen(&self) -> &[u64] {
        &self.chosen
    }
}

#[cfg(test)]
mod tests {
    use super::Strata;

    #[test]
    fn each_stratum_has_one_block_at_every_step() {
        for (blocks, seed) in [(1000, 1), (317, 7), (100_003, 42), (301, 3)] {
            let mut strata = Strata::new(blocks, seed);
            let mut before: Vec<u64> = Vec::new();
            for count in [100, 300, 900] {
                let fresh = strata.divide(count);
                let count = count.min(blocks);
                let chosen = strata.chosen().to_vec();
                assert_eq!(chosen.len() as u64, count, "{blocks}");
                for (stratum, block) in (0..).zip(&chosen) {
                    let range = blocks * stratum / count..blocks * (stratum + 1) / count;
                    assert!(range.contains(block), "{block} of {blocks}, {range:?}");
                }
                assert!(before.iter().all(|block| chosen.contains(block)));
                assert_eq!(before.len() + fresh.len(), chosen.len());
                before = chosen;
                if count == blocks {
                    break;
                }
            }
        }
    }

    #[test]
    fn a_seed_chooses_the_same_blocks_and_another_one_others() {
        let chosen = |seed| Strata::new(100_000, seed).divide(100);
        assert_eq!(chosen(1), chosen(1));
        assert_ne!(chosen(1), chosen(2));
    }
}
