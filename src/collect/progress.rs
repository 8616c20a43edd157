//! How far a collection is.

/// How far a collection is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Queries done.
    pub done: usize,
    /// Queries to run.
    pub total: usize,
    /// What is read now.
    pub what: &'a str,
}

/// Counts queries for the one who waits.
pub(super) struct Steps<'a> {
    done: usize,
    total: usize,
    tell: &'a mut dyn FnMut(Progress<'_>),
}

impl<'a> Steps<'a> {
    pub(super) fn new(tell: &'a mut dyn FnMut(Progress<'_>)) -> Self {
        Self {
            done: 0,
            total: 0,
            tell,
        }
    }

    pub(super) fn plan(&mut self, more: usize) {
        self.total += more;
    }

    pub(super) fn next(&mut self, what: &str) {
        (self.tell)(Progress {
            done: self.done,
            total: self.total,
            what,
        });
        self.done += 1;
    }

    pub(super) fn end(&mut self) {
        (self.tell)(Progress {
            done: self.total,
            total: self.total,
            what: "done",
        });
    }
}
