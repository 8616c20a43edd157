//! What records were met, whatever they tell.

use crate::parse::log::record::Record;

/// Records that were met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met {
    /// Records that count.
    pub records: u64,
    /// Records that the filter left out.
    pub filtered: u64,
    /// Of those that count, by severity: DEBUG, INFO, NOTICE, WARNING, LOG, ERROR, FATAL, PANIC.
    pub by_severity: [u64; 8],
    /// Time of the earliest and the latest.
    pub times: Option<(i64, i64)>,
    /// The same of all records, those left out too.
    pub span: Option<(i64, i64)>,
    /// What any of them carries.
    pub has: Has,
}

/// What records carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of a record")]
pub struct Has {
    /// A time.
    pub time: bool,
    /// A process id.
    pub pid: bool,
    /// A SQLSTATE.
    pub sqlstate: bool,
    /// A query id.
    pub query_id: bool,
    /// A database.
    pub database: bool,
    /// A role.
    pub user: bool,
    /// An `application_name`.
    pub application: bool,
}

impl Has {
    pub(super) fn add(&mut self, other: Self) {
        self.time |= other.time;
        self.pid |= other.pid;
        self.sqlstate |= other.sqlstate;
        self.query_id |= other.query_id;
        self.database |= other.database;
        self.user |= other.user;
        self.application |= other.application;
    }

    pub(super) fn of(record: &Record<'_>) -> Self {
        Self {
            time: record.time.is_some(),
            pid: record.pid.is_some(),
            sqlstate: record.sqlstate.is_some(),
            query_id: record.query_id.is_some(),
            database: record.database.is_some(),
            user: record.user.is_some(),
            application: record.application.is_some(),
        }
    }
}

impl Met {
    /// Adds what another reader met.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.filtered += other.filtered;
        self.has.add(other.has);
        for (sum, count) in self.by_severity.iter_mut().zip(other.by_severity) {
            *sum += count;
        }
        for time in other.times.iter().flat_map(|(first, last)| [*first, *last]) {
            widen(&mut self.times, time);
        }
        for time in other.span.iter().flat_map(|(first, last)| [*first, *last]) {
            widen(&mut self.span, time);
        }
    }
}

pub(super) fn widen(span: &mut Option<(i64, i64)>, time: i64) {
    let (first, last) = span.unwrap_or((time, time));
    *span = Some((first.min(time), last.max(time)));
}
