//! Pages of a B-tree that is built anew, as `nbtsort.c` fills them.

use super::page::{POINTER, Page, aligned, up};

/// Share of inner pages that a build fills (`BTREE_NONLEAF_FILLFACTOR`), percent.
const INNER_FILLFACTOR: i64 = 70;
/// A row's address.
const ADDRESS: i64 = 6;
/// The first entry of an inner page has no key.
const KEYLESS: i64 = 8;

/// An entry: one row's, or several rows' of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::derive) struct Entry {
    /// Bytes, without the line pointer.
    pub size: i64,
    /// Those of its addresses of rows, which the high key of a page would not repeat.
    pub addresses: i64,
}

impl Entry {
    /// An entry of one row.
    pub fn single(size: i64) -> Self {
        Self { size, addresses: 0 }
    }
}

/// The entries of a key that `rows` rows share, merged: most of them as long as may be. `size` is that of the
/// entry of one row.
pub(in crate::derive) fn merged(page: Page, size: i64, rows: u64) -> impl Iterator<Item = Entry> {
    let most = (page.longest_posting() - size) / ADDRESS;
    let most = most.max(1).cast_unsigned();
    let of = move |rows: u64| match rows {
        1 => Entry::single(size),
        rows => {
            let whole = up(size + rows.cast_signed() * ADDRESS);
            Entry {
                size: whole,
                addresses: whole - size,
            }
        }
    };
    let rest = rows % most;
    let full = std::iter::repeat_n(of(most), (rows / most) as usize);
    full.chain((rest > 0).then(|| of(rest)))
}

/// Fills pages of one level, one entry after the other.
#[derive(Debug, Clone)]
pub(in crate::derive) struct Level {
    page: Page,
    is_leaf: bool,
    reserve: i64,
    /// Entries so far, and those on pages that are closed.
    entries: u64,
    closed_entries: u64,
    /// Pages that are closed.
    closed: u64,
    free: i64,
    on_page: u64,
    last: Entry,
}

impl Level {
    /// The leaves of an index.
    pub fn leaves(page: Page, fillfactor: i64) -> Self {
        Self::new(page, true, fillfactor)
    }

    fn new(page: Page, is_leaf: bool, fillfactor: i64) -> Self {
        Self {
            page,
            is_leaf,
            reserve: page.reserve(fillfactor),
            entries: 0,
            closed_entries: 0,
            closed: 0,
            free: page.btree_room(),
            on_page: 0,
            last: Entry::single(0),
        }
    }

    /// Adds an entry. A page is closed at the first entry past the line; its last entry moves to the next
    /// page, and stays behind as high key.
    pub fn add(&mut self, entry: Entry) {
        let free = (self.free - POINTER).max(0);
        let least = if self.is_leaf {
            entry.size + up(ADDRESS)
        } else {
            entry.size
        };
        let is_past_line = free + self.last.addresses < self.reserve && self.on_page > 1;
        if self.on_page > 0 && (free < least || is_past_line) {
            self.closed += 1;
            self.closed_entries = self.entries - 1;
            let moved = if self.is_leaf {
                self.last.size
            } else {
                KEYLESS
            };
            self.free = self.page.btree_room() - moved - POINTER;
            self.on_page = 1;
        }
        self.free -= entry.size + POINTER;
        self.on_page += 1;
        self.entries += 1;
        self.last = entry;
    }

    /// Adds entries of one row each.
    pub fn add_singles(&mut self, sizes: &[i64]) {
        for size in sizes {
            self.add(Entry::single(*size));
        }
    }

    /// Pages closed so far.
    pub fn closed(&self) -> u64 {
        self.closed
    }

    /// Pages, the last one whole.
    pub fn pages(&self) -> u64 {
        self.closed + u64::from(self.on_page > 0)
    }

    /// Pages, the last one by its share.
    pub fn filled(&self) -> f64 {
        let room = self.page.btree_room();
        let used = (room - self.free) as f64 / (room - self.reserve).max(1) as f64;
        self.closed as f64 + used.min(1.0)
    }

    /// Pages that each entry takes; of a level that is not full yet, by its bytes.
    pub fn pages_per_entry(&self) -> f64 {
        if self.closed > 0 {
            self.closed as f64 / self.closed_entries.max(1) as f64
        } else {
            self.filled() / self.entries.max(1) as f64
        }
    }
}

/// Levels above the leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::derive) struct Inner {
    /// Pages of all of them.
    pub pages: f64,
    /// How many there are: the level of the root.
    pub levels: u32,
}

/// What stands above so many leaves. `key` is the mean size of entries there, line pointers left out.
pub(in crate::derive) fn inner(page: Page, leaves: f64, key: f64) -> Inner {
    let share = share_above(page, key.round() as i64);
    let mut below = leaves.max(1.0);
    let mut inner = Inner {
        pages: 0.0,
        levels: 0,
    };
    while below > 1.0 {
        below = (below * share).ceil();
        inner.pages += below;
        inner.levels += 1;
    }
    inner
}

/// Pages above so many leaves, and the one with the metadata. `key` is the mean size of keys there.
pub(in crate::derive) fn inner_pages(page: Page, leaves: f64, key: f64) -> f64 {
    let key = aligned(key.round() as i64, 8).max(KEYLESS * 2);
    inner(page, leaves, key as f64).pages + 1.0
}

/// Level of the root of a B-tree of so many pages. `key` is the mean size of keys on inner pages.
pub(in crate::derive) fn height(page: Page, pages: i64, key: i64) -> i64 {
    let share = share_above(page, aligned(key, 8));
    // All but the page with the metadata and the inner ones, whose levels are a geometric series.
    let mut below = ((pages - 1) as f64 * (1.0 - share)).max(1.0);
    let mut height = 0;
    while below > 1.0 {
        below = (below * share).ceil();
        height += 1;
    }
    height
}

/// Pages that each page takes on the level above.
fn share_above(page: Page, key: i64) -> f64 {
    let key = key.max(KEYLESS * 2);
    let mut level = Level::new(page, false, INNER_FILLFACTOR);
    // As many as it takes to know how many a page holds.
    while level.closed() < 4 {
        level.add(Entry::single(key));
    }
    level.pages_per_entry()
}
