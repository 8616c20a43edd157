//! A record of the server log, whatever format it came in.

use super::labels::Severity;

/// One record. Texts are the bytes that the server wrote, without the marks of the format.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// When, microseconds since 1970 UTC; `None` where the prefix has no time.
    pub time: Option<i64>,
    /// Process id.
    pub pid: Option<u32>,
    /// Session id, as `%c` has it.
    pub session: Option<&'a [u8]>,
    /// Role of the session.
    pub user: Option<&'a [u8]>,
    /// Database of the session.
    pub database: Option<&'a [u8]>,
    /// `application_name`.
    pub application: Option<&'a [u8]>,
    /// Address of the client.
    pub host: Option<&'a [u8]>,
    /// Command tag, as `%i` has it.
    pub command_tag: Option<&'a [u8]>,
    /// Severity.
    pub severity: Severity,
    /// SQLSTATE, where the format carries it.
    pub sqlstate: Option<[u8; 5]>,
    /// Query id; `None` where the format has none, or it is 0.
    pub query_id: Option<i64>,
    /// The message.
    pub message: &'a [u8],
    /// DETAIL.
    pub detail: Option<&'a [u8]>,
    /// HINT.
    pub hint: Option<&'a [u8]>,
    /// CONTEXT.
    pub context: Option<&'a [u8]>,
    /// STATEMENT: the statement that the session was running.
    pub statement: Option<&'a [u8]>,
    /// QUERY: the statement inside a function that failed.
    pub internal_query: Option<&'a [u8]>,
}

/// Bytes of a reader's own memory that are not given back after a very long record.
pub(super) const LARGE: usize = 4 << 20;

/// Where a text stands: in the block that is read, or in the reader's own memory where marks had
/// to be taken out of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Span {
    #[default]
    None,
    Block(usize, usize),
    Own(usize, usize),
}

impl Span {
    pub fn get<'a>(self, block: &'a [u8], own: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::None => None,
            Self::Block(start, end) => block.get(start..end),
            Self::Own(start, end) => own.get(start..end),
        }
    }

    /// Empty texts are absent ones: the formats do not tell them apart.
    pub fn filled<'a>(self, block: &'a [u8], own: &'a [u8]) -> Option<&'a [u8]> {
        self.get(block, own).filter(|text| !text.is_empty())
    }
}

/// What a reader met beside its records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// Records and lines that could not be read.
    pub count: u64,
    /// Offset in the block and beginning of the first of them.
    pub first: Option<(usize, Vec<u8>)>,
}

impl Unread {
    /// Bytes of an unread line that are kept to be shown.
    const SHOWN: usize = 160;

    pub(super) fn note(&mut self, offset: usize, line: &[u8]) {
        self.count += 1;
        if self.first.is_none() {
            let shown = line.len().min(Self::SHOWN);
            self.first = Some((offset, line[..shown].to_vec()));
        }
    }
}

/// An integer that is all of a text.
pub(super) fn integer<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A SQLSTATE.
pub(super) fn sqlstate(text: &[u8]) -> Option<[u8; 5]> {
    let code: [u8; 5] = text.try_into().ok()?;
    code.iter()
        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        .then_some(code)
}
