//! Years of time stamps that have none.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Finds years: the first so that the time is not after the end of the log, the next ones so that
/// December is followed by January.
#[derive(Debug, Default)]
pub(super) struct Years {
    /// The last possible day: the day after the end, since the zone of the times is not known.
    last: Option<Date>,
    before: Option<(i16, i8)>,
}

impl Years {
    /// `end` is a time that no record is after, microseconds since 1970 UTC.
    pub fn new(end: i64) -> Self {
        let last = Timestamp::from_microsecond(end)
            .ok()
            .map(|time| TimeZone::UTC.to_datetime(time).date())
            .and_then(|day| day.tomorrow().ok());
        Self { last, before: None }
    }

    /// The year of a day; none where no end is known, or there is no such day.
    pub fn year(&mut self, month: i8, day: i8) -> Option<i16> {
        let last = self.last?;
        let possible = |year: i16| Date::new(year, month, day).is_ok_and(|date| date <= last);
        let year = match self.before {
            Some((year, before)) if before - month >= 6 && possible(year + 1) => year + 1,
            // A line that comes late, after those of January.
            Some((year, before)) if month - before >= 6 => {
                return possible(year - 1).then_some(year - 1);
            }
            Some((year, _)) if possible(year) => year,
            // February 29 has not been for eight years at most.
            _ => (0..=8)
                .map(|ago| last.year() - ago)
                .find(|y| possible(*y))?,
        };
        self.before = Some((year, month));
        Some(year)
    }
}
