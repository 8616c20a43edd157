//! Bodies of `DO` blocks and functions, and what is found in them.

use std::ops::Range;

/// A body, out of its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its text.
    pub text: String,
    /// Byte of the statement that the text begins at.
    pub start: usize,
    /// Bytes of `text` before which a byte of the statement is left out: a doubled quote.
    pub skipped: Vec<usize>,
}

impl Body {
    /// Bytes of the text, as bytes of the statement.
    pub fn outer(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.start + at + self.skipped.partition_point(|s| *s <= at);
        place(range.start)..place(range.end)
    }
}

/// A statement in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyStatement {
    /// Its text, without the semicolon; of `EXECUTE` what is executed.
    pub text: String,
    /// Its bytes in the outer statement.
    pub range: Range<usize>,
    /// It may not run: it stands in IF, CASE, an exception handler, a loop that may not run, or
    /// behind a RETURN that stands in one of these.
    pub conditional: bool,
    /// It may run often: it stands in a loop.
    pub repeated: bool,
    /// Why its text is not known in full.
    pub opaque: Option<String>,
}
