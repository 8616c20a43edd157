//! Figures over time in bounded memory.

use std::collections::BTreeMap;

/// Figures of a span of time.
pub trait Add: Default + Clone {
    /// Adds those of another.
    fn add(&mut self, other: &Self);
}

/// Figures by time. Steps double where there would be too many of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Series<T> {
    step_us: i64,
    most: usize,
    slots: BTreeMap<i64, T>,
}

impl<T: Add> Series<T> {
    /// A series with steps of at least so many seconds, of which at most so many are kept.
    pub fn new(seconds: i64, most: usize) -> Self {
        Self {
            step_us: seconds * 1_000_000,
            most,
            slots: BTreeMap::new(),
        }
    }

    /// The figures of the step that a time lies in.
    pub fn at(&mut self, time: i64) -> &mut T {
        while self.slots.len() >= self.most
            && !self.slots.contains_key(&time.div_euclid(self.step_us))
        {
            self.step_us *= 2;
            let mut wider: BTreeMap<i64, T> = BTreeMap::new();
            for (slot, figures) in &self.slots {
                wider.entry(slot.div_euclid(2)).or_default().add(figures);
            }
            self.slots = wider;
        }
        let slot = time.div_euclid(self.step_us);
        self.slots.entry(slot).or_default()
    }

    /// Length of a step, microseconds.
    pub fn step_us(&self) -> i64 {
        self.step_us
    }

    /// The steps with figures: when each begins, and the figures.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        let step = self.step_us;
        self.slots
            .iter()
            .map(move |(slot, figures)| (slot * step, figures))
    }
}
