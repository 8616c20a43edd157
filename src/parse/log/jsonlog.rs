//! The jsonlog format (`PostgreSQL` documentation, "Using JSON-Format Log Output"): an object a line.

use memchr::{memchr, memchr2};

use super::labels::{Label, Severity, label_word};
use super::record::{LARGE, Record, Span, Unread, sqlstate};
use super::time::Clock;

/// Reads the records of a block that begins with one.
#[derive(Debug, Default)]
pub struct Jsonlog {
    own: Vec<u8>,
}

#[derive(Default)]
struct Fields {
    timestamp: Span,
    user: Span,
    database: Span,
    pid: Option<i64>,
    host: Span,
    session: Span,
    command_tag: Span,
    severity: Option<Severity>,
    sqlstate: Option<[u8; 5]>,
    message: Span,
    detail: Span,
    hint: Span,
    internal_query: Span,
    context: Span,
    statement: Span,
    application: Span,
    query_id: Option<i64>,
}

impl Jsonlog {
    /// Gives each record of the block to `sink`. A line that is no record costs itself only.
    pub fn read(
        &mut self,
        block: &[u8],
        clock: &mut Clock,
        unread: &mut Unread,
        sink: &mut impl FnMut(&Record<'_>),
    ) {
        let mut start = 0;
        self.own.clear();
        self.own.shrink_to(LARGE);
        while start < block.len() {
            let end = memchr(b'\n', &block[start..]).map_or(block.len(), |n| start + n);
            let line = block[start..end].trim_ascii();
            if !line.is_empty() {
                self.own.clear();
                let mut scan = Scan {
                    bytes: line,
                    at: 0,
                    own: &mut self.own,
                };
                let mut fields = Fields::default();
                let is_whole = scan.record(&mut fields).is_some();
                let found = is_whole.then(|| record(&fields, line, &self.own, clock));
                match found.flatten() {
                    Some(record) => sink(&record),
                    None => unread.note(start, line),
                }
            }
            start = end + 1;
        }
    }
}

/// Whether a text begins with a record of jsonlog.
pub fn is_jsonlog(sample: &[u8]) -> bool {
    let end = sample.trim_ascii_end().as_ptr_range().end;
    sample
        .split(|b| *b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(20)
        .any(|line| {
            let mut own = Vec::new();
            let mut scan = Scan {
                bytes: line,
                at: 0,
                own: &mut own,
            };
            let mut fields = Fields::default();
            // The sample may end within a long record.
            let is_last = line.as_ptr_range().end == end;
            let is_read = scan.record(&mut fields).is_some() || is_last;
            is_read && fields.severity.is_some() && fields.timestamp != Span::None
        })
}

fn record<'a>(
    fields: &Fields,
    line: &'a [u8],
    own: &'a [u8],
    clock: &mut Clock,
) -> Option<Record<'a>> {
    let text = |span: Span| span.filled(line, own);
    let (time, _) = clock.read(text(fields.timestamp)?)?;
    Some(Record {
        time: Some(time),
        pid: fields.pid.and_then(|pid| u32::try_from(pid).ok()),
        session: text(fields.session),
        user: text(fields.user),
        database: text(fields.database),
        application: text(fields.application),
        host: text(fields.host),
        command_tag: text(fields.command_tag),
        severity: fields.severity?,
        sqlstate: fields.sqlstate,
        query_id: fields.query_id.filter(|id| *id != 0),
        message: text(fields.message).unwrap_or_default(),
        detail: text(fields.detail),
        hint: text(fields.hint),
        context: text(fields.context),
        statement: text(fields.statement),
        internal_query: text(fields.internal_query),
    })
}

struct Scan<'a, 'o> {
    bytes: &'a [u8],
    at: usize,
    own: &'o mut Vec<u8>,
}

/// Objects and lists in values deeper than this are no log.
const DEEPEST: usize = 64;

impl Scan<'_, '_> {
    fn record(&mut self, fields: &mut Fields) -> Option<()> {
        self.expect(b'{')?;
        self.blanks();
        if self.take(b'}') {
            return Some(());
        }
        loop {
            self.blanks();
            let (key_start, key_end) = self.raw_string()?;
            self.blanks();
            self.expect(b':')?;
            self.blanks();
            self.field(fields, key_start, key_end)?;
            self.blanks();
            if self.take(b',') {
                continue;
            }
            self.expect(b'}')?;
            self.blanks();
            return (self.at == self.bytes.len()).then_some(());
        }
    }

