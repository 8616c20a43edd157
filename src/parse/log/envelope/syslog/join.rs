//! Records out of the pieces in which the server sends them.
//!
//! `write_syslog` in `elog.c` cuts a message at its line ends, and lines at 900 bytes, before a blank
//! where there is one. A piece has `[n-m] ` before it, the number of the message of this process and
//! that of the piece, unless `syslog_sequence_numbers` is off; `[n] ` where
//! `syslog_split_messages` is off.

use std::collections::VecDeque;

use memchr::{memchr, memmem};

use super::super::kind::LONGEST;
use super::super::text::label_at;
use super::escape;
use super::header::{Header, Time, header};
use super::piece::{self, Cut, repetition};
use super::years::Years;
use crate::parse::log::record::{Unread, integer};

/// Records that wait for further pieces. They come at once, mixed only with those of sessions that
/// log at the same time.
const WAITING: usize = 32;
/// Bytes that they hold together.
const HELD: usize = 16 << 20;
/// Repetitions that are written out, of at most as many bytes as a record; more count as unread.
const REPEATED: u64 = 10_000;
/// Programs and hosts that are remembered.
const NAMES: usize = 1_000;

#[derive(Debug)]
struct Open {
    host: usize,
    pid: Option<u32>,
    number: Option<u64>,
    text: Vec<u8>,
    /// How the last piece ends.
    cut: Cut,
    times: u64,
}

/// The line before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    OfOthers,
    /// The number of an open record, and where the text began in the line.
    Ours(u64, usize),
}

/// Joins pieces.
#[derive(Debug)]
pub(in super::super) struct Joiner {
    bare: bool,
    years: Years,
    /// Month and day of the line before, and the date that they are.
    date: (i8, i8, Vec<u8>),
    open: VecDeque<Open>,
    /// The number of the first open record.
    first: u64,
    spare: Vec<Vec<u8>>,
    held: usize,
    last: Last,
    hosts: Vec<Vec<u8>>,
    idents: Vec<Vec<u8>>,
    /// Lines of other programs.
    pub others: u64,
    head: Vec<u8>,
    plain: Vec<u8>,
}

impl Joiner {
    /// `end` is a time that no record is after, where one is known; `bare`: no heads are written.
    pub fn new(end: Option<i64>, bare: bool) -> Self {
        Self {
            bare,
            years: end.map(Years::new).unwrap_or_default(),
            date: (0, 0, Vec::new()),
            open: VecDeque::new(),
            first: 0,
            spare: Vec::new(),
            held: 0,
            last: Last::Nothing,
            hosts: Vec::new(),
            idents: Vec::new(),
            others: 0,
            head: Vec::new(),
            plain: Vec::new(),
        }
    }

    /// Takes a line, or a frame of several.
    pub fn line(&mut self, line: &[u8], offset: usize, out: &mut Vec<u8>, unread: &mut Unread) {
        let Some(header) = header(line) else {
            if !self.further(line) {
                unread.note(offset, line);
            }
            return;
        };
        let repeated = header.text.strip_prefix(b"last message repeated ");
        if let Some(times) = repeated.filter(|_| header.ident.is_empty()) {
            self.again(times);
            return;
        }
        if !self.is_server(&header) {
            self.others += 1;
            self.last = Last::OfOthers;
            return;
        }
        let host = self.host(header.host);
        let digits = header.process.rsplit(|b| *b == b'.').next();
        let pid = digits.and_then(integer);
        self.head(
            &header,
            digits.filter(|_| pid.is_some()).unwrap_or_default(),
        );
        let (text, times) = match repetition(header.text) {
            Some(found) => found,
            None => (header.text, 1),
        };
        let text = without_end(text);
        let at = line.len() - header.text.len();
        if !self.piece(host, pid, text, times, at) {
            unread.note(offset, line);
        }
        while self.open.len() > WAITING || self.held > HELD {
            self.close(out, unread);
        }
    }

