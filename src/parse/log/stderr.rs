//! The stderr format: `log_line_prefix`, a label, the message; further lines of a message begin
//! with a tab (`send_message_to_server_log` in `elog.c`).

use std::collections::VecDeque;

use memchr::memchr;

use super::labels::{Label, Severity};
use super::prefix::{Line, Prefix};
use super::record::{Record, Span, Unread};
use super::time::Clock;

/// Records that wait for the lines that belong to them: several processes write at once, and
/// without the logging collector their lines may come mixed.
const WAITING: usize = 16;

/// What stands around the position of an error, which stderr adds to the message. English, and the
/// message catalogues of `PostgreSQL` 15.
const POSITIONS: &[(&str, &str)] = &[
    (" at character ", ""),
    (" at internal character ", ""),
    (" bei Zeichen ", ""),
    (" en carácter ", ""),
    (" au caractère ", ""),
    (" al carattere ", ""),
    ("(", "文字目)"),
    (" სიმბოლოსთან ", ""),
    (" ", " 번째 문자 부근"),
    (" (символ ", ")"),
    (" vid tecken ", ""),
    (" символ ", ""),
    (" 第 ", " 个字符处"),
];

/// Reads the records of a block that begins with one.
#[derive(Debug)]
pub struct Stderr<'p> {
    prefixes: &'p [Prefix],
    own: Vec<u8>,
    open: VecDeque<Open>,
    /// The part of a record that a line with a tab continues.
    last: Option<(usize, Part)>,
    /// The number of the first open record.
    first: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Message,
    Detail,
    Hint,
    Context,
    Statement,
    Query,
    Ignored,
}

/// A record that is not whole yet, as places in the block.
#[derive(Debug, Clone)]
struct Open {
    time: Option<i64>,
    pid: Option<u32>,
    severity: Severity,
    sqlstate: Option<[u8; 5]>,
    query_id: Option<i64>,
    session: Span,
    user: Span,
    database: Span,
    application: Span,
    host: Span,
    command_tag: Span,
    parts: [Span; 6],
}

impl<'p> Stderr<'p> {
    /// A reader of lines with one of these prefixes; each line is tried with all in order.
    pub fn new(prefixes: &'p [Prefix]) -> Self {
        Self {
            prefixes,
            own: Vec::new(),
            open: VecDeque::new(),
            last: None,
            first: 0,
        }
    }

