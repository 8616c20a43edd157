//! Rough sizes: of expressions, and of indexes that are no B-trees.

use super::cells::{Guess, distinct, of_columns};
use super::size::{Size, Wanted};
use super::table::{Column, Table};
use super::types::Merging;
use crate::derive::bloat::Page;
use crate::derive::bloat::page::{POINTER, up};

/// Pages of a table that a BRIN entry stands for, and such entries that a page of its map holds
/// (`REVMAP_PAGE_MAXITEMS`).
const BRIN_RANGE: u32 = 128;
const BRIN_MAPPED: f64 = 1360.0;
const BRIN_HEAD: i64 = 8;
/// A hash entry with its line pointer, and the share of a page that it is filled to.
const HASH_ENTRY: f64 = 20.0;
const HASH_FILLFACTOR: f64 = 0.75;
/// Bytes of a row's address in a posting list of GIN, which holds differences: of keys that many rows share,
/// and of rare ones.
const GIN_DENSE: f64 = 1.2;
const GIN_SPARSE: f64 = 6.0;
/// Keys of a document that nothing is known of.
const GIN_KEYS: f64 = 8.0;
/// Head and line pointer of an entry of `GiST` and SP-`GiST`, and the share of a page that splits leave filled.
const TREE_ENTRY: f64 = 12.0;
const TREE_FILL: f64 = 0.64;
/// What `GiST` keeps of points and other shapes: the box around them.
const BOX: f64 = 32.0;
/// Bytes of a trigram.
const TRIGRAM: f64 = 3.0;
/// How far off these may be.
const TREE_OFF: (f64, f64) = (0.6, 1.7);
const HASH_OFF: (f64, f64) = (0.75, 1.8);
const BRIN_OFF: (f64, f64) = (0.5, 2.0);
const GIN_OFF: (f64, f64) = (0.3, 3.0);

/// The size of an index that is no B-tree; `None`: there is no model of its method, or no such column.
pub(super) fn size(page: Page, table: &Table, wanted: &Wanted<'_>) -> Option<Size> {
    let columns: Vec<Column> = wanted
        .keys
        .iter()
        .map(|key| match key.column {
            Some(name) => table.column(name).cloned(),
            None => Some(expression(table, key.expression)),
        })
        .collect::<Option<_>>()?;
    let rows = table.rows * wanted.share;
    let (pages, off) = match wanted.method {
        "hash" => (hash(page, table, columns.first()?, rows), HASH_OFF),
        "brin" => (brin(page, table, &columns, wanted.storage.range), BRIN_OFF),
        "gin" => (gin(page, &columns, rows), GIN_OFF),
        "gist" | "spgist" => (tree(page, wanted, &columns, rows), TREE_OFF),
        _ => return None,
    };
    Some(Size {
        pages: pages.ceil() as u64,
        rows,
        height: 0,
        low: (pages * off.0).floor().max(1.0) as u64,
        high: (pages * off.1).ceil() as u64,
        is_rough: true,
        merges: false,
    })
}

/// Buckets come in powers of two, and from 1024 on in quarters of these (`_hash_spareindex`); rows of one value
/// share a bucket and its overflow pages.
fn hash(page: Page, table: &Table, column: &Column, rows: f64) -> f64 {
    let per_page = (page.block() as f64 - 40.0) / HASH_ENTRY;
    let wanted = (rows / (per_page * HASH_FILLFACTOR)).max(2.0);
    let power = wanted.log2().ceil().exp2();
    let buckets = if power <= 1024.0 {
        power
    } else {
        let half = power / 2.0;
        half + ((wanted - half) / (half / 4.0)).ceil() * half / 4.0
    };
    // Of few values most buckets stay at their one page, and the others overflow.
    let cells = of_columns(table, &[(None, column)], Guess::Likely);
    let values = distinct(&cells, rows).max(1.0);
    let used = buckets * -(-values / buckets).exp_m1();
    let overflow = (rows / per_page - used).max(0.0);
    buckets + overflow * 1.05 + 2.0
}

