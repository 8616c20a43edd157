//! Bytes of a wrapped log in, bytes of the log out.

use memchr::memchr;

use super::entries::Entries;
use super::kind::{Envelope, Inner, LONGEST, detect_envelope};
use super::lines::{Parts, container, tail};
use super::syslog::{Joiner, octets};
use super::table::Table;
use super::text;
use crate::parse::log::record::Unread;

/// Envelopes in each other: a container's file of `CloudNativePG`'s JSON, and no more than one in it.
const LAYERS: usize = 3;

/// Takes an envelope off, from bytes as they come.
#[derive(Debug)]
pub struct Unwrap {
    envelope: Envelope,
    reader: Reader,
    /// What has come and is not whole.
    pending: Vec<u8>,
    /// Bytes of it in which there is no line end.
    looked_at: usize,
    /// Bytes before those that are pending.
    offset: usize,
    /// The rest of a line that is too long is passed over.
    passing: bool,
    within: Option<Box<Unwrap>>,
    between: Vec<u8>,
}

#[derive(Debug)]
enum Reader {
    Syslog(Box<Joiner>),
    Entries(Box<Entries>),
    Table(Table),
    Containers(Parts),
    Tail,
}

impl Unwrap {
    /// Takes off one envelope. `end` is a time that no record is after, microseconds since 1970 UTC:
    /// now, or when the file was last written. It tells the year where the times of syslog have
    /// none; without it these records have no time.
    pub fn new(envelope: Envelope, end: Option<i64>) -> Self {
        Self::of(envelope, end, false)
    }

    fn of(envelope: Envelope, end: Option<i64>, bare: bool) -> Self {
        let reader = match envelope {
            Envelope::Syslog => Reader::Syslog(Box::new(Joiner::new(end, bare))),
            Envelope::Containers => Reader::Containers(Parts::default()),
            Envelope::CloudWatchLines => Reader::Tail,
            Envelope::Table => Reader::Table(Table::default()),
            _ => Reader::Entries(Box::new(Entries::new(envelope, bare))),
        };
        Self {
            envelope,
            reader,
            pending: Vec::new(),
            looked_at: 0,
            offset: 0,
            passing: false,
            within: None,
            between: Vec::new(),
        }
    }

    /// Takes off all envelopes that the beginning of a log is in; none where it is in none.
    pub fn detect(sample: &[u8], end: Option<i64>) -> Option<Self> {
        Self::layers(sample, end, false, LAYERS)
    }

    /// What is in the envelopes of a sample, without the added prefix: the server's own prefix can
    /// be found in it. None where it is in none.
    pub fn bare(sample: &[u8]) -> Option<Vec<u8>> {
        let mut unwrap = Self::layers(sample, None, true, LAYERS)?;
        let mut out = Vec::new();
        unwrap.feed(sample, &mut out, &mut Unread::default());
        unwrap.flush(&mut out, &mut Unread::default());
        Some(out)
    }

    fn layers(sample: &[u8], end: Option<i64>, bare: bool, left: usize) -> Option<Self> {
        let envelope = detect_envelope(sample)?;
        let mut outer = Self::of(envelope, end, bare);
        if left > 1 && envelope.inner() == Inner::Any {
            let mut out = Vec::new();
            let mut probe = Self::new(envelope, end);
            probe.feed(sample, &mut out, &mut Unread::default());
            probe.flush(&mut out, &mut Unread::default());
            outer.within = Self::layers(&out, end, bare, left - 1).map(Box::new);
        }
        Some(outer)
    }

    /// The envelopes that are taken off, the outermost first.
    pub fn envelopes(&self) -> Vec<Envelope> {
        let within = self.within.as_ref().map(|within| within.envelopes());
        [vec![self.envelope], within.unwrap_or_default()].concat()
    }

    fn innermost(&self) -> Envelope {
        let within = self.within.as_ref().map(|within| within.innermost());
        within.unwrap_or(self.envelope)
    }

    /// What comes out.
    pub fn inner(&self) -> Inner {
        self.innermost().inner()
    }

