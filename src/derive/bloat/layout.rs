//! How long the values of a row or an index entry are on disk, as `heap_compute_data_size` has it.

use super::page::aligned;

/// The longest value whose length fits into one byte; it is not aligned.
const SHORT: i64 = 127;

/// How a value of variable length may be stored (`attstorage`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// As it is, always.
    Plain,
    /// Out of line or compressed only where nothing else helps.
    Main,
    /// Out of line where it is long.
    Movable,
}

/// What the layout needs to know of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Bytes; -1: variable, -2: a C string (`attlen`).
    pub length: i64,
    /// Multiple that it begins at: 1, 2, 4 or 8 (`attalign`).
    pub alignment: i64,
    /// How it may be stored.
    pub storage: Storage,
}

impl Attribute {
    /// From `attlen`, `attalign` and `attstorage`.
    pub fn new(length: i64, alignment: &str, storage: &str) -> Self {
        Self {
            length,
            alignment: match alignment {
                "d" => 8,
                "i" => 4,
                "s" => 2,
                _ => 1,
            },
            storage: match storage {
                "p" => Storage::Plain,
                "m" => Storage::Main,
                _ => Storage::Movable,
            },
        }
    }

    /// Where the value ends that is put behind `offset`. `size` counts where the length varies.
    pub(in crate::derive) fn end(&self, offset: i64, size: i64) -> i64 {
        match self.length {
            -2 => offset + size,
            -1 if size <= SHORT && self.storage != Storage::Plain => offset + size,
            -1 => aligned(offset, self.alignment) + size,
            length => aligned(offset, self.alignment) + length,
        }
    }

    /// Length in an index of a value that was computed: it came with a head of four bytes, and is
    /// stored with one where it is short.
    pub(super) fn packed(&self, size: i64) -> i64 {
        if self.length == -1 && self.storage != Storage::Plain && size - 3 <= SHORT {
            size - 3
        } else {
            size
        }
    }
}
