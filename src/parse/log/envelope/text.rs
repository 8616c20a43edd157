//! The text of one message, as lines of stderr.

use memchr::{memchr, memchr_iter};

use crate::parse::log::labels::{Label, label_word};

/// Where a label is looked for in a line.
const HEAD: usize = 1_000;

/// Bytes that the prefixes of two lines share where both are parts of one message: a time to the
/// second.
const SHARED: usize = 19;

/// Writes a message: a further line gets the tab that the server writes and shippers take away, but
/// for one that begins as the first does, which is a part of the same message with its own prefix.
pub(super) fn write(header: &[u8], text: &[u8], out: &mut Vec<u8>) {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let end = memchr(b'\n', text).unwrap_or(text.len());
    let first = &text[..end];
    if first.first() != Some(&b'\t') {
        out.extend_from_slice(header);
    }
    out.extend_from_slice(first);
    out.push(b'\n');
    if end == text.len() {
        return;
    }
    for line in text[end + 1..].split(|b| *b == b'\n') {
        if line.first() == Some(&b'\t') {
        } else if first.len() >= SHARED && line.starts_with(&first[..SHARED]) {
            out.extend_from_slice(header);
        } else {
            out.push(b'\t');
        }
        out.extend_from_slice(line);
        out.push(b'\n');
    }
}

/// Where the label of a line begins: `LOG:  ` and the like. What an envelope says of the severity
/// is looked for first.
pub(super) fn label_at(text: &[u8], severity: &[u8]) -> Option<usize> {
    let line = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    let head = &line[..line.len().min(HEAD)];
    for colon in memchr_iter(b':', head) {
        if !matches!(line.get(colon + 1), Some(b' ') | None) {
            continue;
        }
        let before = &head[..colon];
        if !severity.is_empty() && before.ends_with(severity) {
            return Some(colon - severity.len());
        }
        let word = before
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || **b >= 0x80)
            .count();
        if word > 0 && label_word(&before[colon - word..]).is_some() {
            return Some(colon - word);
        }
    }
    None
}

/// Whether a word is a severity.
pub(super) fn is_severity(word: &[u8]) -> bool {
    matches!(label_word(word), Some(Label::Severity(_)))
}

/// A time stamp that may be put before a line: nothing else, and not too long.
pub(super) fn is_time(text: &[u8]) -> bool {
    (19..=40).contains(&text.len())
        && text[..4].iter().all(u8::is_ascii_digit)
        && text
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-+:., ".contains(b))
}
