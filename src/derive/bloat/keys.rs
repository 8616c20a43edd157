//! How many rows share a key, by a sample of blocks.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::spread::Seen;

/// A key is frequent from so many blocks on, and from this share of the sampled rows on: then its own count
/// says more than what is estimated of all.
const FREQUENT_BLOCKS: usize = 5;
const FREQUENT_SHARE: f64 = 0.002;

/// How many keys are taken to be there that the sample did not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// As many as is likely.
    Likely,
    /// As few as may be.
    Fewest,
}

/// A key as it was met.
#[derive(Debug, Clone, Copy)]
struct Met {
    size: i64,
    rows: usize,
    blocks: usize,
    last_block: usize,
}

/// Keys of one kind: the size of their entry, the rows that each has, and how many such keys there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Keys {
    pub size: i64,
    pub rows: u64,
    pub count: f64,
}

/// The keys of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct AllKeys {
    /// Each by itself.
    pub counted: Vec<Keys>,
    /// Estimated from all that are not frequent.
    pub estimated: Vec<Keys>,
}

/// A row's key: hash, size of its entry, and number of the block that was read.
pub(super) type Key = (i64, i64, usize);

/// Keys of the whole table by those of a sample of `read` blocks, each of which stands for `scale`.
///
/// Frequent keys go by their own counts. Of the others it is estimated how many there are, not by
/// rows but by pairs of key and block: rows of one key often stand together, and then a sample of
/// blocks holds all of them or none.
pub(super) fn keys(rows: &[Key], scale: f64, guess: Guess) -> AllKeys {
    let mut met: HashMap<i64, Met, FixedState> = HashMap::default();
    for (hash, size, block) in rows {
        let key = met.entry(*hash).or_insert(Met {
            size: *size,
            rows: 0,
            blocks: 0,
            last_block: usize::MAX,
        });
        key.rows += 1;
        if key.last_block != *block {
            key.blocks += 1;
            key.last_block = *block;
        }
    }
    // The order of hashes: no order.
    let mut all: Vec<(i64, Met)> = met.into_iter().collect();
    all.sort_unstable_by_key(|(hash, _)| *hash);
    if scale <= 1.0 {
        return AllKeys {
            counted: all.iter().map(|(_, key)| key.scaled(1.0)).collect(),
            estimated: Vec::new(),
        };
    }
    let least = FREQUENT_SHARE * rows.len() as f64;
    let is_frequent = |key: &Met| key.blocks >= FREQUENT_BLOCKS && key.rows as f64 >= least;
    let (frequent, rare): (Vec<_>, Vec<_>) =
        all.into_iter().map(|(_, key)| key).partition(is_frequent);
    let mut keys = AllKeys {
        counted: frequent.iter().map(|key| key.scaled(scale)).collect(),
        estimated: Vec::new(),
    };
    rare_keys(&rare, scale, guess, &mut keys);
    keys
}

impl Met {
    fn scaled(&self, scale: f64) -> Keys {
        Keys {
            size: self.size,
            rows: (self.rows as f64 * scale).round().max(1.0) as u64,
            count: 1.0,
        }
    }
}

fn rare_keys(rare: &[Met], scale: f64, guess: Guess, all: &mut AllKeys) {
    if rare.is_empty() {
        return;
    }
    let seen = Seen {
        pairs: rare.iter().map(|key| key.blocks as f64).sum(),
        distinct: rare.len() as f64,
        once: rare.iter().filter(|key| key.blocks == 1).count() as f64,
    };
    let spread = match guess {
        Guess::Likely => seen.likely(scale),
        Guess::Fewest => seen.fewest(scale),
    };
    // Size of the entry, and rows in a block: how often both come together.
    let mut kinds: HashMap<(i64, u64), f64, FixedState> = HashMap::default();
    for key in rare {
        let in_block = (key.rows as f64 / key.blocks as f64).round() as u64;
        *kinds.entry((key.size, in_block)).or_default() += 1.0;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_unstable_by_key(|(kind, _)| *kind);
    let mut rows = 0.0;
    for ((size, in_block), times) in kinds {
        for (blocks, share) in &spread.shares {
            let count = spread.keys * times / seen.distinct * share;
            let keys = Keys {
                size,
                rows: in_block * blocks,
                count,
            };
            rows += keys.rows as f64 * count;
            all.estimated.push(keys);
        }
    }
    // There are as many rows as there are, whatever the shares say: what they lack is in the long
    // tail of keys, where entries are full.
    let there: usize = rare.iter().map(|key| key.rows).sum();
    let there = there as f64 * scale;
    if rows > there {
        let share = there / rows;
        all.estimated
            .iter_mut()
            .for_each(|keys| keys.count *= share);
    } else if there - rows >= 1.0 {
        all.counted.push(Keys {
            size: rare[0].size,
            rows: (there - rows) as u64,
            count: 1.0,
        });
    }
}
