//! Entries that come newest first are turned round.

use std::cmp::Ordering;

/// Entries by which the order is judged.
const JUDGED: usize = 64;
/// Bytes that are held to be turned round.
const HELD: usize = 64 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    AsIs,
    Turned,
}

/// Gives entries on, in their order or the other way round.
#[derive(Debug)]
pub(super) struct Order {
    state: State,
    held: Vec<u8>,
    /// Where the held entries end.
    ends: Vec<usize>,
    before: Vec<u8>,
    rising: usize,
    falling: usize,
}

impl Order {
    /// `any`: entries may come newest first.
    pub fn new(any: bool) -> Self {
        Self {
            state: if any { State::Unknown } else { State::AsIs },
            held: Vec::new(),
            ends: Vec::new(),
            before: Vec::new(),
            rising: 0,
            falling: 0,
        }
    }

    /// Where the next entry is to be written.
    pub fn target<'a>(&'a mut self, out: &'a mut Vec<u8>) -> &'a mut Vec<u8> {
        match self.state {
            State::AsIs => out,
            State::Unknown | State::Turned => &mut self.held,
        }
    }

    /// Tells that an entry was written, and its time as it stands in the entry.
    pub fn written(&mut self, time: &[u8], out: &mut Vec<u8>) {
        if self.state == State::AsIs {
            return;
        }
        self.ends.push(self.held.len());
        if self.state == State::Unknown {
            if !self.before.is_empty() && !time.is_empty() {
                match compare(&self.before, time) {
                    Ordering::Less => self.rising += 1,
                    Ordering::Greater => self.falling += 1,
                    Ordering::Equal => {}
                }
            }
            self.before.clear();
            self.before.extend_from_slice(time);
            if self.ends.len() >= JUDGED {
                self.judge();
            }
        }
        if self.state == State::AsIs || self.held.len() > HELD {
            self.state = State::AsIs;
            out.append(&mut self.held);
            self.ends = Vec::new();
        }
    }

    fn judge(&mut self) {
        self.state = if self.falling > self.rising {
            State::Turned
        } else if self.rising > 0 {
            State::AsIs
        } else {
            State::Unknown
        };
    }

    /// Gives the held entries on.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let before = self.state;
        if before == State::Unknown {
            self.judge();
        }
        if self.state == State::Turned {
            for at in (0..self.ends.len()).rev() {
                let start = at.checked_sub(1).map_or(0, |at| self.ends[at]);
                out.extend_from_slice(&self.held[start..self.ends[at]]);
            }
        } else {
            out.extend_from_slice(&self.held);
        }
        self.state = before;
        self.held.clear();
        self.ends.clear();
    }
}

/// Compares two times of the same form: RFC 3339, to the millisecond, or a number.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    if a.iter().chain(b).all(u8::is_ascii_digit) {
        return a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    }
    let head = |text: &[u8]| {
        let text = text.strip_suffix(b"Z").unwrap_or(text);
        text[..text.len().min(23)].to_vec()
    };
    head(a).cmp(&head(b))
}
