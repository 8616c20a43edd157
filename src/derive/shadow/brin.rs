//! Maps of BRIN indexes: where the entry of each range of pages stands.

use super::catalog::Catalog;
use super::script::Metapage;
use crate::derive::bloat::Page;

/// `BRIN_DEFAULT_PAGES_PER_RANGE`.
pub const RANGE: u32 = 128;
/// Bytes of a page that its head and `BrinSpecialSpace` take, and those of an address.
const TAKEN: i64 = 32;
const ADDRESS: i64 = 6;

/// The metapage of a BRIN index just built, on a table of so many pages.
pub fn built(table_pages: u64, range: u32, block: i64) -> Metapage {
    let each = ((block - TAKEN) / ADDRESS).max(1).cast_unsigned();
    let ranges = table_pages.div_ceil(u64::from(range.max(1)));
    let map = ranges.div_ceil(each).max(1);
    Metapage::Brin {
        range,
        map: u32::try_from(map).unwrap_or(u32::MAX),
    }
}

/// Sets what a build would have written where metapages were not read.
pub(super) fn derive(catalog: &mut Catalog) {
    let block = Page::default().block();
    let found: Vec<(usize, Metapage)> = (catalog.indexes.iter().enumerate())
        .filter(|(_, index)| index.method == "brin" && index.metapage.is_none())
        .filter_map(|(place, index)| {
            let bytes = catalog.relation(index.relation)?.bytes?;
            let options = index.options.iter();
            let range = options
                .filter(|(name, _)| name == "pages_per_range")
                .find_map(|(_, value)| value.parse().ok());
            let pages = (bytes / block).max(0).cast_unsigned();
            Some((place, built(pages, range.unwrap_or(RANGE), block)))
        })
        .collect();
    for (place, metapage) in found {
        catalog.indexes[place].metapage = Some(metapage);
    }
}
