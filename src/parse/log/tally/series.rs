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
    /// The step that was met last, apart from the others: most times lie in the same one.
    last: (i64, T),
}

impl<T: Add> Series<T> {
    /// A series with steps of at least so many seconds, of which at most so many are kept.
    pub fn new(seconds: i64, most: usize) -> Self {
        Self {
            step_us: seconds * 1_000_000,
            most,
            slots: BTreeMap::new(),
            last: (i64::MIN, T::default()),
        }
    }

    /// The figures of the step that a time lies in.
    pub fn at(&mut self, time: i64) -> &mut T {
        if time.div_euclid(self.step_us) != self.last.0 {
            self.turn(time);
        }
        &mut self.last.1
    }

    /// Goes on to another step.
    fn turn(&mut self, time: i64) {
        self.put_back();
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
        self.last = (slot, self.slots.remove(&slot).unwrap_or_default());
    }

    fn put_back(&mut self) {
        let (slot, figures) = std::mem::replace(&mut self.last, (i64::MIN, T::default()));
        if slot != i64::MIN {
            self.slots.insert(slot, figures);
        }
    }

    /// Length of a step, microseconds.
    pub fn step_us(&self) -> i64 {
        self.step_us
    }

    /// The steps with figures, in the order of time: when each begins, and the figures.
    pub fn iter(&self) -> impl Iterator<Item = (i64, T)> {
        let mut whole = self.clone();
        whole.put_back();
        let step = self.step_us;
        let slots = whole.slots.into_iter();
        slots.map(move |(slot, figures)| (slot * step, figures))
    }
}
