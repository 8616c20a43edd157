//! Pages that a B-tree index needs.

use super::btree::{Level, inner_pages, merged};
use super::interval::{GROUPS, Need, by_groups, by_neighbours};
use super::keys::{Guess, Key, Keys, keys};
use super::layout::Attribute;
use super::page::{POINTER, Page, up};
use super::sample::Sample;

/// Head of an entry, and that of one with NULLs: their map has a place for every column that an index may have.
const HEAD: i64 = 8;
const HEAD_WITH_NULLS: i64 = 16;
/// Share of the needed bytes that the model of an index without merged keys is off at most in 95 of 100
/// cases, measured against REINDEX over the shapes of `tests/it/bloat_live.rs`, all blocks read.
const MODEL: f64 = 0.005;
/// The same of an index with merged keys. Where not all blocks are read, half of the difference comes on top
/// that the number of keys makes, by the likely and by the least one.
const MODEL_MERGED: f64 = 0.01;
/// Pages that the levels above the leaves may be off, and the last page of each.
const ROUNDING: f64 = 2.0;
/// The same as a share of an index of a few pages.
const FEW: f64 = 0.05;
/// Leaves that are filled at least to know how many entries a leaf takes.
const ENOUGH_LEAVES: u64 = 50;
/// Entries of one key that are put into leaves one by one; the others take as much as they do.
const LONG_RUN: usize = 2000;

/// Where the sizes of an index column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A column of the table.
    Column,
    /// It was computed.
    Expression,
}

/// A column of an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexColumn {
    /// As the index stores it.
    pub attribute: Attribute,
    /// Place of its values in the sample.
    pub slot: usize,
    /// Where they come from.
    pub origin: Origin,
}

/// What is known of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Block size.
    pub page: Page,
    /// Storage parameter; 90 unless set.
    pub fillfactor: i64,
    /// Columns, those of INCLUDE behind the keys.
    pub columns: Vec<IndexColumn>,
    /// Columns of the key.
    pub key_columns: usize,
    /// Place of the predicate's outcome in the sample, of a partial index.
    pub condition: Option<usize>,
    /// Place of the hashes of keys in the sample; `None`: a build does not merge equal keys.
    pub hashes: Option<usize>,
}

/// Estimates what a rebuild of the index needs.
pub fn index(index: &Index, sample: &Sample) -> Need {
    let entries = Entries::read(index, sample);
    let read = sample.starts.len();
    let scale = sample.scale();
    let pages = entries.pages(index, scale, Guess::Likely, |_| true);
    let block = index.page.block() as f64;
    let mut doubt = 0.0;
    let (chance, share) = if index.hashes.is_some() {
        if !sample.is_whole() {
            let fewest = entries.pages(index, scale, Guess::Fewest, |_| true);
            doubt = (pages - fewest).abs() / 2.0 + pages * MODEL_MERGED;
        }
        let estimates: Vec<f64> = (0..GROUPS.min(read))
            .filter(|_| !sample.is_whole())
            .map(|group| {
                let left = read - (read + GROUPS - 1 - group) / GROUPS;
                let scale = sample.blocks as f64 / left.max(1) as f64;
                entries.pages(index, scale, Guess::Likely, |block| block % GROUPS != group)
            })
            .collect();
        let chance = by_groups(&estimates, read, sample.blocks);
        (chance, MODEL_MERGED)
    } else {
        let bytes: f64 = entries.by_block.iter().sum();
        let per_byte = if bytes > 0.0 { pages / bytes } else { 0.0 };
        let chance = by_neighbours(&entries.by_block, sample.blocks) * per_byte;
        (chance, MODEL)
    };
    Need {
        bytes: pages.ceil() * block,
        chance: chance * block,
        model: (pages * share + ROUNDING.min(pages * FEW)).hypot(doubt) * block,
    }
}

/// Entries of the sampled rows.
struct Entries {
    /// Hash of the key, size, block.
    all: Vec<Key>,
    /// Bytes, by block read.
    by_block: Vec<f64>,
    /// Mean size of keys.
    key: f64,
}

impl Entries {
    fn read(index: &Index, sample: &Sample) -> Self {
        let mut entries = Self {
            all: Vec::with_capacity(sample.rows),
            by_block: Vec::with_capacity(sample.starts.len()),
            key: 0.0,
        };
        let mut keys = 0;
        for block in 0..sample.starts.len() {
            let mut bytes = 0;
            for row in sample.block(block) {
                let is_in = |slot: usize| sample.conditions[slot][row];
                if !index.condition.is_none_or(is_in) {
                    continue;
                }
                let size = size(&index.columns, sample, row);
                keys += size_of_key(index, sample, row, size);
                let hash = index.hashes.map_or(0, |slot| sample.hashes[slot][row]);
                entries.all.push((hash, size, block));
                bytes += size + POINTER;
            }
            entries.by_block.push(bytes as f64);
        }
        entries.key = keys as f64 / entries.all.len().max(1) as f64;
        entries
    }

