//! Leaves that keys take when an index is built.

use super::cells::Cell;
use super::widths::Widths;
use crate::derive::bloat::btree::{Entry, Level, merged};
use crate::derive::bloat::page::{POINTER, up};
use crate::derive::bloat::{Attribute, Page};

/// Head of an entry, and that of one with NULLs: their map has a place for every column that an index may have.
const HEAD: i64 = 8;
const HEAD_WITH_NULLS: i64 = 16;
/// A row's address in an entry of an inner page: there where two leaves share a key.
const ADDRESS: i64 = 8;
const BARE_ADDRESS: f64 = 6.0;
/// Leaves that a key takes before keys of its kind are put into leaves by themselves.
const LONG: f64 = 3.0;
/// Leaves that are filled to know how many entries a leaf takes: where all entries are alike, and else.
const ALIKE_LEAVES: u64 = 30;
const ENOUGH_LEAVES: u64 = 100;
/// Entries of one key that are put into leaves one by one; the others take as much as they do.
const LONG_RUN: usize = 3000;
/// Keys that are drawn at most.
const DRAWS: u32 = 50_000;
/// Rows of a cell spread around their mean as Poisson has it, and about larger means as a normal distribution.
const SPREADING: f64 = 100.0;

/// What entries look like.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    pub page: Page,
    pub fillfactor: i64,
    /// Equal keys are merged.
    pub merges: bool,
    /// Columns, those of INCLUDE behind the keys.
    pub columns: Vec<(&'a Attribute, &'a Widths)>,
    pub keys: usize,
    /// For each key column, the share of borders between keys at which this one is the first to differ.
    pub borders: Vec<f64>,
    /// All cells hold as many rows as they do on average, and not more or less by chance.
    pub is_even: bool,
    /// Bytes that all entries may be longer or shorter.
    pub shift: i64,
}

/// Leaves, and the mean size of entries above them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Filled {
    pub leaves: f64,
    pub above: f64,
}

impl Shape<'_> {
    /// Fills leaves with the keys that are in cells among so many rows.
    pub fn fill(&self, cells: &[Cell], rows: f64) -> Filled {
        let there: Vec<Kind> = cells
            .iter()
            .filter_map(|cell| Kind::of(cell, rows))
            .collect();
        let size = self.mean_size();
        let room = self.page.btree_room() as f64;
        let takes = |kind: &Kind| {
            let row = if self.merges {
                BARE_ADDRESS
            } else {
                size + POINTER as f64
            };
            kind.rows_per_key() * row / room
        };
        let (long, short): (Vec<Kind>, Vec<Kind>) =
            there.into_iter().partition(|kind| takes(kind) > LONG);
        let mut sums = (0.0, 0.0);
        for some in long
            .iter()
            .map(std::slice::from_ref)
            .chain([short.as_slice()])
        {
            let filled = self.fill_kinds(some);
            sums.0 += filled.leaves;
            sums.1 += filled.leaves * filled.above;
        }
        Filled {
            leaves: sums.0,
            above: if sums.0 > 0.0 { sums.1 / sums.0 } else { 0.0 },
        }
    }

    /// Leaves of keys that stand in any order.
    fn fill_kinds(&self, kinds: &[Kind]) -> Filled {
        let keys: f64 = kinds.iter().map(|kind| kind.keys).sum();
        if keys <= 0.0 {
            return Filled::default();
        }
        let is_alike = self.columns.iter().all(|(_, widths)| widths.all.len() == 1)
            && (!self.merges || kinds.iter().all(Kind::is_single));
        let enough = if is_alike {
            ALIKE_LEAVES
        } else {
            ENOUGH_LEAVES
        };
        let mut draws = Draws(0x9E37_79B9_7F4A_7C15);
        let mut level = Level::leaves(self.page, self.fillfactor);
        let mut above = Above::default();
        let (mut beyond, mut drawn) = (0.0, 0);
        while drawn < DRAWS
            && (f64::from(drawn) < keys.ceil() || drawn == 0)
            && level.closed() < enough
        {
            drawn += 1;
            let kind = draws.kind(kinds, keys);
            let sizes = self.sizes(kind.nulls, &mut draws);
            let rows = kind.draw_rows(self.is_even, &mut draws);
            let entries: &mut dyn Iterator<Item = Entry> = if self.merges {
                &mut merged(self.page, sizes.entry, rows)
            } else {
                &mut std::iter::repeat_n(Entry::single(sizes.entry), rows as usize)
            };
            let (count, before) = (entries.size_hint().0, level.pages());
            for entry in entries.take(LONG_RUN) {
                let closed = level.closed();
                level.add(entry);
                above.saw(&sizes, level.closed() > closed, drawn);
            }
            if count > LONG_RUN {
                beyond += (count - LONG_RUN) as f64 / LONG_RUN as f64
                    * (level.pages() - before).max(1) as f64;
            }
        }
        Filled {
            leaves: (level.filled() + beyond) / f64::from(drawn) * keys,
            above: above.mean(),
        }
    }

    /// Sizes of the entries of a key.
    fn sizes(&self, nulls: u64, draws: &mut Draws) -> Sizes {
        let border = draws.next();
        let (mut end, mut sum, mut sizes) = (0, 0.0, Sizes::default());
        let mut has_nulls = false;
        for (at, (attribute, widths)) in self.columns.iter().enumerate() {
            if nulls >> at & 1 == 1 {
                has_nulls = true;
            } else {
                let place = if widths.all.len() == 1 {
                    0.0
                } else {
                    draws.next()
                };
                end = attribute.end(end, widths.at(place));
            }
            let head = if has_nulls { HEAD_WITH_NULLS } else { HEAD };
            sizes.entry = up(end + head);
            if at < self.keys {
                sizes.key = sizes.entry;
                sum += self.borders.get(at).copied().unwrap_or(0.0);
                if sizes.border == 0 && (border < sum || at + 1 == self.keys) {
                    sizes.border = sizes.entry;
                }
            }
        }
        sizes.entry = (sizes.entry + self.shift).max(16);
        sizes
    }

    fn mean_size(&self) -> f64 {
        let sum: f64 = self.columns.iter().map(|(_, widths)| widths.mean()).sum();
        sum + HEAD as f64
    }
}

