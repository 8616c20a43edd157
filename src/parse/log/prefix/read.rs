//! A line with its prefix read.

use super::compile::{Field, Prefix, Step};
use crate::parse::log::labels::{Label, label};
use crate::parse::log::record::{integer, sqlstate};
use crate::parse::log::time::Clock;

/// The first line of a part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Microseconds since 1970 UTC (`%m`, `%t` or `%n`).
    pub time: Option<i64>,
    /// Process id.
    pub pid: Option<u32>,
    /// Session id.
    pub session: Option<&'a [u8]>,
    /// Role.
    pub user: Option<&'a [u8]>,
    /// Database.
    pub database: Option<&'a [u8]>,
    /// `application_name`.
    pub application: Option<&'a [u8]>,
    /// Address of the client.
    pub host: Option<&'a [u8]>,
    /// Command tag.
    pub command_tag: Option<&'a [u8]>,
    /// SQLSTATE, of `%e` or of `log_error_verbosity = verbose`.
    pub sqlstate: Option<[u8; 5]>,
    /// Query id.
    pub query_id: Option<i64>,
    /// What the line begins.
    pub label: Label,
    /// Text after the label.
    pub message: &'a [u8],
}

/// Longest value of a name: `NAMEDATALEN` is 64, and characters may be escaped as `\xNN`.
const LONGEST: usize = 256;

impl Prefix {
    /// Reads a line that begins with this prefix and a label.
    ///
    /// Names may hold anything, also what stands between the fields. Each ends at the first place
    /// where the rest of the prefix and a label follow.
    pub fn read<'a>(&self, line: &'a [u8], clock: &mut Clock) -> Option<Line<'a>> {
        let mut found = Line {
            time: None,
            pid: None,
            session: None,
            user: None,
            database: None,
            application: None,
            host: None,
            command_tag: None,
            sqlstate: None,
            query_id: None,
            label: Label::Detail,
            message: b"",
        };
        let mut work = MOST_WORK;
        read(&self.steps, line, 0, clock, &mut found, &mut work)?;
        if matches!(found.label, Label::Severity(_))
            && let Some(code) = verbose(found.message)
        {
            found.sqlstate = Some(code);
            found.message = &found.message[7..];
        }
        Some(found)
    }
}

/// Steps that are tried for a line: names made to look like a prefix cost no more.
const MOST_WORK: usize = 20_000;

fn read<'a>(
    steps: &[Step],
    line: &'a [u8],
    at: usize,
    clock: &mut Clock,
    found: &mut Line<'a>,
    work: &mut usize,
) -> Option<()> {
    *work = work.checked_sub(1)?;
    let rest = line.get(at..)?;
    let Some((step, steps)) = steps.split_first() else {
        return end(rest, found);
    };
    match step {
        Step::Literal(text) => {
            rest.starts_with(text).then_some(())?;
            read(steps, line, at + text.len(), clock, found, work)
        }
        Step::Stop => end(rest, found).or_else(|| read(steps, line, at, clock, found, work)),
        Step::Field { field, padded } => {
            let blanks = if *padded {
                rest.iter().take_while(|b| **b == b' ').count()
            } else {
                0
            };
            let value = &rest[blanks..];
            let Some(length) = length(*field, value, clock, found) else {
                return name(*field, steps, line, at + blanks, clock, found, work);
            };
            let mut next = at + blanks + length;
            let after = line.get(next..).unwrap_or_default();
            // Blanks of a value that is padded, or of one that is empty.
            let more = after.iter().take_while(|b| **b == b' ').count();
            if *padded && more > 0 {
                for skipped in (0..=more).rev() {
                    if read(steps, line, next + skipped, clock, found, work).is_some() {
                        return Some(());
                    }
                }
                if length > 0 || blanks == 0 {
                    return None;
                }
                next = at;
            } else if length == 0 && blanks > 0 {
                for skipped in (0..=blanks).rev() {
                    if read(steps, line, at + skipped, clock, found, work).is_some() {
                        return Some(());
                    }
                }
                return None;
            }
            read(steps, line, next, clock, found, work)
        }
    }
}

fn end<'a>(rest: &'a [u8], found: &mut Line<'a>) -> Option<()> {
    let (label, length) = label(rest)?;
    found.label = label;
    found.message = &rest[length..];
    Some(())
}