    /// Pages of the whole index by the blocks that `takes` takes.
    fn pages(&self, index: &Index, scale: f64, guess: Guess, takes: impl Fn(usize) -> bool) -> f64 {
        let taken = self.all.iter().filter(|(_, _, block)| takes(*block));
        let leaves = if index.hashes.is_some() {
            let taken: Vec<Key> = taken.copied().collect();
            merged_leaves(index, &taken, scale, guess)
        } else {
            let sizes: Vec<i64> = taken.map(|(_, size, _)| *size).collect();
            plain_leaves(index, &sizes, scale)
        };
        if leaves == 0.0 {
            return 1.0;
        }
        leaves + inner_pages(index.page, leaves, self.key)
    }
}

/// Size of a row's entry.
fn size(columns: &[IndexColumn], sample: &Sample, row: usize) -> i64 {
    let (mut end, mut has_nulls) = (0, false);
    for column in columns {
        match sample.values[column.slot].size(row) {
            None => has_nulls = true,
            Some(size) => {
                let size = match column.origin {
                    Origin::Column => size,
                    Origin::Expression => column.attribute.packed(size),
                };
                end = column.attribute.end(end, size);
            }
        }
    }
    up(end + if has_nulls { HEAD_WITH_NULLS } else { HEAD })
}

/// Size of its key on inner pages, where columns of INCLUDE are left out.
fn size_of_key(index: &Index, sample: &Sample, row: usize, whole: i64) -> i64 {
    if index.key_columns == index.columns.len() {
        whole
    } else {
        size(&index.columns[..index.key_columns], sample, row)
    }
}

/// Leaves for entries of one row each.
fn plain_leaves(index: &Index, sizes: &[i64], scale: f64) -> f64 {
    if sizes.is_empty() {
        return 0.0;
    }
    let mut level = Level::leaves(index.page, index.fillfactor);
    if scale <= 1.0 {
        level.add_singles(sizes);
        return level.pages() as f64;
    }
    loop {
        level.add_singles(sizes);
        if level.closed() >= ENOUGH_LEAVES {
            break;
        }
    }
    level.pages_per_entry() * sizes.len() as f64 * scale
}

/// Leaves for entries of which those of equal keys are merged.
fn merged_leaves(index: &Index, rows: &[Key], scale: f64, guess: Guess) -> f64 {
    if rows.is_empty() {
        return 0.0;
    }
    let all = keys(rows, scale, guess);
    let mut level = Level::leaves(index.page, index.fillfactor);
    let mut beyond = 0.0;
    for key in &all.counted {
        let entries = merged(index.page, key.size, key.rows);
        let (count, shown) = (entries.size_hint().0, entries.take(LONG_RUN));
        shown.for_each(|entry| level.add(entry));
        if count > LONG_RUN {
            beyond += (count - LONG_RUN) as f64 * level.pages_per_entry();
        }
    }
    if scale <= 1.0 {
        return level.pages() as f64 + beyond.ceil();
    }
    let others: f64 = all.estimated.iter().map(|key| key.count).sum();
    let each = pages_per_key(index, &all.estimated, others);
    (level.filled() + beyond + others * each).max(1.0)
}

/// Pages that a key takes on average, of keys that stand in any order.
fn pages_per_key(index: &Index, all: &[Keys], count: f64) -> f64 {
    /// Keys that are drawn.
    const DRAWS: usize = 20_000;
    /// Steps of this share of the whole come by all of it evenly, in no order (golden ratio).
    const STEP: f64 = 0.618_033_988_749_894_9;
    if all.is_empty() {
        return 0.0;
    }
    let sums: Vec<f64> = all
        .iter()
        .scan(0.0, |sum, key| {
            *sum += key.count;
            Some(*sum)
        })
        .collect();
    let mut level = Level::leaves(index.page, index.fillfactor);
    let mut drawn = 0;
    for draw in 0..DRAWS {
        let place = (draw as f64 * STEP).fract() * count;
        let at = sums.partition_point(|sum| *sum <= place).min(all.len() - 1);
        let key = &all[at];
        merged(index.page, key.size, key.rows).for_each(|entry| level.add(entry));
        drawn = draw + 1;
        if level.closed() >= 4 * ENOUGH_LEAVES {
            break;
        }
    }
    level.filled() / f64::from(drawn as u32)
}