    /// Gives away all records.
    pub fn finish(&mut self, out: &mut Vec<u8>, unread: &mut Unread) {
        while self.close(out, unread) {}
    }

    fn close(&mut self, out: &mut Vec<u8>, unread: &mut Unread) -> bool {
        let Some(mut open) = self.open.pop_front() else {
            return false;
        };
        self.first += 1;
        self.held -= open.text.len();
        open.text.push(b'\n');
        let most = REPEATED.min((LONGEST / open.text.len()).max(1) as u64);
        for _ in 0..open.times.min(most) {
            out.extend_from_slice(&open.text);
        }
        unread.count = unread.count.saturating_add(open.times.saturating_sub(most));
        open.text.clear();
        if self.spare.len() < WAITING && open.text.capacity() < HELD / WAITING {
            self.spare.push(open.text);
        }
        true
    }

    /// A line without a head: of a message whose line ends no relay escaped. journalctl puts such
    /// lines below the text of the first one.
    fn further(&mut self, line: &[u8]) -> bool {
        if line.is_empty() || line.starts_with(b"-- ") {
            return true;
        }
        if !matches!(line[0], b'\t' | b' ') {
            return false;
        }
        let (number, at) = match self.last {
            Last::Nothing => return false,
            Last::OfOthers => return true,
            Last::Ours(number, at) => (number, at),
        };
        let blanks = line.iter().take(at).take_while(|b| **b == b' ').count();
        let line = &line[blanks..];
        let open = number.checked_sub(self.first);
        let Some(open) = open.and_then(|place| self.open.get_mut(place as usize)) else {
            return false;
        };
        if open.text.len() + self.head.len() + line.len() > LONGEST {
            return false;
        }
        let before = open.text.len();
        open.text.push(b'\n');
        if line.first() != Some(&b'\t') {
            open.text.extend_from_slice(&self.head);
        }
        open.text.extend_from_slice(line);
        self.held += open.text.len() - before;
        true
    }

    /// The line before came so many times again.
    fn again(&mut self, times: &[u8]) {
        let digits = times.iter().take_while(|b| b.is_ascii_digit()).count();
        let times: u64 = integer(&times[..digits]).unwrap_or(0);
        match self.last {
            Last::Ours(number, _) => {
                let open = number.checked_sub(self.first);
                if let Some(open) = open.and_then(|place| self.open.get_mut(place as usize)) {
                    open.times = open.times.saturating_add(times);
                }
            }
            Last::OfOthers | Last::Nothing => self.others = self.others.saturating_add(times),
        }
    }

    /// Whether a line is of a server: by the name of the program (`syslog_ident`), or by how its
    /// messages begin.
    fn is_server(&mut self, header: &Header<'_>) -> bool {
        let ident = header.ident;
        if self.idents.iter().any(|known| known == ident) {
            return true;
        }
        let named = |name: &[u8]| memmem::find(name, b"postgres").is_some();
        if named(header.process) {
            return true;
        }
        if memmem::find(ident, b"exporter").is_some() {
            return false;
        }
        let told = || {
            let text = header.text;
            let label = label_at(text, b"").and_then(|at| memmem::find(&text[at..], b":  "));
            piece::sequence(text, None)
                .0
                .is_some_and(|s| s.piece.is_some())
                || label.is_some_and(|colon| colon < 32)
        };
        let found = named(ident) || told();
        if found && self.idents.len() < NAMES {
            self.idents.push(ident.to_vec());
        }
        found
    }

    fn host(&mut self, name: &[u8]) -> usize {
        let known = self.hosts.iter().position(|host| host == name);
        known.unwrap_or_else(|| {
            if self.hosts.len() < NAMES {
                self.hosts.push(name.to_vec());
            }
            self.hosts.len() - 1
        })
    }

