//! Estimates where the rows may not be read: from what the extension pgstattuple and the counters
//! say.

use super::page::{POINTER, Page, up};

/// Share of a leaf that a build leaves filled at a fillfactor of 100 %, head and last entry left out.
const LEAF_SHARE: f64 = 0.995;

/// Live rows as `pgstattuple_approx` tells them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approximation {
    /// Live rows (`approx_tuple_count`).
    pub rows: f64,
    /// Their bytes (`approx_tuple_len`).
    pub bytes: f64,
}

/// Bytes that rows of their mean length need in pages.
pub fn repacked(page: Page, fillfactor: i64, live: Approximation) -> f64 {
    if live.rows < 1.0 {
        return 0.0;
    }
    let row = up((live.bytes / live.rows).ceil() as i64) + POINTER;
    let room = page.heap_room() - page.reserve(fillfactor);
    let per_page = (room / row).max(1) as f64;
    (live.rows / per_page).ceil() * page.block() as f64
}

/// What `pgstatindex` tells of a B-tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexPages {
    /// Pages with entries (`leaf_pages`).
    pub leaves: f64,
    /// Pages above them (`internal_pages`).
    pub inner: f64,
    /// Percent of leaves that entries take (`avg_leaf_density`).
    pub density: f64,
}

/// Bytes that a rebuild needs for the entries that there are, dead ones included.
pub fn rebuilt(page: Page, fillfactor: i64, found: IndexPages) -> f64 {
    if found.leaves < 1.0 {
        return page.block() as f64;
    }
    let filled = fillfactor as f64 * LEAF_SHARE;
    let leaves = (found.leaves * found.density / filled).ceil();
    let inner = (found.inner * leaves / found.leaves).ceil();
    (leaves + inner + 1.0) * page.block() as f64
}

/// Share of a table that its dead rows take, by the counters.
pub fn dead_share(live: f64, dead: f64) -> Option<f64> {
    let all = live + dead;
    (all > 0.0).then(|| dead / all)
}
