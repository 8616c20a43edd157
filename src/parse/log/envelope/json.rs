//! JSON as envelopes have it: which bytes are an entry.

use memchr::{memchr, memchr3};

use super::kind::LONGEST;
use super::members::string_end;

/// Members that hold the entries of a document: Azure, `CloudWatch` (`filter-log-events`, and what
/// subscriptions send), Cloud Logging (`entries.list`).
pub(super) const LISTS: &[&[u8]] = &[b"records", b"events", b"logEvents", b"entries"];

/// Members that may stand before such a list.
const BEFORE_LISTS: &[&[u8]] = &[
    b"searchedLogStreams",
    b"nextToken",
    b"nextForwardToken",
    b"nextBackwardToken",
    b"nextPageToken",
];

/// What was cut out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// An object, with its braces.
    Entry(usize, usize),
    /// Bytes that are no JSON.
    Broken(usize, usize),
}

/// Cuts a text into entries: objects a line, concatenated, printed over several lines, in a list, or
/// in a list within a document. What stands between them says nothing.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    at: usize,
    start: usize,
    depth: usize,
    in_string: bool,
    /// The next byte of a string is escaped.
    escaped: bool,
    /// What is left of a line is no JSON, and was said to be none.
    to_line_end: bool,
}

impl Splitter {
    /// Bytes before this place are done with.
    pub fn done(&self) -> usize {
        if self.depth > 0 { self.start } else { self.at }
    }

    /// Tells that the first `count` bytes of the text were taken away.
    pub fn shift(&mut self, count: usize) {
        self.at -= count;
        self.start = self.start.saturating_sub(count);
    }

    /// The next piece. None where more bytes are needed; `last` says that there are none.
    pub fn next(&mut self, text: &[u8], last: bool) -> Option<Piece> {
        loop {
            if self.depth == 0 {
                match self.between(text, last) {
                    Between::Entry => {}
                    Between::Broken(start, end) => return Some(Piece::Broken(start, end)),
                    Between::End => return None,
                }
            }
            let found = self.within(text);
            if found.is_some() {
                return found;
            }
            if self.depth == 0 {
                continue;
            }
            if self.at - self.start >= LONGEST {
                self.to_line_end = true;
            } else if !last {
                return None;
            }
            return Some(self.torn(self.at));
        }
    }

    /// Goes on to the next entry.
    fn between(&mut self, text: &[u8], last: bool) -> Between {
        if self.to_line_end {
            let Some(newline) = memchr(b'\n', &text[self.at..]) else {
                self.at = text.len();
                return Between::End;
            };
            self.at += newline + 1;
            self.to_line_end = false;
        }
        while let Some(&byte) = text.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'[' | b']' | b'}' => self.at += 1,
                b'{' => match list_start(&text[self.at..]) {
                    List::Starts(length) => self.at += length,
                    List::Unknown if !last => return Between::End,
                    List::None | List::Unknown => {
                        self.start = self.at;
                        self.depth = 1;
                        self.at += 1;
                        return Between::Entry;
                    }
                },
                _ => match scalar(&text[self.at..], last) {
                    Scalar::Length(length) => self.at += length,
                    Scalar::Unknown => {
                        if text.len() - self.at <= LONGEST {
                            return Between::End;
                        }
                        let start = self.at;
                        self.at = text.len();
                        self.to_line_end = true;
                        return Between::Broken(start, self.at);
                    }
                    Scalar::None => {
                        let rest = &text[self.at..];
                        let Some(end) = memchr(b'\n', rest).or(last.then_some(rest.len())) else {
                            if rest.len() <= LONGEST {
                                return Between::End;
                            }
                            let start = self.at;
                            self.at = text.len();
                            self.to_line_end = true;
                            return Between::Broken(start, self.at);
                        };
                        let start = self.at;
                        self.at += end;
                        return Between::Broken(start, self.at);
                    }
                },
            }
        }
        Between::End
    }

    /// Goes on to the end of an entry.
    fn within(&mut self, text: &[u8]) -> Option<Piece> {
        // An entry that is too long is no entry however it is cut.
        let text = &text[..text.len().min(self.start + LONGEST)];
        loop {
            if self.in_string {
                if self.escaped && self.at < text.len() {
                    self.at += 1;
                    self.escaped = false;
                }
                let Some(found) = memchr3(b'"', b'\\', b'\n', text.get(self.at..)?) else {
                    self.at = text.len();
                    return None;
                };
                let place = self.at + found;
                match text[place] {
                    b'"' => {
                        self.at = place + 1;
                        self.in_string = false;
                    }
                    b'\\' => {
                        self.at = place + 1;
                        self.escaped = true;
                    }
                    _ => return Some(self.torn(place)),
                }
                continue;
            }
            let Some(found) = memchr3(b'"', b'{', b'}', text.get(self.at..)?) else {
                self.at = text.len();
                return None;
            };
            let place = self.at + found;
            self.at = place + 1;
            match text[place] {
                b'"' => self.in_string = true,
                // What begins a line at its very beginning is an entry: the one before was torn.
                b'{' if text[place - 1] == b'\n' => return Some(self.torn(place)),
                b'{' => self.depth += 1,
                _ => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(Piece::Entry(self.start, self.at));
                    }
                }
            }
        }
    }

    fn torn(&mut self, end: usize) -> Piece {
        self.at = end;
        self.depth = 0;
        self.in_string = false;
        self.escaped = false;
        Piece::Broken(self.start, end)
    }
}

