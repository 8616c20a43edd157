//! Pieces of messages: their numbers, and how they were cut.

use memchr::memchr;

use crate::parse::log::record::integer;

/// Longest piece (`PG_SYSLOG_LIMIT`), and the shortest that a line without blanks is cut to, since
/// characters stay whole.
const CUT: std::ops::RangeInclusive<usize> = 896..=900;

/// What stands before a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sequence {
    /// The number of the message of this process.
    pub message: u64,
    /// The number of the piece; none where messages are not cut.
    pub piece: Option<u64>,
}

/// How a piece ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cut {
    length: usize,
    /// Whether it could have been cut at a blank.
    blank: bool,
}

impl Cut {
    pub fn after(piece: &[u8]) -> Self {
        let blank = |b: &u8| is_blank(*b);
        Self {
            length: piece.len(),
            blank: CUT.contains(&piece.len()) && piece.iter().skip(1).any(blank),
        }
    }

    /// Whether a piece goes on with the line of the one before, which was too long: then its first
    /// word would not have fitted any more.
    pub fn goes_on(self, piece: &[u8]) -> bool {
        match piece.first() {
            Some(first) if is_blank(*first) => {
                let word = piece[1..].iter().position(|b| is_blank(*b));
                let word = word.map_or(piece.len(), |length| length + 1);
                self.length <= *CUT.end() && self.length + word >= *CUT.start()
            }
            Some(_) => CUT.contains(&self.length) && !self.blank,
            None => false,
        }
    }
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// `message repeated 2 times: [ text]`: the text, and how often.
pub(super) fn repetition(text: &[u8]) -> Option<(&[u8], u64)> {
    let rest = text.strip_prefix(b"message repeated ")?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let times = integer(&rest[..digits])?;
    let inner = rest[digits..].strip_prefix(b" times: [")?;
    let inner = inner.trim_ascii_end().strip_suffix(b"]")?;
    Some((inner.strip_prefix(b" ").unwrap_or(inner), times))
}

/// `[n-m] ` or `[n] `, and the text after it. Where n is the process id it is of a
/// `log_line_prefix`. Heroku puts `[DATABASE] ` before.
pub(super) fn sequence(text: &[u8], pid: Option<u32>) -> (Option<Sequence>, &[u8]) {
    numbers(text, pid)
        .or_else(|| {
            let close = memchr(b']', text.strip_prefix(b"[")?)? + 1;
            let name = &text[1..close];
            let named = name.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
            let rest = text[close + 1..].strip_prefix(b" ")?;
            numbers(rest, pid).filter(|_| named)
        })
        .map_or((None, text), |(sequence, rest)| (Some(sequence), rest))
}

fn numbers(text: &[u8], pid: Option<u32>) -> Option<(Sequence, &[u8])> {
    let rest = text.strip_prefix(b"[")?;
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let first = digits(rest);
    let message = integer(rest.get(..first)?)?;
    let (piece, rest) = match rest[first..].strip_prefix(b"-") {
        Some(rest) => {
            let second = digits(rest);
            (Some(integer(&rest[..second])?), &rest[second..])
        }
        None => (None, &rest[first..]),
    };
    let rest = rest.strip_prefix(b"]")?;
    if piece.is_none() && pid.map(u64::from) == Some(message) {
        return None;
    }
    // An empty line loses its blank on the way through some relays.
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    Some((Sequence { message, piece }, rest))
}
