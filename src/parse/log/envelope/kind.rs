//! What a log can be wrapped in, and by what it is known.

use super::cnpg;
use super::json::{LISTS, Piece, Splitter};
use super::lines;
use super::members::{Members, string};
use super::syslog::{header, octets};
use super::table;

/// Bytes of the longest record; longer ones are passed over, and counted as unread.
pub(super) const LONGEST: usize = 10 << 20;

/// What a log is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// syslog, in any of its forms, journalctl, and `heroku logs`.
    Syslog,
    /// JSON of `CloudNativePG`: csvlog's columns by name in `record`.
    CloudNativePg,
    /// Entries of Google Cloud Logging: `textPayload` or `jsonPayload`.
    CloudLogging,
    /// Entries of Azure's diagnostic settings or of Log Analytics.
    Azure,
    /// Events of Amazon `CloudWatch`: `message`.
    CloudWatch,
    /// Lines of `aws logs tail`.
    CloudWatchLines,
    /// Rows of CSV with a head, as consoles export entries of hosted services.
    Table,
    /// Files of Docker's `json-file` driver: `log`.
    Docker,
    /// Files of Kubernetes' container runtimes (CRI).
    Containers,
}

/// What comes out of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inner {
    /// stderr with [`Unwrap::added_prefix`](super::Unwrap::added_prefix) before each prefix.
    Stderr,
    /// jsonlog.
    Jsonlog,
    /// What the server wrote, in whatever format, or another envelope.
    Any,
}

impl Envelope {
    /// What it is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syslog => "syslog",
            Self::CloudNativePg => "CloudNativePG",
            Self::CloudLogging => "Cloud Logging",
            Self::Azure => "Azure diagnostics",
            Self::CloudWatch | Self::CloudWatchLines => "CloudWatch",
            Self::Table => "CSV export",
            Self::Docker => "Docker json-file",
            Self::Containers => "Kubernetes CRI",
        }
    }

    /// What comes out of it.
    pub fn inner(self) -> Inner {
        match self {
            Self::Syslog | Self::Azure => Inner::Stderr,
            Self::CloudNativePg => Inner::Jsonlog,
            Self::CloudLogging
            | Self::CloudWatch
            | Self::CloudWatchLines
            | Self::Table
            | Self::Docker
            | Self::Containers => Inner::Any,
        }
    }

    /// The `log_line_prefix` of what is put before each line of stderr.
    pub fn added_prefix(self) -> &'static str {
        match self {
            Self::Syslog => "%m [%p] ",
            Self::Azure => "%m [%p] %e ",
            _ => "",
        }
    }
}

/// Entries and lines of a sample that are looked at.
const LOOKED_AT: usize = 500;

/// What a sample is wrapped in; none where it is in nothing that is known.
pub fn detect_envelope(sample: &[u8]) -> Option<Envelope> {
    let sample = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample);
    let lines = || {
        let lines = sample.split(|b| *b == b'\n').take(LOOKED_AT);
        lines.filter(|line| !matches!(line.first(), None | Some(b'\t' | b' ' | b'\r')))
    };
    let count = lines().count();
    let most = |is: fn(&[u8]) -> bool| count > 0 && 2 * lines().filter(|l| is(l)).count() > count;
    let by_line = || {
        if most(|line| lines::container(line).is_some()) {
            Some(Envelope::Containers)
        } else if most(|line| header(line).is_some()) {
            Some(Envelope::Syslog)
        } else if most(|line| lines::tail(line).is_some()) {
            Some(Envelope::CloudWatchLines)
        } else {
            None
        }
    };
    if !matches!(sample.trim_ascii_start().first(), Some(b'{' | b'[')) {
        if table::columns(sample).is_some() {
            return Some(Envelope::Table);
        }
        let framed = octets(sample).is_some_and(|(head, _)| header(&sample[head..]).is_some());
        let found = by_line().or(framed.then_some(Envelope::Syslog));
        // Lines of something else may come before the entries.
        let entries = most(|line| line.starts_with(b"{"));
        return found.or_else(|| of_entries(sample).filter(|_| entries));
    }
    of_entries(sample)
}

fn of_entries(sample: &[u8]) -> Option<Envelope> {
    let mut splitter = Splitter::default();
    for _ in 0..LOOKED_AT {
        match splitter.next(sample, false)? {
            Piece::Entry(start, end) => {
                // A record of jsonlog; one that is damaged may look like an event.
                let is_record =
                    |m: Members<'_>| m.clone().any(|(name, _)| name == b"error_severity");
                if Members::of(&sample[start..end]).is_some_and(is_record) {
                    return None;
                }
                if let Some(found) = of_entry(&sample[start..end]) {
                    return Some(found);
                }
            }
            Piece::Broken(..) => {}
        }
    }
    None
}

/// By the names of an entry's members.
fn of_entry(entry: &[u8]) -> Option<Envelope> {
    let members = Members::of(entry)?;
    let value = |name: &[u8]| members.clone().find(|(n, _)| *n == name).map(|(_, v)| v);
    let has = |name: &[u8]| value(name).is_some();
    let text = |name: &[u8]| value(name).and_then(string).is_some();
    let object = |name: &[u8]| value(name).is_some_and(|v| v.starts_with(b"{"));
    if let Some(list) = LISTS.iter().find_map(|name| value(name)) {
        return of_entries(list);
    }
    let azure = [
        "category",
        "Category",
        "resourceId",
        "ResourceId",
        "_ResourceId",
    ];
    let azure = azure.iter().any(|name| has(name.as_bytes()));
    if value(b"record").is_some_and(cnpg::is_record) {
        Some(Envelope::CloudNativePg)
    } else if text(b"textPayload") || object(b"jsonPayload") {
        Some(Envelope::CloudLogging)
    } else if (azure && has(b"properties"))
        || has(b"errorLevel_s")
        || (has(b"ErrorLevel") && has(b"Message"))
    {
        Some(Envelope::Azure)
    } else if text(b"log") && has(b"stream") {
        Some(Envelope::Docker)
    } else if has(b"@message") {
        Some(Envelope::CloudWatch)
    } else if text(b"message") && !has(b"error_severity") {
        let events = ["timestamp", "ingestionTime", "eventId", "logStreamName"];
        let event = events.iter().any(|name| has(name.as_bytes()));
        event.then_some(Envelope::CloudWatch)
    } else {
        None
    }
}
