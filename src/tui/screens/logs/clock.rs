//! Moments of the log, UTC.

use crate::report::logs::{Logs, moment};
use crate::tui::list::Cell;
use crate::tui::theme::Role;

/// Writes moments, without the day where the log is of one day.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    is_one_day: bool,
}

impl Clock {
    /// For these logs.
    pub fn new(logs: &Logs) -> Self {
        let day = |at: Option<i64>| at.map(|at| moment(at).get(..10).map(str::to_owned));
        let totals = &logs.totals;
        Self {
            is_one_day: totals.from_at.is_some() && day(totals.from_at) == day(totals.to_at),
        }
    }

    /// `02:30:00`, or with its day.
    pub fn short(self, at: i64) -> String {
        let full = moment(at);
        match full.get(11..) {
            Some(time) if self.is_one_day => time.to_owned(),
            _ => full,
        }
    }

    /// The short form in a cell.
    pub fn cell(self, at: Option<i64>) -> Cell {
        at.map_or_else(Cell::unknown, |at| {
            Cell::number(Role::Text, at as f64, &self.short(at))
        })
    }
}
