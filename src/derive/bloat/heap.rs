//! Pages that the live rows of a table need.

use super::interval::{Need, by_neighbours};
use super::page::{POINTER, Page, ROW_HEAD, up};
use super::sample::Sample;
use super::toast::{Chunks, Placed, length, shorten};
use super::{Attribute, Storage};

/// Share of the needed bytes that the model of tables is off at most in 95 of 100 cases, measured
/// against VACUUM FULL over the shapes of `tests/it/bloat_live.rs`, all blocks read.
const MODEL_TABLE: f64 = 0.003;
/// The same of TOAST tables.
const MODEL_TOAST: f64 = 0.01;

/// The last page may be off, but of a few pages not all of it.
const ROUNDING: f64 = 0.02;

/// What is known of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Block size.
    pub page: Page,
    /// Storage parameter; 100 unless set.
    pub fillfactor: i64,
    /// Storage parameter `toast_tuple_target`, where it is set.
    pub toast_target: Option<i64>,
    /// Whether it has a TOAST table.
    pub has_toast: bool,
    /// All columns in order, each with the place of its values in the sample; `None`: always NULL
    /// in a row that is written anew, as dropped columns are.
    pub columns: Vec<(Attribute, Option<usize>)>,
}

/// What a rewrite of a table needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableNeed {
    /// The table.
    pub table: Need,
    /// Its TOAST table.
    pub toast: Need,
    /// Bytes that another order of columns would save.
    pub padding_bytes: f64,
}

/// Estimates what a rewrite of the table needs.
pub fn table(table: &Table, sample: &Sample) -> TableNeed {
    let packing = Packing::run(table, sample);
    let scale = sample.scale();
    let block = table.page.block() as f64;
    let bytes = packing.pages * scale * block;
    // Bytes of rows that a page takes, by what was packed.
    let per_page = packing.rows.iter().sum::<f64>() / packing.pages.max(f64::MIN_POSITIVE);
    let chance = by_neighbours(&packing.rows, sample.blocks) * scale / per_page.max(1.0) * block;
    let room = table.page.heap_room() as f64;
    let toast = packing.toast_pages * scale * block;
    let toast_chance = by_neighbours(&packing.toast, sample.blocks) * scale / room * block;
    let whole = |bytes: f64| {
        if sample.is_whole() {
            (bytes / block).ceil() * block
        } else {
            bytes
        }
    };
    TableNeed {
        table: Need {
            bytes: whole(bytes),
            chance,
            model: bytes * MODEL_TABLE + block.min(bytes * ROUNDING),
        },
        toast: Need {
            bytes: whole(toast),
            chance: toast_chance,
            model: toast * MODEL_TOAST + block.min(toast * ROUNDING),
        },
        padding_bytes: packing.padding * scale,
    }
}

/// The rows of a sample, packed one after the other.
struct Packing {
    pages: f64,
    /// Bytes of rows with their line pointers, by block read.
    rows: Vec<f64>,
    toast_pages: f64,
    /// Bytes of chunks, by block read.
    toast: Vec<f64>,
    padding: f64,
}

impl Packing {
    fn run(table: &Table, sample: &Sample) -> Self {
        let page = table.page;
        let room = page.heap_room();
        let reserve = page.reserve(table.fillfactor);
        let threshold = page.toast_threshold();
        let targets = (
            table.toast_target.unwrap_or(threshold),
            page.toast_main_target(),
        );
        let order = compact_order(table);
        let mut packing = Self {
            pages: 0.0,
            rows: Vec::with_capacity(sample.starts.len()),
            toast_pages: 0.0,
            toast: Vec::with_capacity(sample.starts.len()),
            padding: 0.0,
        };
        let mut chunks = Chunks::new(page);
        let (mut full, mut free, mut row) = (0_i64, room, Vec::new());
        for block in 0..sample.starts.len() {
            let (mut bytes, mut moved) = (0, 0);
            for at in sample.block(block) {
                let head = place(table, sample, at, &mut row);
                let mut size = length(&row, head);
                if size > threshold && table.has_toast {
                    shorten(&mut row, head, targets, |value| moved += chunks.add(value));
                    size = length(&row, head);
                }
                let size = up(size);
                // Of a row with values out of line this is less than nothing.
                packing.padding +=
                    (size - up(reordered(table, &order, sample, at, head))).max(0) as f64;
                if size + POINTER + reserve > free && free < room {
                    full += 1;
                    free = room;
                }
                free -= size + POINTER;
                bytes += size + POINTER;
            }
            packing.rows.push(bytes as f64);
            packing.toast.push(moved as f64);
        }
        let last = (room - free) as f64 / (room - reserve) as f64;
        packing.pages = full as f64 + last.min(1.0);
        packing.toast_pages = chunks.pages();
        packing
    }
}

/// The values of a row. Gives the length of its head.
fn place(table: &Table, sample: &Sample, at: usize, row: &mut Vec<Placed>) -> i64 {
    row.clear();
    for (attribute, slot) in &table.columns {
        if let Some(size) = slot.and_then(|slot| sample.values[slot].size(at)) {
            row.push(Placed {
                attribute: *attribute,
                size,
            });
        }
    }
    let columns = table.columns.len() as i64;
    let map = if row.len() < table.columns.len() {
        (columns + 7) / 8
    } else {
        0
    };
    up(ROW_HEAD + map)
}

/// Columns in the order that pads least: what is always there and of fixed length first, the widest
/// alignment before narrower ones.
fn compact_order(table: &Table) -> Vec<usize> {
    let mut order: Vec<usize> = (0..table.columns.len()).collect();
    order.sort_by_key(|at| {
        let (attribute, _) = &table.columns[*at];
        let is_mostly_unaligned = attribute.length < 0 && attribute.storage != Storage::Plain;
        (
            attribute.length < 0,
            is_mostly_unaligned,
            -attribute.alignment,
        )
    });
    order
}

/// Length of the row in another order of columns.
fn reordered(table: &Table, order: &[usize], sample: &Sample, at: usize, head: i64) -> i64 {
    let mut end = 0;
    for column in order {
        let (attribute, slot) = &table.columns[*column];
        if let Some(size) = slot.and_then(|slot| sample.values[slot].size(at)) {
            end = attribute.end(end, size);
        }
    }
    head + end
}