/// Sizes of an entry, of its whole key, and of as much of it as differs from its neighbour.
#[derive(Debug, Clone, Copy, Default)]
struct Sizes {
    entry: i64,
    key: i64,
    border: i64,
}

/// Entries above leaves: where a leaf begins.
#[derive(Debug, Default)]
struct Above {
    sum: f64,
    count: f64,
    /// Keys of the last two entries.
    last: Option<(u32, Sizes)>,
    before: Option<u32>,
}

impl Above {
    /// The page was closed before this entry, with the one before it as the first of the new page.
    fn saw(&mut self, sizes: &Sizes, closed: bool, key: u32) {
        if let (true, Some((last, first))) = (closed, self.last) {
            let size = if self.before == Some(last) {
                first.key + ADDRESS
            } else {
                first.border
            };
            self.sum += size as f64;
            self.count += 1.0;
        }
        self.before = self.last.map(|(key, _)| key);
        self.last = Some((key, *sizes));
    }

    fn mean(&self) -> f64 {
        let of_one = self.last.map_or(0.0, |(_, sizes)| sizes.key as f64);
        if self.count > 0.0 {
            self.sum / self.count
        } else {
            of_one
        }
    }
}

/// Keys of one kind that are there.
#[derive(Debug, Clone, Copy)]
struct Kind {
    keys: f64,
    /// Rows that fall into a cell on average, empty ones counted.
    mean: f64,
    nulls: u64,
}

impl Kind {
    fn of(cell: &Cell, rows: f64) -> Option<Self> {
        let keys = cell.keys(rows);
        (keys > 1e-9).then_some(Self {
            keys,
            mean: cell.share * rows,
            nulls: cell.nulls,
        })
    }

    fn rows_per_key(&self) -> f64 {
        self.mean / -(-self.mean).exp_m1()
    }

    fn is_single(&self) -> bool {
        self.mean < 1e-4
    }

    fn draw_rows(&self, is_even: bool, draws: &mut Draws) -> u64 {
        if self.is_single() {
            return 1;
        }
        if is_even {
            // Both neighbours of the mean, as often as it takes to have it.
            return (self.rows_per_key() + draws.next()).floor().max(1.0) as u64;
        }
        if self.mean > SPREADING {
            // About normal: the sum of twelve draws has a deviation of one.
            let normal = (0..12).map(|_| draws.next()).sum::<f64>() - 6.0;
            return (self.mean + self.mean.sqrt() * normal).round() as u64;
        }
        // Of the numbers from one on, the one at a place.
        let none = (-self.mean).exp();
        let place = none + draws.next() * (1.0 - none);
        let (mut rows, mut chance) = (1_u64, none * self.mean);
        let mut sum = none + chance;
        while sum < place && (chance > 1e-12 || (rows as f64) < self.mean) {
            rows += 1;
            chance *= self.mean / rows as f64;
            sum += chance;
        }
        rows
    }
}

/// Numbers in no order, the same ones each time (splitmix64, Steele 2014).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A kind, by how many keys it has.
    fn kind<'a>(&mut self, kinds: &'a [Kind], keys: f64) -> &'a Kind {
        let mut place = if kinds.len() == 1 {
            0.0
        } else {
            self.next() * keys
        };
        for kind in kinds {
            if place < kind.keys {
                return kind;
            }
            place -= kind.keys;
        }
        &kinds[kinds.len() - 1]
    }
}
