//! The csvlog format (`PostgreSQL` documentation, "Using CSV-Format Log Output"): 23 columns to
//! version 12, 24 in 13 and 26 from 14 on, told apart by what a record has.

use memchr::{memchr, memchr_iter, memrchr};

use super::labels::{Label, label_word};
use super::record::{LARGE, Record, Span, Unread, integer, sqlstate};
use super::time::Clock;

/// Columns of the newest version.
const COLUMNS: usize = 26;
/// Columns of version 12 and older.
const FEWEST: usize = 23;

/// Reads the records of a block that begins with one.
#[derive(Debug, Default)]
pub struct Csvlog {
    own: Vec<u8>,
}

/// What stands at a place.
enum Found {
    /// A record; the next one begins here.
    Record(usize),
    /// Bytes that are no record.
    Broken,
    /// A record that goes on after the end of the block.
    Open,
}

impl Csvlog {
    /// Gives each record of the block to `sink`. What is no record costs itself only: reading goes
    /// on at the next line that is one.
    pub fn read(
        &mut self,
        block: &[u8],
        clock: &mut Clock,
        unread: &mut Unread,
        sink: &mut impl FnMut(&Record<'_>),
    ) {
        let mut at = 0;
        let mut spans = [Span::None; COLUMNS];
        self.own.clear();
        self.own.shrink_to(LARGE);
        while at < block.len() {
            if matches!(block[at], b'\n' | b'\r') {
                at += 1;
                continue;
            }
            self.own.clear();
            if let Found::Record(next) = self.fields(block, at, &mut spans)
                && let Some(record) = record(&spans, block, &self.own, clock)
            {
                sink(&record);
                at = next;
                continue;
            }
            let line = memchr(b'\n', &block[at..]).map_or(block.len(), |n| at + n);
            unread.note(at, &block[at..line]);
            at = self.resume(block, at + 1);
        }
    }

    /// The next place where a record begins.
    fn resume(&mut self, block: &[u8], from: usize) -> usize {
        let mut spans = [Span::None; COLUMNS];
        for start in candidates(block, from) {
            self.own.clear();
            if matches!(self.fields(block, start, &mut spans), Found::Record(_))
                && has_severity(&spans, block, &self.own)
            {
                return start;
            }
        }
        block.len()
    }

    fn fields(&mut self, block: &[u8], mut at: usize, spans: &mut [Span; COLUMNS]) -> Found {
        *spans = [Span::None; COLUMNS];
        for column in 0.. {
            let (span, next) = if block.get(at) == Some(&b'"') {
                match self.quoted(block, at + 1) {
                    Some(found) => found,
                    None => return Found::Open,
                }
            } else {
                let rest = &block[at..];
                let length = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'"'));
                let end = length.map_or(block.len(), |n| at + n);
                (Span::Block(at, end), end)
            };
            if let Some(slot) = spans.get_mut(column) {
                *slot = span;
            }
            let last = match block.get(next) {
                Some(b',') => false,
                Some(b'\r') if block.get(next + 1) == Some(&b'\n') => true,
                Some(b'\n') | None => true,
                Some(_) => return Found::Broken,
            };
            at = next + 1;
            if last {
                return if column + 1 >= FEWEST {
                    Found::Record(at.min(block.len()))
                } else {
                    Found::Broken
                };
            }
            if column > 2 * COLUMNS {
                break;
            }
        }
        Found::Broken
    }

    /// A field in quotes whose text begins at `start`, and the place after it.
    fn quoted(&mut self, block: &[u8], start: usize) -> Option<(Span, usize)> {
        let own_start = self.own.len();
        let mut from = start;
        loop {
            let quote = from + memchr(b'"', &block[from..])?;
            if block.get(quote + 1) == Some(&b'"') {
                self.own.extend_from_slice(&block[from..=quote]);
                from = quote + 2;
                continue;
            }
            if from == start {
                return Some((Span::Block(start, quote), quote + 1));
            }
            self.own.extend_from_slice(&block[from..quote]);
            return Some((Span::Own(own_start, self.own.len()), quote + 1));
        }
    }
}

fn has_severity(spans: &[Span; COLUMNS], block: &[u8], own: &[u8]) -> bool {
    let word = spans[11].get(block, own).unwrap_or_default();
    matches!(label_word(word), Some(Label::Severity(_)))
}

fn record<'a>(
    spans: &[Span; COLUMNS],
    block: &'a [u8],
    own: &'a [u8],
    clock: &mut Clock,
) -> Option<Record<'a>> {
    let field = |column: usize| spans[column].filled(block, own);
    let Some(Label::Severity(severity)) = label_word(field(11)?) else {
        return None;
    };
    let (time, _) = clock.read(field(0)?)?;
    Some(Record {
        time: Some(time),
        user: field(1),
        database: field(2),
        pid: field(3).and_then(integer),
        host: field(4).map(without_port),
        session: field(5),
        command_tag: field(7),
        severity,
        sqlstate: field(12).and_then(sqlstate),
        message: field(13).unwrap_or_default(),
        detail: field(14),
        hint: field(15),
        internal_query: field(16),
        context: field(18),
        statement: field(19),
        application: field(22),
        query_id: field(25).and_then(integer).filter(|id| *id != 0),
    })
}

/// `host:port` without the port; addresses of version 6 hold colons themselves.
fn without_port(text: &[u8]) -> &[u8] {
    match memrchr(b':', text) {
        Some(at) if !text[at + 1..].is_empty() && text[at + 1..].iter().all(u8::is_ascii_digit) => {
            &text[..at]
        }
        _ => text,
    }
}

/// Beginnings of lines that look like one of csvlog.
fn candidates(block: &[u8], from: usize) -> impl Iterator<Item = usize> {
    let from = from.min(block.len());
    memchr_iter(b'\n', &block[from..])
        .map(move |n| from + n + 1)
        .filter(|start| is_candidate(&block[*start..]))
}

/// `2026-11-23 16:54:46.225 `
fn is_candidate(line: &[u8]) -> bool {
    const FORM: &[u8] = b"0000-00-00 00:00:00.000 ";
    line.len() > FORM.len()
        && FORM.iter().zip(line).all(|(form, byte)| match form {
            b'0' => byte.is_ascii_digit(),
            form => form == byte,
        })
}

/// The place of the last beginning of a record in a block that begins with one. Quotes tell: within
/// a record their number is odd.
pub fn last_start(block: &[u8]) -> Option<usize> {
    let mut end = block.len();
    let mut quotes = None;
    while let Some(newline) = memrchr(b'\n', &block[..end]) {
        let start = newline + 1;
        if is_candidate(&block[start..]) {
            let count = match quotes {
                // Those before the candidate that was looked at last, less those between.
                Some((count, before)) => count - count_quotes(&block[start..before]),
                None => count_quotes(&block[..start]),
            };
            if count % 2 == 0 {
                return Some(start);
            }
            quotes = Some((count, start));
        }
        end = newline;
    }
    None
}

fn count_quotes(bytes: &[u8]) -> usize {
    memchr_iter(b'"', bytes).count()
}

/// Whether a text begins with a record of csvlog.
pub fn is_csvlog(sample: &[u8]) -> bool {
    let mut reader = Csvlog::default();
    let mut spans = [Span::None; COLUMNS];
    let starts = std::iter::once(0).chain(candidates(sample, 0).take(50));
    starts.into_iter().any(|start| {
        reader.own.clear();
        // The sample may end within a long record.
        !matches!(reader.fields(sample, start, &mut spans), Found::Broken)
            && has_severity(&spans, sample, &reader.own)
    })
}
