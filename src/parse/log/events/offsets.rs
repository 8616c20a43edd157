//! How many rows executions of a statement skip.

use std::sync::atomic::{AtomicU64, Ordering};

/// Classes: 0, then 1, 2, 5, 10, 20, 50 and so on up to a thousand million.
const CLASSES: usize = 29;

/// Executions of a statement by what stands after OFFSET.
#[derive(Debug)]
pub(super) struct Offsets(Box<[AtomicU64; CLASSES]>);

impl Offsets {
    pub fn new() -> Self {
        Self(Box::new([const { AtomicU64::new(0) }; CLASSES]))
    }

    /// Counts an execution that skips so many rows.
    pub fn add(&self, rows: u64) {
        let at = least().take_while(|least| *least <= rows).count();
        if let Some(count) = self.0.get(at.saturating_sub(1)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Executions by the least rows of their class, where there are any.
    pub fn counts(&self) -> Vec<(u64, u64)> {
        let counts = self.0.iter().map(|count| count.load(Ordering::Relaxed));
        least()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

fn least() -> impl Iterator<Item = u64> {
    let steps = (0..).flat_map(|power| [1, 2, 5].map(|first: u64| first * 10_u64.pow(power)));
    std::iter::once(0).chain(steps).take(CLASSES)
}