    /// Makes what is put before a line: `%m [%p] `.
    fn head(&mut self, header: &Header<'_>, pid: &[u8]) {
        self.head.clear();
        if self.bare {
            return;
        }
        match header.time {
            Time::None => {}
            Time::Whole(time) => self.head.extend_from_slice(time),
            Time::NoYear(month, day, clock) => {
                if (self.date.0, self.date.1) != (month, day) {
                    let year = self.years.year(month, day);
                    let date = year.map(|year| format!("{year:04}-{month:02}-{day:02} "));
                    self.date = (month, day, date.unwrap_or_default().into_bytes());
                }
                if !self.date.2.is_empty() {
                    self.head.extend_from_slice(&self.date.2);
                    self.head.extend_from_slice(clock);
                }
            }
        }
        self.head.extend_from_slice(b" [");
        self.head.extend_from_slice(pid);
        self.head.extend_from_slice(b"] ");
    }

    fn piece(&mut self, host: usize, pid: Option<u32>, text: &[u8], times: u64, at: usize) -> bool {
        let (sequence, text) = piece::sequence(text, pid);
        let number = sequence.map(|sequence| sequence.message);
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        let text = if memchr(b'#', text).is_some() {
            escape::undo(text, &mut plain);
            &plain[..]
        } else {
            text
        };
        let new = sequence.is_some_and(|s| matches!(s.piece, None | Some(1)));
        let owner = |open: &Open| open.host == host && open.pid == pid;
        let owner = if new {
            None
        } else {
            self.open.iter().rposition(owner)
        };
        let fits = |open: &Open| number.is_none() || open.number == number;
        let taken = match owner {
            Some(place) if !fits(&self.open[place]) => false,
            Some(place) => {
                let open = &self.open[place];
                // An empty line loses its tab on the way through some relays.
                let tab = matches!(text.first(), None | Some(b'\t'));
                let same = !tab && open.cut.goes_on(text);
                // Without numbers what begins a line may begin a record.
                if tab || same || sequence.is_some() {
                    self.last = Last::Ours(self.first + place as u64, at);
                    self.append(place, text, same, tab)
                } else {
                    self.push(host, pid, number, text, times, at)
                }
            }
            None if !new && matches!(text.first(), None | Some(b'\t')) => false,
            None => self.push(host, pid, number, text, times, at),
        };
        self.plain = plain;
        taken
    }

    fn push(
        &mut self,
        host: usize,
        pid: Option<u32>,
        number: Option<u64>,
        text: &[u8],
        times: u64,
        at: usize,
    ) -> bool {
        self.last = Last::Ours(self.first + self.open.len() as u64, at);
        self.open.push_back(Open {
            host,
            pid,
            number,
            text: self.spare.pop().unwrap_or_default(),
            cut: Cut::default(),
            times,
        });
        self.append(self.open.len() - 1, text, false, false)
    }

    /// Adds a piece: to the last line, as a line with a tab, or as one with a head.
    fn append(&mut self, place: usize, text: &[u8], same: bool, tab: bool) -> bool {
        let open = &mut self.open[place];
        if open.text.len() + self.head.len() + text.len() > LONGEST {
            return false;
        }
        let before = open.text.len();
        if !same {
            if before > 0 {
                open.text.push(b'\n');
            }
            if !tab {
                open.text.extend_from_slice(&self.head);
            }
        }
        let mut rest = text;
        while let Some(newline) = memchr(b'\n', rest) {
            open.text.extend_from_slice(&rest[..=newline]);
            rest = &rest[newline + 1..];
            if rest.first() != Some(&b'\t') {
                open.text.extend_from_slice(&self.head);
            }
        }
        open.text.extend_from_slice(rest);
        open.cut = Cut::after(text);
        self.held += open.text.len() - before;
        true
    }
}

/// A text without the line end, or the NUL, that ends some frames.
fn without_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r' | 0] = text {
        text = rest;
    }
    text
}
