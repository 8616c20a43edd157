//! What became of a source.

use std::collections::BTreeSet;

use crate::parse::log::events::Met;
use crate::parse::log::prefix::Prefix;
use crate::parse::log::record::Unread;

/// What became of a source.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Format of its records: stderr, csvlog or jsonlog; `None`: none was found.
    pub format: Option<&'static str>,
    /// What they were wrapped in.
    pub envelope: Option<String>,
    /// How it was packed.
    pub packing: Option<String>,
    /// `log_line_prefix` by which stderr was read.
    pub prefixes: Vec<String>,
    /// Where the prefix is from: given, server or inferred.
    pub prefix_source: Option<&'static str>,
    /// Bytes that were read, unpacked.
    pub bytes: u64,
    /// Records that were met.
    pub met: Met,
    /// What could not be read.
    pub unread: Unread,
    /// What could not be taken out of its envelope.
    pub unwrapped: Unread,
    /// Lines and entries of other programs.
    pub others: u64,
    /// Zone names that were guessed.
    pub guessed_zones: BTreeSet<String>,
    /// What was tried where nothing could be read.
    pub tried: Vec<Tried>,
    /// Sentences on what else is to be known, such as a torn end.
    pub notes: Vec<String>,
}

impl Account {
    /// Lines and records that could not be read.
    pub fn unread(&self) -> u64 {
        self.unread.count + self.unwrapped.count
    }

    /// The beginning of the first of them.
    pub fn first_unread(&self) -> Option<&[u8]> {
        let first = self.unread.first.as_ref().or(self.unwrapped.first.as_ref());
        first.map(|(_, line)| line.as_slice())
    }

    /// Notes further prefixes by which lines were read.
    pub(super) fn widen(&mut self, prefixes: &[Prefix]) {
        for prefix in prefixes {
            let text = prefix.text();
            if !self.prefixes.iter().any(|known| known == text) {
                self.prefixes.push(text.to_owned());
            }
        }
    }
}

/// A way of reading that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The format, or the prefix.
    pub what: String,
    /// Lines that it fits.
    pub lines: usize,
    /// Lines that were looked at.
    pub of: usize,
}
