//! What a worker makes of a block.

use std::collections::BTreeSet;

use super::chopper::Block;
use crate::parse::log::detect::Format;
use crate::parse::log::events::{Event, Met};
use crate::parse::log::record::Unread;

/// A block with its number: blocks are counted over all sources.
pub(super) struct Task {
    pub number: u64,
    pub source: usize,
    pub block: Block,
}

/// What a worker made of a block.
#[derive(Default)]
pub(super) struct Batch {
    pub number: u64,
    pub source: usize,
    /// Where the block began in its source.
    pub offset: u64,
    pub events: Vec<Event>,
    pub met: Met,
    pub unread: Unread,
    /// The format by which more could be read than by the one of the source.
    pub format: Option<Format>,
    pub guessed_zones: BTreeSet<String>,
    /// The buffer, to be used again.
    pub bytes: Vec<u8>,
}
