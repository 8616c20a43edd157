//! Time stamps of log lines.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// Offsets of time zone names, east of Greenwich, in minutes. `PostgreSQL`'s default set of
/// abbreviations (`src/timezone/tznames/Default`), and more that the time zone database has.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("ACDT", 630),
    ("ACST", 570),
    ("ADT", -180),
    ("AEDT", 660),
    ("AEST", 600),
    ("AKDT", -480),
    ("AKST", -540),
    ("ART", -180),
    ("AST", -240),
    ("AWST", 480),
    ("BRT", -180),
    ("BST", 60),
    ("CAT", 120),
    ("CDT", -300),
    ("CEST", 120),
    ("CET", 60),
    ("CLT", -240),
    ("COT", -300),
    ("CST", -360),
    ("ChST", 600),
    ("EAT", 180),
    ("EDT", -240),
    ("EEST", 180),
    ("EET", 120),
    ("EST", -300),
    ("GMT", 0),
    ("HDT", -540),
    ("HKT", 480),
    ("HST", -600),
    ("ICT", 420),
    ("IDT", 180),
    ("IST", 120),
    ("JST", 540),
    ("KST", 540),
    ("MDT", -360),
    ("MSK", 180),
    ("MST", -420),
    ("NDT", -150),
    ("NST", -210),
    ("NZDT", 780),
    ("NZST", 720),
    ("PDT", -420),
    ("PHT", 480),
    ("PKT", 300),
    ("PST", -480),
    ("SAST", 120),
    ("SGT", 480),
    ("SST", -660),
    ("UCT", 0),
    ("UTC", 0),
    ("WAT", 60),
    ("WEST", 60),
    ("WET", 0),
    ("WIB", 420),
    ("WIT", 540),
    ("WITA", 480),
    ("Z", 0),
];

/// Names that are in use for several zones.
const AMBIGUOUS: &[&str] = &["AST", "BST", "CST", "EST", "IST", "MST", "PST"];

/// The offset of a zone name, minutes east of Greenwich; none where it is the name of several zones
/// or of none that is known.
pub fn abbreviation(name: &str) -> Option<i32> {
    if AMBIGUOUS.contains(&name) {
        return None;
    }
    known(name)
}

fn known(name: &str) -> Option<i32> {
    let found = ABBREVIATIONS.iter().find(|(known, _)| *known == name);
    found.map(|(_, minutes)| *minutes)
}

/// Reads time stamps; remembers the last second and zone, which seldom change from line to line.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// The server's `log_timezone`, where the user or the server says it.
    zone: Option<TimeZone>,
    second: Option<([u8; 19], i64)>,
    last: LastZone,
    guessed: BTreeSet<String>,
}

/// The offset of a zone name, which holds within a quarter of an hour: no zone changes its offset
/// at other times.
#[derive(Debug, Clone, Default)]
struct LastZone {
    name: Vec<u8>,
    quarter: i64,
    offset: i64,
}

impl Clock {
    /// A clock. `zone` is the server's `log_timezone`: it decides what names of zones mean that are
    /// not unique or not known, and times without a zone. Numeric zones need none.
    pub fn new(zone: Option<TimeZone>) -> Self {
        Self {
            zone,
            ..Self::default()
        }
    }

    /// Zone names that mean several zones, or none that is known, and so were guessed: no zone was given.
    pub fn guessed(&self) -> &BTreeSet<String> {
        &self.guessed
    }

    /// The time stamp at the beginning of a text, as microseconds since 1970 UTC, and its length
    /// with its zone: `2026-11-23 16:54:46.225 UTC`, or with a `T` and `+01:00` as RFC 3339 has it.
    /// Without a zone it is in the clock's own, or else in UTC.
    pub fn read(&mut self, text: &[u8]) -> Option<(i64, usize)> {
        let head: [u8; 19] = text.get(..19)?.try_into().ok()?;
        let seconds = match self.second {
            Some((known, seconds)) if known == head => seconds,
            _ => {
                let seconds = seconds(&head)?;
                self.second = Some((head, seconds));
                seconds
            }
        };
        let mut at = 19;
        let mut micros = 0;
        if let Some(b'.' | b',') = text.get(at) {
            let digits = text[at + 1..].iter().take_while(|b| b.is_ascii_digit());
            let mut unit = 100_000;
            let mut length = 0;
            for digit in digits {
                micros += i64::from(digit - b'0') * unit;
                unit /= 10;
                length += 1;
            }
            if length > 0 {
                at += 1 + length;
            }
        }
        let rest = &text[at..];
        let blank = usize::from(rest.first() == Some(&b' '));
        let rest = &rest[blank..];
        let length = if self.is_last(rest) {
            self.last.name.len()
        } else {
            zone(rest, blank > 0)
        };
        let end = if length == 0 { at } else { at + blank + length };
        let name = &rest[..length];
        let quarter = seconds.div_euclid(900);
        if self.last.name != name || self.last.quarter != quarter {
            self.last = LastZone {
                offset: self.offset(name, seconds),
                quarter,
                name: name.to_vec(),
            };
        }
        Some(((seconds - self.last.offset) * 1_000_000 + micros, end))
    }

