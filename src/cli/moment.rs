//! Moments that the user names.

use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A moment as it was written.
#[derive(Debug, Clone)]
pub enum Moment {
    /// With its offset from UTC.
    At(Timestamp),
    /// Without.
    Civil(DateTime),
    /// So long ago.
    Ago(Span),
    /// The beginning of a day: so many days before today.
    Day(i64),
}

/// A text that names no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no time; write 2026-11-23, 2026-11-23 16:00, 2026-11-23T16:00:00+01:00, today, yesterday, or how long ago: 2h, 30min, 7d"
)]
pub struct MomentError(String);

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let text = text.trim();
        let error = || MomentError(text.to_owned());
        match text {
            "now" => return Ok(Self::Ago(Span::new())),
            "today" => return Ok(Self::Day(0)),
            "yesterday" => return Ok(Self::Day(1)),
            _ => {}
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        if let Ok(date) = text.parse::<Date>()
            && !text.contains(':')
        {
            return Ok(Self::Civil(date.at(0, 0, 0, 0)));
        }
        if let Ok(civil) = text.parse::<DateTime>() {
            return Ok(Self::Civil(civil));
        }
        let text = text.strip_suffix("ago").unwrap_or(text).trim_end();
        let span: Span = text.parse().map_err(|_| error())?;
        if span.is_negative() {
            return Err(error());
        }
        Ok(Self::Ago(span))
    }
}

impl Moment {
    /// In microseconds since 1970 UTC, where civil times are of a zone.
    pub fn at(&self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<i64> {
        let here = now.to_zoned_datetime(zone.clone());
        let at = match self {
            Self::At(at) => *at,
            Self::Civil(civil) => zone.to_timestamp(*civil)?,
            Self::Ago(span) => here.checked_sub(*span)?.timestamp(),
            Self::Day(before) => {
                let day = here.checked_sub(Span::new().days(*before))?;
                day.start_of_day()?.timestamp()
            }
        };
        Ok(at.as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::{TimeZone, offset};

    use super::Moment;

    #[test]
    fn moments_are_written_in_many_ways() {
        let now: Timestamp = "2026-11-23T16:30:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-11-23", "2026-11-22T23:00:00Z"),
            ("2026-11-23 16:00", "2026-11-23T15:00:00Z"),
            ("2026-11-23T16:00:05.25", "2026-11-23T15:00:05.25Z"),
            ("2026-11-23 16:00Z", "2026-11-23T16:00:00Z"),
            ("2026-11-23T16:00:00+05:30", "2026-11-23T10:30:00Z"),
            ("2h", "2026-11-23T14:30:00Z"),
            ("90 min ago", "2026-11-23T15:00:00Z"),
            ("7d", "2026-11-16T16:30:00Z"),
            ("now", "2026-11-23T16:30:00Z"),
            ("today", "2026-11-22T23:00:00Z"),
            ("yesterday", "2026-11-21T23:00:00Z"),
        ] {
            let moment: Moment = text.parse().unwrap();
            let at = moment.at(now, &TimeZone::fixed(offset(1))).unwrap();
            let at = Timestamp::from_microsecond(at).unwrap();
            assert_eq!(at.to_string(), expected, "{text}");
        }
        for text in ["", "soon", "-2h", "2026-13-01", "16"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
