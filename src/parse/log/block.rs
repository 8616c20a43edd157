//! Blocks of a log: pieces that begin with a record and are read by themselves.

use memchr::memrchr;

use super::csvlog::{self, Csvlog};
use super::detect::Format;
use super::jsonlog::Jsonlog;
use super::record::{Record, Unread};
use super::stderr::{self, Stderr};
use super::time::Clock;

/// Where the last record of a block begins: what follows goes into the next block. `None` where the
/// block may be a single record.
pub fn last_start(block: &[u8], format: &Format, clock: &mut Clock) -> Option<usize> {
    let start = match format {
        Format::Csvlog => csvlog::last_start(block),
        // A line is a record: the last one may be cut.
        Format::Jsonlog => memrchr(b'\n', block).map(|at| at + 1),
        Format::Stderr(prefixes) => stderr::last_start(block, prefixes, clock),
    };
    start.filter(|start| *start > 0)
}

/// Reads blocks of any format.
#[derive(Debug, Default)]
pub struct BlockReader {
    csvlog: Csvlog,
    jsonlog: Jsonlog,
}

impl BlockReader {
    /// Gives each record of a block to `sink`.
    pub fn read(
        &mut self,
        block: &[u8],
        format: &Format,
        clock: &mut Clock,
        unread: &mut Unread,
        sink: &mut impl FnMut(&Record<'_>),
    ) {
        match format {
            Format::Csvlog => self.csvlog.read(block, clock, unread, sink),
            Format::Jsonlog => self.jsonlog.read(block, clock, unread, sink),
            Format::Stderr(prefixes) => {
                Stderr::new(prefixes).read(block, clock, unread, sink);
            }
        }
    }
}
