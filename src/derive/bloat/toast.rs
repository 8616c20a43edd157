//! Pages of a TOAST table.

use super::layout::{Attribute, Storage};
use super::page::{POINTER, Page};

/// What stays in the row of a value that is put out of line.
const OUT_OF_LINE: i64 = 18;
/// Values that are not longer stay in the row.
const WORTH_MOVING: i64 = 24;

/// A column of a row that may be put out of line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub attribute: Attribute,
    pub size: i64,
}

/// Takes the longest values out of a row that is too long, until it fits, and gives the bytes of
/// those that were taken out. Compression is left as it is: what would have been compressed is.
pub(super) fn shorten(
    row: &mut [Placed],
    head: i64,
    targets: (i64, i64),
    mut moved: impl FnMut(i64),
) {
    let (target, main_target) = targets;
    for (storage, target) in [(Storage::Movable, target), (Storage::Main, main_target)] {
        while length(row, head) > target {
            let longest = row
                .iter_mut()
                .filter(|value| {
                    value.attribute.length == -1
                        && value.attribute.storage == storage
                        && value.size > WORTH_MOVING
                })
                .max_by_key(|value| value.size);
            let Some(longest) = longest else { break };
            moved(longest.size);
            longest.size = OUT_OF_LINE;
        }
    }
}

/// Bytes of a row with its head.
pub(super) fn length(row: &[Placed], head: i64) -> i64 {
    let ends = row.iter();
    head + ends.fold(0, |offset, value| value.attribute.end(offset, value.size))
}

/// Packs chunks as they come: a chunk that does not fit begins a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunks {
    page: Page,
    full: i64,
    used: i64,
}

impl Chunks {
    pub fn new(page: Page) -> Self {
        Self {
            page,
            full: 0,
            used: 0,
        }
    }

    /// Adds a value. Gives the bytes that its chunks take.
    pub fn add(&mut self, mut bytes: i64) -> i64 {
        let mut taken = 0;
        while bytes > 0 {
            let chunk = bytes.min(self.page.chunk());
            bytes -= chunk;
            let row = self.page.chunk_row(chunk) + POINTER;
            if self.used + row > self.page.heap_room() {
                self.full += 1;
                self.used = 0;
            }
            self.used += row;
            taken += row;
        }
        taken
    }

    /// Pages begun, the last one by its share.
    pub fn pages(&self) -> f64 {
        self.full as f64 + self.used as f64 / self.page.heap_room() as f64
    }
}
