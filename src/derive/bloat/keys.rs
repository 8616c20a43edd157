//! How many rows share a key, by a sample of blocks.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// A key is frequent from so many blocks on, and from this share of the sampled rows on: then its own count
/// says more than what is estimated of all.
const FREQUENT_BLOCKS: usize = 5;
const FREQUENT_SHARE: f64 = 0.002;
/// Rows of one key for which sizes are worked out; entries of more rows are all alike.
const MOST_ROWS: u64 = 4000;

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
/// Frequent keys go by their own counts. For the others the number of distinct keys is estimated by
/// Duj1 (Haas and Stokes 1998, as ANALYZE does), not over rows but over pairs of key and block: rows of
/// one key often stand together, and then a sample of blocks holds all of them or none.
pub(super) fn keys(rows: &[Key], scale: f64) -> AllKeys {
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
    AllKeys {
        counted: frequent.iter().map(|key| key.scaled(scale)).collect(),
        estimated: rare_keys(&rare, scale),
    }
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

fn rare_keys(rare: &[Met], scale: f64) -> Vec<Keys> {
    if rare.is_empty() {
        return Vec::new();
    }
    let distinct = rare.len() as f64;
    let rows: usize = rare.iter().map(|key| key.rows).sum();
    let pairs = rare.iter().map(|key| key.blocks).sum::<usize>() as f64;
    let once = rare.iter().filter(|key| key.blocks == 1).count() as f64;
    let estimate = pairs * distinct / (pairs - once + once / scale);
    let all = estimate.clamp(distinct, pairs * scale);
    // Blocks that a key is in, over the whole table.
    let spread = pairs * scale / all;
    let shares = truncated_poisson(spread);
    let each = all / distinct;
    let mut keys: HashMap<(i64, u64), f64, FixedState> = HashMap::default();
    let mut total = 0.0;
    for key in rare {
        let in_block = key.rows as f64 / key.blocks as f64;
        for (blocks, share) in &shares {
            let rows = (in_block * *blocks as f64).round().max(1.0) as u64;
            let count = each * share;
            *keys.entry((key.size, rows.min(MOST_ROWS))).or_default() += count;
            total += count * rows as f64;
        }
    }
    // Keys have as many rows as there are, whatever the shares say.
    let correction = rows as f64 * scale / total;
    let mut keys: Vec<Keys> = keys
        .into_iter()
        .map(|((size, rows), count)| Keys {
            size,
            rows,
            count: count * correction,
        })
        .collect();
    keys.sort_unstable_by_key(|key| (key.rows, key.size));
    keys
}

/// How a count of at least one spreads around its mean: Poisson without the zero. Large means do not
/// spread in a way that matters here.
fn truncated_poisson(mean: f64) -> Vec<(u64, f64)> {
    /// Beyond it all entries of a key but one are full.
    const LARGE: f64 = 200.0;
    if mean <= 1.0001 {
        return vec![(1, 1.0)];
    }
    if mean > LARGE {
        return vec![(mean.round() as u64, 1.0)];
    }
    let mut rate = mean;
    for _ in 0..100 {
        rate = mean * (1.0 - (-rate).exp());
    }
    let mut share = rate * (-rate).exp() / (1.0 - (-rate).exp());
    let mut shares = Vec::new();
    let mut count = 1;
    while (count as f64) < mean + 10.0 * mean.sqrt() + 10.0 {
        if share > 1e-6 {
            shares.push((count, share));
        }
        count += 1;
        share *= rate / count as f64;
    }
    shares
}
