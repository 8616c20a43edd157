//! Sizes that follow from the block size, as in `PostgreSQL`'s `bufpage.h`, `heaptoast.h` and
//! `nbtree.h`.

/// Rows, entries and special space begin at multiples of this (`MAXALIGN`).
const ALIGNMENT: i64 = 8;
/// Head of each page.
const PAGE_HEAD: i64 = 24;
/// What a B-tree page keeps at its end.
const BTREE_SPECIAL: i64 = 16;
/// A line pointer.
pub(in crate::derive) const POINTER: i64 = 4;
/// Head of a row, without its map of NULLs.
pub(in crate::derive) const ROW_HEAD: i64 = 23;
/// What a chunk of TOAST has beside its bytes and the head of its row: value id, number, length.
const CHUNK_FIELDS: i64 = 12;

/// A block size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    block: i64,
}

impl Default for Page {
    fn default() -> Self {
        Self { block: 8192 }
    }
}

/// Up to the next multiple of the alignment of rows.
pub(in crate::derive) fn up(size: i64) -> i64 {
    aligned(size, ALIGNMENT)
}

/// Up to the next multiple of `to`, a power of two.
pub(in crate::derive) fn aligned(size: i64, to: i64) -> i64 {
    (size + to - 1) & !(to - 1)
}

fn down(size: i64) -> i64 {
    size & !(ALIGNMENT - 1)
}

impl Page {
    /// Pages of so many bytes (`block_size`).
    pub fn new(block: i64) -> Self {
        Self { block }
    }

    /// Bytes of a page.
    pub fn block(self) -> i64 {
        self.block
    }

    /// Bytes of a page that `fillfactor` leaves free.
    pub fn reserve(self, fillfactor: i64) -> i64 {
        self.block * (100 - fillfactor) / 100
    }

    /// Bytes of a heap page for rows and line pointers.
    pub fn heap_room(self) -> i64 {
        self.block - PAGE_HEAD
    }

    /// The longest row of which `rows` fit into a page (`MaximumBytesPerTuple`).
    fn longest(self, rows: i64) -> i64 {
        down((self.block - up(PAGE_HEAD + rows * POINTER)) / rows)
    }

    /// A longer row has values put out of line (`TOAST_TUPLE_THRESHOLD`).
    pub fn toast_threshold(self) -> i64 {
        self.longest(4)
    }

    /// A row may be so long before values of storage MAIN are put out of line too.
    pub fn toast_main_target(self) -> i64 {
        self.longest(1)
    }

    /// Bytes of a value in one chunk of TOAST (`TOAST_MAX_CHUNK_SIZE`).
    pub fn chunk(self) -> i64 {
        self.toast_threshold() - up(ROW_HEAD) - CHUNK_FIELDS
    }

    /// Length of the row of a chunk that holds so many bytes.
    pub fn chunk_row(self, bytes: i64) -> i64 {
        up(up(ROW_HEAD) + CHUNK_FIELDS + bytes)
    }

    /// Bytes of a B-tree page for entries and line pointers, the one of the high key left out.
    pub fn btree_room(self) -> i64 {
        self.block - PAGE_HEAD - BTREE_SPECIAL - POINTER
    }

    /// The longest entry that a build merges equal keys into: a tenth of a page.
    pub fn longest_posting(self) -> i64 {
        down(down(self.block / 10) - POINTER)
    }
}
