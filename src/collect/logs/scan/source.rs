//! What became of a source.

use std::collections::BTreeSet;

use crate::parse::log::events::Met;
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
    /// Zone names that were guessed.
    pub guessed_zones: BTreeSet<String>,
    /// What was tried where nothing could be read.
    pub tried: Vec<Tried>,
    /// Sentences on what else is to be known, such as a torn end.
    pub notes: Vec<String>,
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