enum Between {
    Entry,
    Broken(usize, usize),
    End,
}

enum List {
    /// A document whose list of entries begins, or what may stand before it.
    Starts(usize),
    None,
    Unknown,
}

fn list_start(text: &[u8]) -> List {
    let looked_at = 4096;
    match list_head(&text[..text.len().min(looked_at)]) {
        List::Unknown if text.len() >= looked_at => List::None,
        found => found,
    }
}

fn list_head(text: &[u8]) -> List {
    let blanks = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
    };
    let quote = blanks(1);
    match text.get(quote) {
        Some(b'"') => {}
        Some(_) => return List::None,
        None => return List::Unknown,
    }
    let start = quote + 1;
    let Some(length) = memchr(b'"', &text[start..]) else {
        // No member of interest has a name that long.
        let longest = 32;
        return if text.len() - start > longest {
            List::None
        } else {
            List::Unknown
        };
    };
    let name = &text[start..start + length];
    if BEFORE_LISTS.contains(&name) {
        return List::Starts(1);
    }
    if !LISTS.contains(&name) {
        return List::None;
    }
    let colon = blanks(start + length + 1);
    let list = blanks(colon + 1);
    match (text.get(colon), text.get(list)) {
        (Some(b':'), Some(b'[')) => List::Starts(list + 1),
        (Some(b':') | None, None) => List::Unknown,
        _ => List::None,
    }
}

enum Scalar {
    Length(usize),
    None,
    Unknown,
}

/// Bytes of the longest number.
const LONGEST_NUMBER: usize = 400;

/// A string, number or word that stands where an entry might.
fn scalar(text: &[u8], last: bool) -> Scalar {
    let length = if text[0] == b'"' {
        match string_end(text, 1) {
            Some(end) if memchr(b'\n', &text[..end]).is_none() => end,
            Some(_) => return Scalar::None,
            None if last || memchr(b'\n', text).is_some() => return Scalar::None,
            None => return Scalar::Unknown,
        }
    } else {
        let word = text
            .iter()
            .take(LONGEST_NUMBER)
            .take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
            .count();
        let number = matches!(text[0], b'-' | b'0'..=b'9');
        if !number && !matches!(&text[..word], b"true" | b"false" | b"null") {
            return if word == text.len() && !last && word < 8 {
                Scalar::Unknown
            } else {
                Scalar::None
            };
        }
        word
    };
    let after = &text[length..];
    match after.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r')) {
        Some(b',' | b':' | b']' | b'}' | b'\n') => Scalar::Length(length),
        Some(_) => Scalar::None,
        None if last => Scalar::Length(length),
        None => Scalar::Unknown,
    }
}