    /// Whether a text begins with the zone that was met last, one of capitals, and no longer one.
    fn is_last(&self, text: &[u8]) -> bool {
        let name = self.last.name.as_slice();
        name.first().is_some_and(u8::is_ascii_uppercase)
            && text.starts_with(name)
            && !text.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Seconds east of Greenwich of a zone at a local time; the name may be empty.
    fn offset(&mut self, name: &[u8], local: i64) -> i64 {
        if let Some(seconds) = numeric(name) {
            return seconds;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        let minutes = |minutes: i32| i64::from(minutes) * 60;
        if let Some(zone) = &self.zone
            && let Some((offset, is_named)) = offset_in(zone, &name, local)
        {
            let other = abbreviation(&name).filter(|_| !is_named);
            return other.map_or(offset, minutes);
        }
        if !name.is_empty() && abbreviation(&name).is_none() {
            self.guessed.insert(name.clone());
        }
        known(&name).map_or(0, minutes)
    }
}

/// The offset of a zone at a local time, in seconds, and whether the zone has that name then. Where
/// clocks go back an hour comes twice: the name tells which, and without it is the earlier.
fn offset_in(zone: &TimeZone, name: &str, local: i64) -> Option<(i64, bool)> {
    let moment = jiff::Timestamp::from_second(local).ok()?;
    let civil: DateTime = Offset::UTC.to_datetime(moment);
    let (first, second) = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, offset),
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
            (before, after)
        }
    };
    let has_name = |offset: &Offset| {
        let at = offset.to_timestamp(civil);
        at.is_ok_and(|at| zone.to_offset_info(at).abbreviation() == name)
    };
    let found = [first, second].into_iter().find(has_name);
    Some((i64::from(found.unwrap_or(first).seconds()), found.is_some()))
}

/// The length of a zone: a name in capitals, or `+01`, `-0330`, `+05:45`. The server writes no colon,
/// so after a blank one belongs to what follows.
fn zone(text: &[u8], after_blank: bool) -> usize {
    match text.first() {
        Some(b'+' | b'-') => {
            let length = text[1..]
                .iter()
                .take(8)
                .take_while(|b| b.is_ascii_digit() || **b == b':' && !after_blank)
                .count();
            if numeric(&text[..=length]).is_some() {
                length + 1
            } else {
                0
            }
        }
        Some(b'C') if text.starts_with(b"ChST") => 4,
        Some(b'A'..=b'Z') => {
            let length = text
                .iter()
                .take(6)
                .take_while(|b| b.is_ascii_uppercase())
                .count();
            if text.get(length).is_some_and(u8::is_ascii_alphanumeric) {
                0
            } else {
                length
            }
        }
        _ => 0,
    }
}

/// `+HH`, `+HHMM`, `+HH:MM` or with seconds, as seconds east of Greenwich.
pub fn numeric(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = zone.split_first()?;
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: Vec<i64> = rest
        .iter()
        .filter(|b| **b != b':')
        .map(|b| b.is_ascii_digit().then(|| i64::from(b - b'0')))
        .collect::<Option<_>>()?;
    let pair = |at: usize| digits.get(at..at + 2).map_or(0, |d| d[0] * 10 + d[1]);
    matches!(digits.len(), 2 | 4 | 6).then(|| sign * (pair(0) * 3600 + pair(2) * 60 + pair(4)))
}

/// `2026-11-23 16:54:46` as seconds since 1970.
fn seconds(head: &[u8; 19]) -> Option<i64> {
    const FORM: &[u8; 19] = b"0000-00-00 00:00:00";
    let fits = FORM.iter().zip(head).all(|(form, byte)| match form {
        b'0' => byte.is_ascii_digit(),
        b' ' => matches!(byte, b' ' | b'T'),
        form => form == byte,
    });
    if !fits {
        return None;
    }
    let pair = |at: usize| i64::from(head[at] - b'0') * 10 + i64::from(head[at + 1] - b'0');
    let (year, month, day) = (pair(0) * 100 + pair(2), pair(5), pair(8));
    let (hour, minute, second) = (pair(11), pair(14), pair(17));
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !valid || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    // Days since 1970 of the Gregorian calendar, with years that begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}
