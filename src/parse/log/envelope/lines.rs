//! Lines with a head of their own: of container runtimes, and of `aws logs tail`.

use memchr::memchr;

use super::kind::LONGEST;
use super::syslog::{Time, time};

/// A line of a container's file: `2026-11-23T16:54:46.2Z stderr F text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Container<'a> {
    pub stdout: bool,
    /// The line goes on in the next one.
    pub partial: bool,
    pub text: &'a [u8],
}

/// Reads a line of a container's file.
pub(super) fn container(line: &[u8]) -> Option<Container<'_>> {
    let (_, rest) = iso(line)?;
    let (stdout, rest) = match rest.strip_prefix(b"stderr ") {
        Some(rest) => (false, rest),
        None => (true, rest.strip_prefix(b"stdout ")?),
    };
    // Further tags may follow the first one, after colons.
    let end = memchr(b' ', rest).unwrap_or(rest.len());
    let partial = match rest.first()? {
        b'P' => true,
        b'F' => false,
        _ => return None,
    };
    (end == 1 || rest[1] == b':').then(|| Container {
        stdout,
        partial,
        text: rest.get(end + 1..).unwrap_or_default(),
    })
}

/// Reads a line of `aws logs tail`: `2026-11-23T16:54:46.225000+00:00 stream text`; the stream is
/// absent with `--format short`.
pub(super) fn tail(line: &[u8]) -> Option<&[u8]> {
    let (_, rest) = iso(line)?;
    if is_date(rest) {
        return Some(rest);
    }
    let text = &rest[memchr(b' ', rest)? + 1..];
    (is_date(text) || matches!(text.first(), Some(b'\t'))).then_some(text)
}

fn iso(line: &[u8]) -> Option<(&[u8], &[u8])> {
    match time(line)? {
        (Time::Whole(found), rest) if line[0].is_ascii_digit() => Some((found, rest)),
        _ => None,
    }
}

fn is_date(text: &[u8]) -> bool {
    text.len() > 10
        && text[..4].iter().all(u8::is_ascii_digit)
        && text[4] == b'-'
        && text[7] == b'-'
        && text[10] == b' '
}

/// Lines that come in parts, of two streams.
#[derive(Debug, Default)]
pub(super) struct Parts([Vec<u8>; 2]);

impl Parts {
    /// Takes a part; a whole line is written. False where it is longer than a record may be.
    pub fn add(&mut self, stdout: bool, partial: bool, text: &[u8], out: &mut Vec<u8>) -> bool {
        let held = &mut self.0[usize::from(stdout)];
        let fits = held.len() + text.len() <= LONGEST;
        if fits && partial {
            held.extend_from_slice(text);
        } else {
            out.append(held);
            if fits {
                out.extend_from_slice(text);
            }
            out.push(b'\n');
        }
        fits
    }

    /// Writes what is held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        for held in &mut self.0 {
            if !held.is_empty() {
                out.append(held);
                out.push(b'\n');
            }
        }
    }
}
