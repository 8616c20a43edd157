//! What a file is, by its beginning.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::scan::{Chopper, How};
use crate::parse::log::block::BlockReader;
use crate::parse::log::record::{Record, Unread};

/// The kind of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// jsonlog.
    Jsonlog,
    /// csvlog.
    Csvlog,
    /// stderr.
    Stderr,
    /// A log in something else, such as syslog.
    Wrapped,
}

/// What a part of a log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The kind.
    pub kind: Kind,
    /// The time of its first record that has one, microseconds since 1970 UTC.
    pub first: Option<i64>,
    /// The time of its last record that has one.
    pub last: Option<i64>,
}

/// Tells what a part of a file is; `None` where it is no log that can be read.
pub type Judge<'a> = dyn Fn(&[u8]) -> Option<Seen> + 'a;

/// Judges what the server itself writes, and that in envelopes, by nothing but the sample.
pub fn native(sample: &[u8]) -> Option<Seen> {
    seen(sample, &How::default())
}

/// Judges by what is known of the lines.
pub(super) fn seen(sample: &[u8], how: &How) -> Option<Seen> {
    let mut chopper = Chopper::new("", how, sample.len());
    chopper.fill(|buffer| buffer.extend_from_slice(sample));
    chopper.finish();
    let mut clock = how.clock();
    let (mut first, mut last) = (None, None);
    let mut unread = Unread::default();
    let mut count = 0;
    while let Some(block) = chopper.block(true, &mut None) {
        let mut sink = |record: &Record<'_>| {
            count += 1;
            first = first.or(record.time);
            last = record.time.or(last);
        };
        BlockReader::default().read(
            &block.bytes,
            &block.format,
            &mut clock,
            &mut unread,
            &mut sink,
        );
    }
    let kind = match (&chopper.account.envelope, chopper.account.format?) {
        (Some(_), _) => Kind::Wrapped,
        (None, "csvlog") => Kind::Csvlog,
        (None, "jsonlog") => Kind::Jsonlog,
        (None, _) => Kind::Stderr,
    };
    (count > 0).then_some(Seen { kind, first, last })
}

/// Lines that show what wrote a file.
const LINES: usize = 20;

/// Programs around the server whose logs look a little like its own.
static OTHERS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    const TIME: &str = r"^\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d";
    [
        (
            r"\.\d{3} \S+ \[\d+\] (?:LOG|WARNING|ERROR|DEBUG|FATAL|NOISE) (?:[CS]-0x|@|kernel|File|[Ll]isten|process up|stats:|got SIG)",
            "a log of PgBouncer",
        ),
        (
            r",\d{3} (?:INFO|WARNING|ERROR|DEBUG|CRITICAL): \S",
            "a log of Patroni",
        ),
        (
            r"\.\d{3} P\d\d +(?:INFO|WARN|ERROR|DETAIL|DEBUG|ASSERT|TRACE): ",
            "a log of pgBackRest",
        ),
        (
            r"\] \[(?:INFO|NOTICE|WARNING|ERROR|DEBUG|DETAIL)\] ",
            "a log of repmgr",
        ),
    ]
    .into_iter()
    .filter_map(|(rest, name)| Some((Regex::new(&format!("{TIME}{rest}")).ok()?, name)))
    .collect()
});

/// What else a file is that is no log of the server; most of its first lines show it.
pub(super) fn other(sample: &[u8]) -> Option<&'static str> {
    let lines = || {
        sample
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty())
            .take(LINES)
    };
    let all = lines().count();
    OTHERS
        .iter()
        .find(|(form, _)| 2 * lines().filter(|line| form.is_match(line)).count() > all)
        .map(|(_, name)| *name)
}
