//! Lines with their places, and what stands in a text.

/// A line of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where it begins.
    pub start: usize,
    /// Where the next one begins.
    pub next: usize,
    /// Its text, without line end.
    pub text: &'a str,
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]);
        let (end, next) = end.map_or((text.len(), text.len()), |n| (start + n, start + n + 1));
        at = next;
        let line = &text[start..end];
        let line = line.strip_suffix('\r').unwrap_or(line);
        Some(Line {
            start,
            next,
            text: line,
        })
    })
}

/// What a comment line says: its text behind the dashes, trimmed.
pub(super) fn comment(line: &str) -> Option<&str> {
    line.strip_prefix("--").map(str::trim)
}

/// What stands behind a word at the beginning of a text, whatever its case.
pub(super) fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    head.eq_ignore_ascii_case(word).then_some(rest)
}

/// Is there nothing but blanks and comments of one line?
pub(super) fn is_blank(text: &str) -> bool {
    lines(text).all(|line| {
        let line = line.text.trim_start();
        line.is_empty() || line.starts_with("--")
    })
}

/// The number of the line that a byte is in, from 1.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count()
}
