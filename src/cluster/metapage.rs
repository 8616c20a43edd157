//! Metapages of GIN and BRIN indexes with figures of another server's.
//!
//! The planner takes counts from them, and reads nothing else of such an index. Layouts are those of `PostgreSQL`'s
//! `ginblock.h`, `brin_page.h` and `bufpage.h`, which did not change from 13 to 18; numbers are in the order of this
//! machine, as in the files.

use super::bytes::{put16, put32};

/// Bytes of a page's header, of what either method keeps at the end of a page, and of the fields between.
const HEADER: usize = 24;
const SPECIAL: usize = 8;
const GIN_FIELDS: usize = 56;
const BRIN_FIELDS: usize = 16;
/// Version of the layout of pages, kept beside their size.
const PAGE_VERSION: u16 = 4;
/// `InvalidBlockNumber`.
const NONE: u32 = u32::MAX;
/// `GIN_LEAF` and `GIN_META` of a page's flags.
const GIN_LEAF: u16 = 1 << 1;
const GIN_META: u16 = 1 << 3;
/// `GIN_CURRENT_VERSION`.
const GIN_VERSION: u32 = 2;
/// `BRIN_META_MAGIC`, `BRIN_CURRENT_VERSION`, `BRIN_PAGETYPE_META`.
const BRIN_MAGIC: u32 = 0xA810_9CFA;
const BRIN_VERSION: u32 = 1;
const BRIN_META: u16 = 0xF091;

/// What a metapage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metapage {
    /// Of GIN.
    Gin {
        /// Pages of entries that wait to be put in place.
        pending: u32,
        /// Pages.
        total: u32,
        /// Pages of the tree of keys.
        entry: u32,
        /// Pages of lists of rows.
        data: u32,
        /// Keys.
        entries: i64,
    },
    /// Of BRIN.
    Brin {
        /// Pages of its table that an entry stands for.
        range: u32,
        /// Last page of its map.
        map: u32,
    },
}

impl Metapage {
    /// The first pages of such an index.
    pub(super) fn pages(self, block: usize) -> Vec<u8> {
        match self {
            Self::Gin {
                pending,
                total,
                entry,
                data,
                entries,
            } => {
                let mut pages = page(block, GIN_FIELDS);
                // The list of what waits is said to be long, and has no page.
                put32(&mut pages, HEADER, NONE);
                put32(&mut pages, HEADER + 4, NONE);
                put32(&mut pages, HEADER + 12, pending);
                put32(&mut pages, HEADER + 24, total);
                put32(&mut pages, HEADER + 28, entry);
                put32(&mut pages, HEADER + 32, data);
                pages[HEADER + 40..HEADER + 48].copy_from_slice(&entries.to_ne_bytes());
                put32(&mut pages, HEADER + 48, GIN_VERSION);
                gin_end(&mut pages, block, GIN_META);
                // The root: a leaf without keys.
                let mut root = page(block, 0);
                gin_end(&mut root, block, GIN_LEAF);
                pages.extend(root);
                pages
            }
            Self::Brin { range, map } => {
                let mut pages = page(block, BRIN_FIELDS);
                let fields = [BRIN_MAGIC, BRIN_VERSION, range, map];
                for (place, value) in fields.into_iter().enumerate() {
                    put32(&mut pages, HEADER + 4 * place, value);
                }
                put16(&mut pages, block - 2, BRIN_META);
                pages
            }
        }
    }
}

/// A page with so many bytes of fields behind its head.
fn page(block: usize, fields: usize) -> Vec<u8> {
    let mut page = vec![0; block];
    let special = block - SPECIAL;
    for (place, value) in [HEADER + fields, special, special].into_iter().enumerate() {
        put16(&mut page, 12 + 2 * place, value as u16);
    }
    put16(&mut page, 18, block as u16 | PAGE_VERSION);
    page
}

/// No neighbour, no keys, flags (`GinPageOpaqueData`).
fn gin_end(page: &mut [u8], block: usize, flags: u16) {
    put32(page, block - SPECIAL, NONE);
    put16(page, block - 2, flags);
}

#[cfg(test)]
mod tests {
    use super::Metapage;
    use crate::cluster::bytes::{get16, get32};

    #[test]
    fn figures_are_where_the_server_looks_for_them() {
        let gin = Metapage::Gin {
            pending: 3,
            total: 70,
            entry: 40,
            data: 29,
            entries: 5 << 32,
        };
        let pages = gin.pages(8192);
        assert_eq!(pages.len(), 2 * 8192);
        let words = [36, 48, 52, 56, 64, 72].map(|at| get32(&pages, at));
        assert_eq!(words[..4], [3, 70, 40, 29]);
        assert_eq!(pages[64..72], (5_i64 << 32).to_ne_bytes());
        assert_eq!([get16(&pages, 12), get16(&pages, 16)], [80, 8184]);
        assert_eq!([get16(&pages, 8190), get16(&pages, 16382)], [8, 2]);
        let brin = Metapage::Brin { range: 16, map: 2 }.pages(8192);
        assert_eq!(brin.len(), 8192);
        assert_eq!([get32(&brin, 32), get32(&brin, 36)], [16, 2]);
        assert_eq!(get16(&brin, 8190), 0xF091);
    }
}