    fn field(&mut self, fields: &mut Fields, key_start: usize, key_end: usize) -> Option<()> {
        let slot = match &self.bytes[key_start..key_end] {
            b"timestamp" => &mut fields.timestamp,
            b"user" => &mut fields.user,
            b"dbname" => &mut fields.database,
            b"remote_host" => &mut fields.host,
            b"session_id" => &mut fields.session,
            b"ps" => &mut fields.command_tag,
            b"message" => &mut fields.message,
            b"detail" => &mut fields.detail,
            b"hint" => &mut fields.hint,
            b"internal_query" => &mut fields.internal_query,
            b"context" => &mut fields.context,
            b"statement" => &mut fields.statement,
            b"application_name" => &mut fields.application,
            b"pid" => return self.number(&mut fields.pid),
            b"query_id" => return self.number(&mut fields.query_id),
            b"error_severity" => {
                let span = self.text()?;
                let word = span.get(self.bytes, self.own)?;
                if let Some(Label::Severity(severity)) = label_word(word) {
                    fields.severity = Some(severity);
                }
                return Some(());
            }
            b"state_code" => {
                let span = self.text()?;
                fields.sqlstate = span.get(self.bytes, self.own).and_then(sqlstate);
                return Some(());
            }
            _ => return self.skip(),
        };
        if self.bytes.get(self.at) == Some(&b'"') {
            *slot = self.text()?;
            Some(())
        } else {
            self.skip()
        }
    }

    fn blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    /// A string as it is written, without its quotes.
    fn raw_string(&mut self) -> Option<(usize, usize)> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            let found = self.at + memchr2(b'"', b'\\', self.bytes.get(self.at..)?)?;
            if self.bytes[found] == b'"' {
                self.at = found + 1;
                return Some((start, found));
            }
            self.at = found + 2;
        }
    }

    /// A string with its escapes undone.
    fn text(&mut self) -> Option<Span> {
        let (start, end) = self.raw_string()?;
        let raw = &self.bytes[start..end];
        let Some(first) = memchr(b'\\', raw) else {
            return Some(Span::Block(start, end));
        };
        let own_start = self.own.len();
        self.own.extend_from_slice(&raw[..first]);
        unescape(&raw[first..], self.own);
        Some(Span::Own(own_start, self.own.len()))
    }

    /// A number, or null; numbers in quotes hold too, as envelopes write them.
    fn number(&mut self, value: &mut Option<i64>) -> Option<()> {
        let start = self.at;
        self.skip()?;
        let text = std::str::from_utf8(&self.bytes[start..self.at]).ok()?;
        *value = text.trim_matches('"').parse().ok();
        Some(())
    }

    fn skip(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.raw_string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E' => {
                    while self
                        .bytes
                        .get(self.at)
                        .is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
                    {
                        self.at += 1;
                    }
                }
                b if depth > 0 && b.is_ascii_whitespace() => {
                    self.at += 1;
                    continue;
                }
                _ => return None,
            }
            if depth == 0 {
                return Some(());
            }
            if depth > DEEPEST {
                return None;
            }
        }
    }
}

/// Undoes the escapes of JSON; what is none stays as it is.
pub(super) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(at) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let Some((&kind, after)) = rest.split_first() else {
            break;
        };
        rest = after;
        match kind {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'u' => match code_point(rest) {
                Some((found, length)) => {
                    out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
                    rest = &rest[length..];
                }
                None => out.extend_from_slice(b"\\u"),
            },
            other => out.push(other),
        }
    }
    out.extend_from_slice(rest);
}

/// The character of `XXXX` or of a surrogate pair `XXXX\uXXXX`, and how long it is.
fn code_point(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| -> Option<u32> {
        let digits = std::str::from_utf8(bytes.get(at..at + 4)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let high = unit(0)?;
    if let Some(found) = char::from_u32(high) {
        return Some((found, 4));
    }
    let pair = bytes.get(4..6) == Some(b"\\u");
    match unit(6).filter(|low| pair && (0xDC00..0xE000).contains(low)) {
        Some(low) if high < 0xDC00 => {
            char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).map(|c| (c, 10))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 4)),
    }
}
