//! How long an index takes to be made.

use super::pool::PAGE;
use super::tables::Table;
use super::what_if::Sized;

/// Bytes of a table that are read in a second. CREATE INDEX CONCURRENTLY reads it twice.
const READ: f64 = 200e6;

/// Comparisons of a sort in a second.
const COMPARED: f64 = 40e6;

/// Bytes of an index that are written in a second, WAL and all.
const WRITTEN: f64 = 100e6;

/// Time that making it concurrently takes where little else runs, seconds; waits for transactions that run come
/// on top. `None`: the size of the table is not known. The rates are those of builds of TPC-H's indexes in memory
/// and from a solid disk, at the slow end: what it says is met or beaten by most machines.
pub fn build_seconds(table: &Table, index: &Sized) -> Option<f64> {
    let heap = table.pages? * PAGE;
    let rows = index.rows.max(2.0);
    let sort = if index.spec.method == "brin" {
        0.0
    } else {
        rows * rows.log2() / COMPARED
    };
    Some(2.0 * heap / READ + sort + index.pages as f64 * PAGE / WRITTEN)
}