/// The length of a value whose form tells where it ends; none for names.
fn length<'a>(
    field: Field,
    value: &'a [u8],
    clock: &mut Clock,
    found: &mut Line<'a>,
) -> Option<usize> {
    let digits = || value.iter().take_while(|b| b.is_ascii_digit()).count();
    Some(match field {
        Field::Time => match clock.read(value) {
            Some((time, length)) => {
                found.time = Some(time);
                length
            }
            None => 0,
        },
        Field::Epoch => {
            let length = value
                .iter()
                .take_while(|b| b.is_ascii_digit() || **b == b'.')
                .count();
            found.time = epoch(&value[..length]).or(found.time);
            length
        }
        Field::SessionStart => clock.read(value).map_or(0, |(_, length)| length),
        Field::Pid => {
            let length = digits();
            found.pid = integer(&value[..length]);
            length
        }
        Field::LeaderPid | Field::Number => digits(),
        Field::QueryId => {
            let length = usize::from(value.first() == Some(&b'-'));
            let length = length
                + value[length..]
                    .iter()
                    .take_while(|b| b.is_ascii_digit())
                    .count();
            found.query_id = integer(&value[..length]);
            length
        }
        Field::Sqlstate => {
            found.sqlstate = value.get(..5).and_then(sqlstate);
            if found.sqlstate.is_some() { 5 } else { 0 }
        }
        Field::Session => {
            let length = value
                .iter()
                .take_while(|b| b.is_ascii_hexdigit() || **b == b'.')
                .count();
            found.session = value.get(..length).filter(|text| !text.is_empty());
            length
        }
        Field::VirtualTransaction => value
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'/')
            .count(),
        Field::Application
        | Field::User
        | Field::Database
        | Field::Remote
        | Field::Host
        | Field::BackendType
        | Field::CommandTag => return None,
    })
}

/// Reads a name: it ends where the rest fits.
fn name<'a>(
    field: Field,
    steps: &[Step],
    line: &'a [u8],
    start: usize,
    clock: &mut Clock,
    found: &mut Line<'a>,
    work: &mut usize,
) -> Option<()> {
    let most = line.len().min(start + LONGEST);
    let first = match steps.first() {
        Some(Step::Literal(text)) => text.first().copied(),
        _ => None,
    };
    let mut end = start;
    loop {
        if let Some(first) = first {
            end += memchr::memchr(first, line.get(end..most)?)?;
        }
        if read(steps, line, end, clock, found, work).is_some() {
            let value = line[start..end].trim_ascii_end();
            let value = Some(value).filter(|v| !v.is_empty() && *v != b"[unknown]");
            match field {
                Field::Application => found.application = value,
                Field::User => found.user = value,
                Field::Database => found.database = value,
                Field::CommandTag => found.command_tag = value,
                Field::Host => found.host = value,
                Field::Remote => found.host = value.map(without_port),
                _ => {}
            }
            return Some(());
        }
        end += 1;
        if end > most {
            return None;
        }
    }
}

/// `host(port)` without the port.
fn without_port(text: &[u8]) -> &[u8] {
    match memchr::memrchr(b'(', text) {
        Some(at) if text.ends_with(b")") => &text[..at],
        _ => text,
    }
}

/// `1763918086.225`, in microseconds.
fn epoch(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (seconds, millis) = text.split_once('.').unwrap_or((text, "0"));
    let seconds: i64 = seconds.parse().ok()?;
    let digits = &millis[..millis.len().min(6)];
    let fraction: i64 = digits.parse().ok()?;
    let unit = 10_i64.pow(6 - u32::try_from(digits.len()).ok()?);
    seconds.checked_mul(1_000_000)?.checked_add(fraction * unit)
}

/// The SQLSTATE that `log_error_verbosity = verbose` puts before a message. All of them hold a
/// digit, unlike the `AUDIT: ` of pgaudit.
fn verbose(message: &[u8]) -> Option<[u8; 5]> {
    let code = message.get(..5).and_then(sqlstate)?;
    let fits = message[5..].starts_with(b": ") && code.iter().any(u8::is_ascii_digit);
    fits.then_some(code)
}
