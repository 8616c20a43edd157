//! The lines of a file that a finding stands in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::engine::Location;
use crate::facts::escape;

/// Lines of a place that are shown; a statement may have many more.
const LINES: usize = 4;

/// Longest line that is shown whole; of a longer one, what is around the mark.
const LINE_BYTES: usize = 4000;

/// Where the lines of files begin, found once a file.
#[derive(Debug, Default)]
pub(super) struct Excerpts(HashMap<String, Vec<usize>>);

/// Lines of a text, harmless on a terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines.
    pub text: String,
    /// Number of the first of them.
    pub first_line: usize,
    /// What the finding is about in its first line, as bytes of `text`.
    pub mark: Range<usize>,
    /// What follows of it.
    pub shown: Option<Range<usize>>,
    /// It is part of a line: columns in it are not those of the line.
    pub is_cut: bool,
}

impl Excerpts {
    /// The lines of a place; none, where it is not in the text.
    pub fn of(&mut self, file: &str, text: &str, location: &Location) -> Option<Excerpt> {
        if !self.0.contains_key(file) {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes());
            let starts = std::iter::once(0).chain(ends.map(|end| end + 1));
            self.0.insert(file.to_owned(), starts.collect());
        }
        let starts = self.0.get(file)?;
        let first = usize::try_from(location.line?).ok()?.checked_sub(1)?;
        let end = location
            .end_line
            .and_then(|line| usize::try_from(line).ok()?.checked_sub(1));
        let last = end.unwrap_or(first).clamp(first, first + LINES - 1);
        let start = *starts.get(first)?;
        let stop = starts.get(last + 1).map_or(text.len(), |next| next - 1);
        let lines = text.get(start..stop)?;
        let line = lines.split('\n').next().unwrap_or_default();
        let is_whole = end.is_none_or(|end| end == first);
        let from = location.column.unwrap_or(1);
        let from = byte(line, from);
        let to = match location.end_column {
            Some(column) if is_whole => byte(line, column).max(from),
            _ => line.trim_end().len().max(from),
        };
        if lines.len() > LINE_BYTES {
            return Some(cut(line, from..to, first + 1));
        }
        let shown = (last > first).then(|| line.len() + 1..lines.len());
        Some(Excerpt {
            text: harmless(lines),
            first_line: first + 1,
            mark: from..to,
            shown: shown.filter(|shown| shown.start < shown.end),
            is_cut: false,
        })
    }
}

/// The part of a very long line around a mark.
fn cut(line: &str, mark: Range<usize>, number: usize) -> Excerpt {
    let floor = |at: usize| {
        (0..=at)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let start = floor(mark.start.saturating_sub(LINE_BYTES / 4));
    let stop = floor((mark.start + LINE_BYTES / 2).min(line.len()));
    let end = mark.end.clamp(mark.start, stop.max(mark.start));
    Excerpt {
        text: harmless(&line[start..stop]),
        first_line: number,
        mark: mark.start - start..end - start,
        shown: None,
        is_cut: true,
    }
}

/// The byte at which a column begins, counted in characters from 1.
fn byte(line: &str, column: i64) -> usize {
    let before = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let mut chars = line.char_indices();
    chars.nth(before).map_or(line.len(), |(at, _)| at)
}

/// As many bytes and characters, in which a terminal finds nothing to act on.
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut buffer = [0; 4];
        let shown = escape::line(c.encode_utf8(&mut buffer));
        out.push(match (c, c.len_utf8()) {
            ('\n' | '\t', _) => c,
            ('\r', _) if matches!(chars.peek(), None | Some('\n')) => ' ',
            _ if matches!(shown, Cow::Borrowed(_)) => c,
            // Marks of one column that take as many bytes.
            (_, 1) => '?',
            (_, 2) => '¿',
            (_, 3) => '\u{fffd}',
            _ => '\u{10101}',
        });
    }
    out
}
