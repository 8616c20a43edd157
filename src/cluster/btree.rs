//! The first pages of a B-tree, changed so that it has the height of a large one.
//!
//! The planner takes the height of a B-tree from its metapage, and for ranges at the end of a histogram it walks
//! down from the root to the first or the last leaf. So each level between gets one page, whose only downlink
//! (minus infinity) leads to the page below. Layouts are those of `PostgreSQL`'s `nbtree.h` and `bufpage.h`, which
//! did not change from 13 to 18; numbers are in the order of this machine, as in the files.

use super::bytes::{get16, get32, put16, put32};
use super::error::ClusterError;

/// Bytes of a page's header.
const HEADER: usize = 24;
/// Bytes of `BTPageOpaqueData`, at the end of each page.
const OPAQUE: usize = 16;
/// `BTP_LEAF`, `BTP_ROOT`, `BTP_META` of `btpo_flags`.
const LEAF: u16 = 1;
const ROOT: u16 = 2;
const META: u16 = 8;
/// `BTREE_MAGIC`.
const MAGIC: u32 = 0x0005_3162;
/// Version of the layout of pages, kept beside their size.
const PAGE_VERSION: u16 = 4;
/// `INDEX_ALT_TID_MASK`: the item's pointer is a downlink.
const ALT_TID: u16 = 0x2000;
/// Bytes of an index tuple without keys.
const TUPLE: usize = 8;
/// `LP_NORMAL` of a line pointer.
const NORMAL: u32 = 1 << 15;
/// Place of `btm_root` behind `btm_magic` and `btm_version`.
const META_ROOT: usize = HEADER + 8;
/// The highest level that is believed: a tree over 2^32 pages has fewer.
const HIGHEST: u32 = 16;

/// Gives the B-tree that `file` begins with a root at `level`. `file` is what the index's file holds after
/// `CREATE INDEX` on a table that is all but empty: the metapage, and one leaf if there are rows. Gives the new
/// content of the file's first pages.
pub(super) fn raise(file: &[u8], block: usize, level: u32) -> Result<Vec<u8>, String> {
    if file.len() < block || file.len() > 2 * block || !file.len().is_multiple_of(block) {
        return Err(format!("{} bytes are no new B-tree", file.len()));
    }
    if level == 0 || level > HIGHEST {
        return Err(format!("no B-tree has {level} levels above its leaves"));
    }
    let mut pages = file.to_vec();
    if get32(&pages, HEADER) != MAGIC || get16(&pages, block - 4) & META == 0 {
        return Err("the first page is no metapage of a B-tree".to_owned());
    }
    let top = level + 1;
    for (place, value) in [top, level, top, level].into_iter().enumerate() {
        put32(&mut pages, META_ROOT + 4 * place, value);
    }
    if pages.len() == block {
        pages.extend(page(block, 0, false, 0));
    }
    let flags = 2 * block - 4;
    let leaf = get16(&pages, flags);
    if leaf & LEAF == 0 {
        return Err("the second page is no leaf of a B-tree".to_owned());
    }
    put16(&mut pages, flags, leaf & !ROOT);
    for above in 1..=level {
        pages.extend(page(block, above, above == level, above));
    }
    Ok(pages)
}

/// An empty leaf (level 0), or a page with one downlink, to block `child`. Neither has neighbours.
fn page(block: usize, level: u32, is_root: bool, child: u32) -> Vec<u8> {
    let mut page = vec![0; block];
    let special = block - OPAQUE;
    let (mut lower, mut upper) = (HEADER, special);
    if level > 0 {
        upper = special - TUPLE;
        put16(&mut page, upper, (child >> 16) as u16);
        put16(&mut page, upper + 2, child as u16);
        put16(&mut page, upper + 6, TUPLE as u16 | ALT_TID);
        let pointer = upper as u32 | NORMAL | ((TUPLE as u32) << 17);
        put32(&mut page, HEADER, pointer);
        lower += 4;
    }
    for (place, value) in [lower, upper, special].into_iter().enumerate() {
        put16(&mut page, 12 + 2 * place, value as u16);
    }
    put16(&mut page, 18, block as u16 | PAGE_VERSION);
    put32(&mut page, special + 8, level);
    let flags = if level == 0 { LEAF } else { 0 } | if is_root { ROOT } else { 0 };
    put16(&mut page, special + 12, flags);
    page
}

/// What a file that does not look as it should means.
pub(super) fn refused(path: &std::path::Path, because: String) -> ClusterError {
    ClusterError::RelationFile {
        path: path.to_owned(),
        because,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: usize = 8192;

    fn meta() -> Vec<u8> {
        let mut page = page(BLOCK, 0, false, 0);
        put32(&mut page, HEADER, MAGIC);
        put16(&mut page, BLOCK - 4, META);
        page
    }

    /// Walks down from the root, and gives the blocks on the way.
    fn walk(file: &[u8]) -> Vec<u32> {
        let mut at = get32(file, META_ROOT);
        let mut way = vec![at];
        loop {
            let page = &file[at as usize * BLOCK..][..BLOCK];
            if get16(page, BLOCK - 4) & LEAF != 0 {
                return way;
            }
            let item = (get32(page, HEADER) & 0x7fff) as usize;
            at = u32::from(get16(page, item)) << 16 | u32::from(get16(page, item + 2));
            way.push(at);
        }
    }

    #[test]
    fn a_tree_gets_one_page_a_level() {
        let full = [meta(), page(BLOCK, 0, true, 0)].concat();
        for file in [meta(), full] {
            for level in 1..=5 {
                let raised = raise(&file, BLOCK, level).unwrap();
                assert_eq!(raised.len(), (level as usize + 2) * BLOCK);
                assert_eq!(get32(&raised, META_ROOT + 4), level);
                assert_eq!(get32(&raised, META_ROOT + 12), level);
                let way: Vec<u32> = (1..=level + 1).rev().collect();
                assert_eq!(walk(&raised), way, "level {level}");
                let roots = (1..raised.len() / BLOCK)
                    .filter(|n| get16(&raised, n * BLOCK + BLOCK - 4) & ROOT != 0);
                assert_eq!(roots.collect::<Vec<_>>(), [level as usize + 1]);
            }
        }
    }

    #[test]
    fn what_is_no_new_tree_is_refused() {
        let tree = [meta(), page(BLOCK, 0, true, 0)].concat();
        let raised = raise(&tree, BLOCK, 1).unwrap();
        let inner = [meta(), page(BLOCK, 1, true, 1)].concat();
        for (file, level) in [
            (&tree[..100], 1),
            (&[0; BLOCK][..], 1),
            (&raised[..], 2),
            (&inner[..], 1),
            (&tree[..], 0),
            (&tree[..], 99),
        ] {
            assert!(raise(file, BLOCK, level).is_err());
        }
    }
}