    /// The `log_line_prefix` of what is put before each line of stderr, to be put before the
    /// server's own one. Time, pid and SQLSTATE of the envelope; those of the server's own prefix
    /// come after them, and hold. Empty where nothing is added.
    pub fn added_prefix(&self) -> &'static str {
        self.innermost().added_prefix()
    }

    /// Lines and entries of other programs that were passed over.
    pub fn others(&self) -> u64 {
        let own = match &self.reader {
            Reader::Syslog(joiner) => joiner.others,
            Reader::Entries(entries) => entries.others,
            Reader::Table(_) | Reader::Containers(_) | Reader::Tail => 0,
        };
        own + self.within.as_ref().map_or(0, |within| within.others())
    }

    /// Takes further bytes, cut anywhere, and adds whole lines to `out`. Some records are held back
    /// until more bytes come, or [`Unwrap::finish`]. Offsets in `unread` count from the first byte,
    /// of an inner envelope from the first byte that came out of the outer one.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>, unread: &mut Unread) {
        self.take(bytes, false, out, unread);
    }

    /// Gives away the records that are held back, where nothing more comes for a while. A line that
    /// is not whole waits on.
    pub fn flush(&mut self, out: &mut Vec<u8>, unread: &mut Unread) {
        let Some(mut within) = self.within.take() else {
            self.release(out, unread);
            return;
        };
        let mut between = std::mem::take(&mut self.between);
        self.release(&mut between, unread);
        within.feed(&between, out, unread);
        within.flush(out, unread);
        between.clear();
        self.between = between;
        self.within = Some(within);
    }

    fn release(&mut self, out: &mut Vec<u8>, unread: &mut Unread) {
        match &mut self.reader {
            Reader::Syslog(joiner) => joiner.finish(out, unread),
            Reader::Entries(entries) => entries.flush(out),
            Reader::Table(_) | Reader::Containers(_) | Reader::Tail => {}
        }
    }

    /// Gives away all that is held back, at the end. A line that is not whole is taken as it is.
    pub fn finish(&mut self, out: &mut Vec<u8>, unread: &mut Unread) {
        self.take(b"", true, out, unread);
    }

    fn take(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>, unread: &mut Unread) {
        let Some(mut within) = self.within.take() else {
            self.own(bytes, last, out, unread);
            return;
        };
        let mut between = std::mem::take(&mut self.between);
        self.own(bytes, last, &mut between, unread);
        within.take(&between, last, out, unread);
        between.clear();
        self.between = between;
        self.within = Some(within);
    }

    /// Takes off this envelope.
    fn own(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>, unread: &mut Unread) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(bytes);
        let done = match &mut self.reader {
            Reader::Entries(entries) => entries.feed(&pending, last, self.offset, out, unread),
            Reader::Table(table) => rows(table, &pending, last, self.offset, out, unread),
            _ => self.lines(&pending, last, out, unread),
        };
        self.offset += done;
        pending.drain(..done);
        self.pending = pending;
        if last {
            match &mut self.reader {
                Reader::Entries(entries) => entries.finish(out),
                Reader::Containers(parts) => parts.finish(out),
                Reader::Syslog(_) | Reader::Table(_) | Reader::Tail => {}
            }
            self.release(out, unread);
        }
    }

    /// Takes the whole lines of a text, and tells how many bytes they are.
    fn lines(&mut self, text: &[u8], last: bool, out: &mut Vec<u8>, unread: &mut Unread) -> usize {
        let mut at = 0;
        let framed = matches!(self.reader, Reader::Syslog(_));
        while at < text.len() {
            let rest = &text[at..];
            let head = octets(rest).filter(|(_, count)| framed && *count <= LONGEST);
            if let Some((head, count)) = head.filter(|_| !self.passing) {
                if rest.len() < head + count && !last {
                    break;
                }
                let end = rest.len().min(head + count);
                self.line(&rest[head..end], self.offset + at, out, unread);
                at += end;
                self.looked_at = 0;
                continue;
            }
            let from = self.looked_at.min(rest.len());
            let newline = memchr(b'\n', &rest[from..]).map(|n| from + n);
            self.looked_at = 0;
            let end = match newline {
                Some(newline) => newline,
                None if rest.len() > LONGEST => rest.len(),
                None if last => rest.len(),
                None => {
                    self.looked_at = rest.len();
                    break;
                }
            };
            if !self.passing {
                if end > LONGEST {
                    unread.note(self.offset + at, &rest[..end]);
                } else {
                    self.line(&rest[..end], self.offset + at, out, unread);
                }
            }
            self.passing = newline.is_none() && !last;
            at += end + usize::from(newline.is_some());
        }
        at
    }

    fn line(&mut self, line: &[u8], offset: usize, out: &mut Vec<u8>, unread: &mut Unread) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match &mut self.reader {
            Reader::Syslog(joiner) => joiner.line(line, offset, out, unread),
            Reader::Containers(parts) => match container(line) {
                Some(found) => {
                    if !parts.add(found.stdout, found.partial, found.text, out) {
                        unread.note(offset, line);
                    }
                }
                None if line.is_empty() => {}
                None => unread.note(offset, line),
            },
            Reader::Tail => match tail(line) {
                Some(found) => text::write(b"", found, out),
                // Further lines of a message.
                None if line.is_empty() => {}
                None => {
                    let tab = if line[0] == b'\t' { &b""[..] } else { b"\t" };
                    out.extend_from_slice(tab);
                    out.extend_from_slice(line);
                    out.push(b'\n');
                }
            },
            Reader::Entries(_) | Reader::Table(_) => {}
        }
    }
}

/// Takes the whole rows of a text, and tells how many bytes they are.
fn rows(
    table: &mut Table,
    text: &[u8],
    last: bool,
    offset: usize,
    out: &mut Vec<u8>,
    unread: &mut Unread,
) -> usize {
    let mut at = 0;
    while let Some(length) = table.row(&text[at..], last) {
        let row = &text[at..at + length];
        if length == LONGEST || !table.entry(row, out) {
            unread.note(offset + at, row);
        }
        at += length;
    }
    at
}
