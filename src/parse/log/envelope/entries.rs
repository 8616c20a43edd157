//! Entries in JSON.

use super::azure;
use super::cnpg;
use super::json::{LISTS, Piece, Splitter};
use super::kind::Envelope;
use super::lines::Parts;
use super::members::{Members, string};
use super::order::Order;
use super::text;
use crate::parse::log::jsonlog::unescape;
use crate::parse::log::record::Unread;

/// Lists within lists are no log.
const DEEPEST: usize = 3;

/// Makes records of entries.
#[derive(Debug)]
pub(super) struct Entries {
    envelope: Envelope,
    bare: bool,
    splitter: Splitter,
    order: Order,
    parts: Parts,
    own: Vec<u8>,
    /// Entries of other programs.
    pub others: u64,
}

/// What an entry is.
enum Read<'a> {
    /// A record, and its time as it is written.
    Record(&'a [u8]),
    /// Of another program.
    Other,
    /// A list of entries.
    List(&'a [u8]),
    Broken,
}

impl Entries {
    /// `bare`: nothing is put before what an entry has.
    pub fn new(envelope: Envelope, bare: bool) -> Self {
        let any = matches!(
            envelope,
            Envelope::CloudLogging | Envelope::CloudWatch | Envelope::Azure
        );
        Self {
            envelope,
            bare,
            splitter: Splitter::default(),
            order: Order::new(any),
            parts: Parts::default(),
            own: Vec::new(),
            others: 0,
        }
    }

    /// Takes what of a text is whole, and tells how much that was; `offset` is where it begins.
    pub fn feed(
        &mut self,
        text: &[u8],
        last: bool,
        offset: usize,
        out: &mut Vec<u8>,
        unread: &mut Unread,
    ) -> usize {
        let mut splitter = std::mem::take(&mut self.splitter);
        self.pieces(&mut splitter, text, last, offset, 0, out, unread);
        let done = splitter.done();
        splitter.shift(done);
        self.splitter = splitter;
        done
    }

    /// Gives away the entries that are held.
    pub fn flush(&mut self, out: &mut Vec<u8>) {
        self.order.finish(out);
    }

    /// Gives away all that is held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.order.finish(out);
        self.parts.finish(out);
    }

    #[expect(clippy::too_many_arguments, reason = "a loop of one caller and itself")]
    fn pieces(
        &mut self,
        splitter: &mut Splitter,
        text: &[u8],
        last: bool,
        offset: usize,
        depth: usize,
        out: &mut Vec<u8>,
        unread: &mut Unread,
    ) {
        while let Some(piece) = splitter.next(text, last) {
            let (start, end) = match piece {
                Piece::Entry(start, end) => (start, end),
                Piece::Broken(start, end) => {
                    unread.note(offset + start, &text[start..end]);
                    continue;
                }
            };
            let target = self.order.target(out);
            let before = target.len();
            let entry = &text[start..end];
            let read = if self.envelope == Envelope::Azure {
                azure(entry, self.bare, &mut self.own, target)
            } else {
                read(self.envelope, entry, &mut self.own, &mut self.parts, target)
            };
            match read {
                Read::Record(time) => self.order.written(time, out),
                Read::Other => self.others += 1,
                Read::List(list) if depth < DEEPEST => {
                    let mut inner = Splitter::default();
                    let place = offset + start;
                    self.pieces(&mut inner, list, true, place, depth + 1, out, unread);
                }
                Read::List(_) | Read::Broken => {
                    target.truncate(before);
                    unread.note(offset + start, entry);
                }
            }
        }
    }
}

fn azure<'a>(entry: &'a [u8], bare: bool, own: &mut Vec<u8>, out: &mut Vec<u8>) -> Read<'a> {
    match azure::write(entry, bare, own, out) {
        Some((time, true)) => Read::Record(time),
        Some((_, false)) => list(entry).unwrap_or(Read::Other),
        None => Read::Broken,
    }
}

fn read<'a>(
    envelope: Envelope,
    entry: &'a [u8],
    own: &mut Vec<u8>,
    parts: &mut Parts,
    out: &mut Vec<u8>,
) -> Read<'a> {
    let Some(mut members) = Members::of(entry) else {
        return Read::Broken;
    };
    let (mut time, mut text, mut payload, mut record) = (&b""[..], None, None, None);
    let (mut stdout, mut lists) = (false, false);
    for (name, value) in members.by_ref() {
        match name {
            b"timestamp" | b"@timestamp" | b"time" => {
                time = string(value).unwrap_or(value);
            }
            b"textPayload" | b"message" | b"@message" | b"log" => text = string(value).or(text),
            b"jsonPayload" => payload = Some(value),
            b"record" => record = Some(value),
            b"stream" => stdout = string(value) == Some(b"stdout"),
            _ => lists |= LISTS.contains(&name),
        }
    }
    if !members.whole() {
        return Read::Broken;
    }
    if lists && let Some(found) = list(entry) {
        return found;
    }
    if envelope == Envelope::CloudNativePg {
        return match record.filter(|record| cnpg::is_record(record)) {
            Some(record) if cnpg::write(record, out) => Read::Record(time),
            Some(_) => Read::Broken,
            None => Read::Other,
        };
    }
    if let Some(payload) = payload.filter(|_| text.is_none()) {
        let message = Members::of(payload).and_then(|mut m| m.find(|(n, _)| *n == b"message"));
        text = message.and_then(|(_, value)| string(value));
        if text.is_none() {
            one_line(payload, out);
            return Read::Record(time);
        }
    }
    let Some(text) = text else {
        return Read::Other;
    };
    own.clear();
    unescape(text, own);
    if envelope == Envelope::Docker {
        let whole = own.strip_suffix(b"\n");
        let fits = parts.add(stdout, whole.is_none(), whole.unwrap_or(own), out);
        return if fits {
            Read::Record(time)
        } else {
            Read::Broken
        };
    }
    if own.first() == Some(&b'{') {
        one_line(own, out);
    } else {
        text::write(b"", own, out);
    }
    Read::Record(time)
}

fn list(entry: &[u8]) -> Option<Read<'_>> {
    let mut members = Members::of(entry)?;
    let (_, list) = members.find(|(n, v)| LISTS.contains(n) && v.starts_with(b"["))?;
    Some(Read::List(list))
}

/// Writes JSON as a line: its line ends are blanks between values.
fn one_line(json: &[u8], out: &mut Vec<u8>) {
    let blank = |b: &u8| if matches!(b, b'\n' | b'\r') { b' ' } else { *b };
    out.extend(json.trim_ascii_end().iter().map(blank));
    out.push(b'\n');
}