/// An entry for each range of pages: the least and the greatest value of each column.
fn brin(page: Page, table: &Table, columns: &[Column], range: Option<u32>) -> f64 {
    let ranges = (table.pages / f64::from(range.unwrap_or(BRIN_RANGE)))
        .ceil()
        .max(1.0);
    let values: f64 = columns
        .iter()
        .map(|column| 2.0 * column.widths.mean())
        .sum();
    let entry = up(values as i64 + BRIN_HEAD) + POINTER;
    let per_page = (page.btree_room() / entry).max(1) as f64;
    1.0 + (ranges / BRIN_MAPPED).ceil() + (ranges / per_page).ceil()
}

/// Each row's address stands under each of its keys: about as many of a text as it has letters, of a document as
/// it has fields.
fn gin(page: Page, columns: &[Column], rows: f64) -> f64 {
    let bytes: f64 = columns
        .iter()
        .map(|column| {
            let width = column.widths.mean();
            let (keys, each) = match column.kind.as_str() {
                "jsonb" => ((width / 12.0).max(2.0), GIN_SPARSE),
                "tsvector" => ((width / 10.0).max(1.0), GIN_DENSE * 2.0),
                kind if kind.ends_with("[]") => ((width / 10.0).max(1.0), GIN_DENSE * 2.0),
                kind if kind.starts_with("text") || kind.starts_with("char") => {
                    (width + 1.0, GIN_DENSE)
                }
                _ => (GIN_KEYS, GIN_SPARSE),
            };
            rows * (1.0 - column.null_frac) * keys * each
        })
        .sum();
    2.0 + bytes / page.btree_room() as f64
}

/// An entry a row, of a key by which the tree is searched.
fn tree(page: Page, wanted: &Wanted<'_>, columns: &[Column], rows: f64) -> f64 {
    let is_gist = wanted.method == "gist";
    let bytes: f64 = columns
        .iter()
        .zip(wanted.keys)
        .map(|(column, key)| {
            let width = column.widths.mean();
            let is_trigram = key.opclass.is_some_and(|name| name.contains("trgm"));
            match column.kind.as_str() {
                "point" | "circle" | "polygon" | "box" if is_gist => BOX,
                _ if is_trigram => TRIGRAM * (width + 1.0) + TREE_ENTRY,
                // The least and the greatest value below, the same in a leaf.
                "smallint"
                | "integer"
                | "bigint"
                | "real"
                | "double precision"
                | "date"
                | "timestamp with time zone"
                | "timestamp without time zone"
                    if is_gist =>
                {
                    2.0 * width
                }
                _ => width,
            }
        })
        .map(|bytes| up(bytes as i64) as f64)
        .sum();
    rows * (bytes + TREE_ENTRY) / (page.btree_room() as f64 * TREE_FILL)
}

/// What an expression makes, as far as its text tells: the length of its values. A function that keeps them apart
/// keeps the statistics of its column.
pub(super) fn expression(table: &Table, text: &str) -> Column {
    let text = text.trim().trim_matches(['(', ')']).to_lowercase();
    let inner = text
        .split_once('(')
        .filter(|(name, _)| {
            ["lower", "upper", "btrim", "ltrim", "rtrim", "trim"].contains(&name.trim())
        })
        .map(|(_, rest)| rest.trim_matches(['(', ')']));
    if let Some(inner) = inner {
        let name = inner.split("::").next().unwrap_or_default();
        let name = name.trim_matches(['(', ')', '"', ' ']);
        if let Some(column) = table.column(name) {
            return Column {
                // A text, whatever it was.
                merging: Merging::Yes,
                ..column.clone()
            };
        }
    }
    if text.starts_with("date_trunc") {
        Column::unknown("timestamp without time zone", 8, "d")
    } else if text.ends_with("::date") {
        Column::unknown("date", 4, "i")
    } else if text.ends_with("::integer") || text.ends_with("::int") {
        Column::unknown("integer", 4, "i")
    } else {
        Column::unknown("text", -1, "i")
    }
}
