//! A line with its prefix read.

use std::ops::Range;

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
        let found = Line {
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
        let mut reading = Reading {
            line,
            clock,
            found,
            work: MOST_WORK,
        };
        reading.run(&self.steps, 0)?;
        let mut found = reading.found;
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

/// The state of reading one line.
struct Reading<'a, 'c> {
    line: &'a [u8],
    clock: &'c mut Clock,
    found: Line<'a>,
    work: usize,
}

impl Reading<'_, '_> {
    /// Goes through steps whose ends are known by themselves. A name, or a value with blanks around
    /// it, may end at several places, so there the rest is tried from each.
    fn run(&mut self, steps: &[Step], mut at: usize) -> Option<()> {
        for (number, step) in steps.iter().enumerate() {
            self.work = self.work.checked_sub(1)?;
            let rest = self.line.get(at..)?;
            match step {
                Step::Literal(text) => {
                    if !rest.starts_with(text) {
                        return None;
                    }
                    at += text.len();
                }
                Step::Stop => {
                    if self.end(at).is_some() {
                        return Some(());
                    }
                }
                Step::Field { field, width } => {
                    let steps = &steps[number + 1..];
                    if *width != 0 {
                        return self.padded(*field, *width, steps, at);
                    }
                    if field.is_name() {
                        return self.name(*field, steps, at..at, false);
                    }
                    at += value(*field, rest, self.clock, &mut self.found)?;
                }
            }
        }
        self.end(at)
    }

    fn end(&mut self, at: usize) -> Option<()> {
        let rest = self.line.get(at..)?;
        let (label, length) = label(rest)?;
        self.found.label = label;
        self.found.message = &rest[length..];
        Some(())
    }

    /// Reads a value with blanks around it. It takes its width exactly, or more without blanks; some
    /// shippers change the blanks, so other ends are tried after that.
    fn padded(&mut self, field: Field, width: i32, steps: &[Step], at: usize) -> Option<()> {
        let before = self.blanks(at);
        let exact = at + width.unsigned_abs() as usize;
        if field.is_name() {
            let line = self.line;
            let text = line.get(at..exact).unwrap_or_default();
            let side = if width > 0 { text.first() } else { text.last() };
            if side == Some(&b' ') && self.run(steps, exact).is_some() {
                keep(field, text.trim_ascii(), &mut self.found);
                return Some(());
            }
            return self
                .name(field, steps, at..exact, true)
                .or_else(|| self.name(field, steps, at + before..at + before, true))
                .or_else(|| self.name(field, steps, at..at, true));
        }
        let text = self.line.get(at + before..)?;
        let length = value(field, text, self.clock, &mut self.found).unwrap_or_default();
        if length == 0 && !field.may_be_empty() {
            return None;
        }
        let (first, end) = if length == 0 {
            (at, at + before)
        } else {
            let end = at + before + length;
            (end, end + self.blanks(end))
        };
        if (first..=end).contains(&exact) {
            let read = self.run(steps, exact);
            if read.is_some() {
                return read;
            }
        }
        (first..=end).rev().find_map(|next| self.run(steps, next))
    }

    fn blanks(&self, at: usize) -> usize {
        let rest = self.line.get(at..).unwrap_or_default();
        rest.iter().take_while(|b| **b == b' ').count()
    }

    /// Reads a name: it ends at the first place where the rest fits. `least` is the shortest place
    /// that it may take.
    fn name(
        &mut self,
        field: Field,
        steps: &[Step],
        least: Range<usize>,
        is_padded: bool,
    ) -> Option<()> {
        let start = least.start;
        let most = self.line.len().min(start + LONGEST);
        let first = match steps.first() {
            Some(Step::Literal(text)) => text.first().copied(),
            _ => None,
        };
        let mut end = least.end;
        loop {
            if let Some(first) = first {
                let rest = self.line.get(end..most)?;
                end += rest.iter().position(|b| *b == first)?;
            }
            if self.run(steps, end).is_some() {
                let line = self.line;
                let text = line.get(start..end)?;
                let text = if is_padded { text.trim_ascii() } else { text };
                keep(field, text, &mut self.found);
                return Some(());
            }
            end += 1;
            if end > most {
                return None;
            }
        }
    }
}

/// Reads a value whose form tells where it ends, and gives its length.
fn value<'a>(
    field: Field,
    text: &'a [u8],
    clock: &mut Clock,
    found: &mut Line<'a>,
) -> Option<usize> {
    let count = |is_part: fn(u8) -> bool| text.iter().take_while(|b| is_part(**b)).count();
    let digit = |b: u8| b.is_ascii_digit();
    let filled = |length: usize| (length > 0).then_some(length);
    match field {
        Field::Time => {
            let (time, length) = clock.read(text)?;
            found.time = Some(time);
            Some(length)
        }
        Field::Epoch => {
            let length = count(|b| b.is_ascii_digit() || b == b'.');
            found.time = Some(epoch(&text[..length])?);
            Some(length)
        }
        Field::SessionStart => clock.read(text).map(|(_, length)| length),
        Field::Pid => {
            let length = count(digit);
            let pid = text[..length].iter().try_fold(0_u32, |sum, digit| {
                sum.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
            });
            found.pid = Some(pid?);
            filled(length)
        }
        Field::Number => filled(count(digit)),
        Field::QueryId => {
            let sign = usize::from(text.first() == Some(&b'-'));
            let digits = text[sign..].iter().take_while(|b| b.is_ascii_digit());
            let length = sign + digits.count();
            found.query_id = Some(integer(&text[..length])?);
            Some(length)
        }
        Field::Sqlstate => {
            found.sqlstate = Some(text.get(..5).and_then(sqlstate)?);
            Some(5)
        }
        Field::Session => {
            let length = count(|b| b.is_ascii_hexdigit() || b == b'.');
            found.session = Some(&text[..length]);
            filled(length)
        }
        Field::LeaderPid => Some(count(digit)),
        // Before a transaction has begun there is none, or `-1/0`.
        Field::VirtualTransaction => Some(match text.first() {
            Some(b'-') => 1 + text[1..].iter().take_while(|b| is_of_vxid(**b)).count(),
            _ => count(is_of_vxid),
        }),
        Field::Application
        | Field::User
        | Field::Database
        | Field::Remote
        | Field::Host
        | Field::BackendType
        | Field::CommandTag => None,
    }
}

fn is_of_vxid(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'/'
}

fn keep<'a>(field: Field, text: &'a [u8], found: &mut Line<'a>) {
    let value = Some(text).filter(|v| !v.is_empty() && *v != b"[unknown]");
    match field {
        Field::Application => found.application = value,
        Field::User => found.user = value,
        Field::Database => found.database = value,
        Field::CommandTag => found.command_tag = value,
        Field::Host => found.host = value,
        Field::Remote => found.host = value.map(without_port),
        _ => {}
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
