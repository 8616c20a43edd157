//! Places in a file: lines and columns of bytes.

use std::ops::Range;

use crate::parse::item::{Item, Position};

/// Where something stands: its first character, and the one after its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub first: Position,
    pub end: Position,
}

/// Finds places in a text. Those that are asked for in order cost one way through it.
pub(super) struct Places<'a> {
    text: &'a [u8],
    /// From where the way begins again.
    start: (usize, Position),
    at: usize,
    here: Position,
}

impl<'a> Places<'a> {
    /// `start`: a byte of the text before all that are asked for, and its place.
    pub fn new(text: &'a str, start: (usize, Position)) -> Self {
        Self {
            text: text.as_bytes(),
            start,
            at: start.0,
            here: start.1,
        }
    }

    pub fn span(&mut self, bytes: &Range<usize>) -> Span {
        Span {
            first: self.position(bytes.start),
            end: self.position(bytes.end),
        }
    }

    fn position(&mut self, byte: usize) -> Position {
        if byte < self.at {
            (self.at, self.here) = self.start;
        }
        for &passed in self.text.get(self.at..byte).unwrap_or_default() {
            if passed == b'\n' {
                self.here.line += 1;
                self.here.column = 1;
            } else if passed & 0xC0 != 0x80 {
                // Bytes within a character are none of their own.
                self.here.column += 1;
            }
        }
        self.at = byte;
        self.here
    }
}

/// Finds places in a statement of a script.
pub(super) struct Within<'a> {
    places: Places<'a>,
    item: &'a Item,
}

impl<'a> Within<'a> {
    pub fn new(script: &'a str, item: &'a Item) -> Self {
        Self {
            places: Places::new(script, (item.text.start, item.first)),
            item,
        }
    }

    /// The statement as a whole.
    pub fn whole(&self) -> Span {
        let last = self.item.last;
        Span {
            first: self.item.first,
            end: Position {
                line: last.line,
                column: last.column + 1,
            },
        }
    }

    /// Bytes of the statement's text, as a place in the file.
    pub fn span(&mut self, range: &Range<usize>) -> Span {
        let bytes = in_script(self.item, range);
        if bytes == self.item.text {
            return self.whole();
        }
        self.places.span(&bytes)
    }
}

/// Bytes of a statement's text, as bytes of the script, where psql's commands stand in between.
fn in_script(item: &Item, range: &Range<usize>) -> Range<usize> {
    let mut start = item.text.start + range.start;
    // The last byte is what counts: what is cut out right behind it is no part of it.
    let mut last = item.text.start + range.end.max(range.start + 1) - 1;
    for hole in &item.holes {
        if hole.start <= start {
            start += hole.len();
        }
        if hole.start <= last {
            last += hole.len();
        }
    }
    let end = (last + 1).min(item.text.end);
    start.min(end)..end
}