    /// Gives each record of the block to `sink`.
    pub fn read(
        &mut self,
        block: &[u8],
        clock: &mut Clock,
        unread: &mut Unread,
        sink: &mut impl FnMut(&Record<'_>),
    ) {
        self.last = None;
        let mut start = 0;
        while start < block.len() {
            let end = memchr(b'\n', &block[start..]).map_or(block.len(), |n| start + n);
            let next = end + 1;
            let mut line = &block[start..end];
            if let [rest @ .., b'\r'] = line {
                line = rest;
            }
            match line.first() {
                Some(b'\t') => {
                    // Lines that go on in one piece need no copy.
                    if !self.go_on(block, start, start + line.len()) {
                        unread.note(start, line);
                    }
                }
                None => {
                    self.go_on(block, start, start);
                }
                Some(_) => match self.line(line, clock) {
                    Some(found) => {
                        if !self.take(&found, block, sink) {
                            unread.note(start, line);
                        }
                    }
                    // Some shippers make blanks of tabs.
                    None if line[0] == b' ' && self.go_on(block, start, start + line.len()) => {}
                    None => {
                        self.last = None;
                        unread.note(start, line);
                    }
                },
            }
            start = next;
        }
        while self.close(block, sink) {}
        self.own.clear();
        self.first = 0;
    }

    fn line<'a>(&self, line: &'a [u8], clock: &mut Clock) -> Option<Line<'a>> {
        self.prefixes
            .iter()
            .find_map(|prefix| prefix.read(line, clock))
    }

    /// Takes a line that has a prefix: a new record, or a part of one of the same process.
    fn take(&mut self, line: &Line<'_>, block: &[u8], sink: &mut impl FnMut(&Record<'_>)) -> bool {
        let text = span_in(block, line.message);
        let part = match line.label {
            Label::Severity(severity) => {
                if self.open.len() == WAITING {
                    self.close(block, sink);
                }
                let place = |field: Option<&[u8]>| field.map_or(Span::None, |f| span_in(block, f));
                let mut parts = [Span::None; 6];
                parts[0] = text;
                self.open.push_back(Open {
                    time: line.time,
                    pid: line.pid,
                    severity,
                    sqlstate: line.sqlstate,
                    query_id: line.query_id.filter(|id| *id != 0),
                    session: place(line.session),
                    user: place(line.user),
                    database: place(line.database),
                    application: place(line.application),
                    host: place(line.host),
                    command_tag: place(line.command_tag),
                    parts,
                });
                self.last = Some((self.first + self.open.len() - 1, Part::Message));
                return true;
            }
            Label::Detail => Part::Detail,
            Label::Hint => Part::Hint,
            Label::Context => Part::Context,
            Label::Statement => Part::Statement,
            Label::Query => Part::Query,
            Label::Location | Label::Backtrace => Part::Ignored,
        };
        let owner = self.open.iter().rposition(|open| open.pid == line.pid);
        let Some(owner) = owner else {
            self.last = None;
            return false;
        };
        if part != Part::Ignored {
            self.open[owner].parts[part as usize] = text;
        }
        self.last = Some((self.first + owner, part));
        true
    }

    /// Adds a further line to the part that was read last.
    fn go_on(&mut self, block: &[u8], start: usize, end: usize) -> bool {
        let Some((number, part)) = self.last else {
            return false;
        };
        if part == Part::Ignored {
            return true;
        }
        let Some(open) = number
            .checked_sub(self.first)
            .and_then(|at| self.open.get_mut(at))
        else {
            return false;
        };
        let span = &mut open.parts[part as usize];
        let line = &block[start..end];
        let line = line.strip_prefix(b"\t").unwrap_or(line);
        let begin = match *span {
            // The text that was added to last stands at the end.
            Span::Own(begin, end) if end == self.own.len() => begin,
            other => {
                let begin = self.own.len();
                match other {
                    Span::None => {}
                    Span::Block(a, b) => self.own.extend_from_slice(&block[a..b]),
                    Span::Own(a, b) => self.own.extend_from_within(a..b),
                }
                begin
            }
        };
        self.own.push(b'\n');
        self.own.extend_from_slice(line);
        *span = Span::Own(begin, self.own.len());
        true
    }

    /// Gives away the oldest open record.
    fn close(&mut self, block: &[u8], sink: &mut impl FnMut(&Record<'_>)) -> bool {
        let Some(open) = self.open.pop_front() else {
            return false;
        };
        self.first += 1;
        let own = &self.own;
        let text = |span: Span| span.filled(block, own);
        let part = |part: Part| text(open.parts[part as usize]);
        sink(&Record {
            time: open.time,
            pid: open.pid,
            session: text(open.session),
            user: text(open.user),
            database: text(open.database),
            application: text(open.application),
            host: text(open.host),
            command_tag: text(open.command_tag),
            severity: open.severity,
            sqlstate: open.sqlstate,
            query_id: open.query_id,
            message: match (open.severity, part(Part::Message).unwrap_or_default()) {
                (Severity::Log, message) => message,
                (_, message) => without_position(message),
            },
            detail: part(Part::Detail),
            hint: part(Part::Hint),
            context: part(Part::Context),
            statement: part(Part::Statement),
            internal_query: part(Part::Query),
        });
        true
    }
}

/// A message as the other formats have it, which keep the position apart.
fn without_position(message: &[u8]) -> &[u8] {
    let before = |(before, after): &(&str, &str)| {
        let rest = message.strip_suffix(after.as_bytes())?;
        let digits = rest.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let rest = &rest[..rest.len() - digits];
        rest.strip_suffix(before.as_bytes()).filter(|_| digits > 0)
    };
    POSITIONS.iter().find_map(before).unwrap_or(message)
}

/// Where a part of the block stands in it.
fn span_in(block: &[u8], part: &[u8]) -> Span {
    let start = (part.as_ptr() as usize).wrapping_sub(block.as_ptr() as usize);
    if start <= block.len() && part.len() <= block.len() - start {
        Span::Block(start, start + part.len())
    } else {
        Span::None
    }
}

/// The place of the last beginning of a record in a block.
pub fn last_start(block: &[u8], prefixes: &[Prefix], clock: &mut Clock) -> Option<usize> {
    let mut end = block.len();
    while let Some(newline) = memchr::memrchr(b'\n', &block[..end]) {
        let start = newline + 1;
        let line_end = memchr(b'\n', &block[start..]).map_or(block.len(), |n| start + n);
        let line = &block[start..line_end];
        let found = !matches!(line.first(), None | Some(b'\t' | b' '));
        if found
            && let Some(line) = prefixes.iter().find_map(|p| p.read(line, clock))
            && matches!(line.label, Label::Severity(_))
        {
            return Some(start);
        }
        end = newline;
    }
    None
}
