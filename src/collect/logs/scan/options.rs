//! How logs are read.

use std::num::NonZeroUsize;

use jiff::tz::TimeZone;

use crate::parse::log::events::Filter;
use crate::parse::log::prefix::Prefix;
use crate::parse::log::time::Clock;

/// How logs are read.
#[derive(Debug, Clone, Default)]
pub struct ScanOptions {
    /// Which records count.
    pub filter: Filter,
    /// Texts and parameters of single executions, and plans, are kept.
    pub keep_literals: bool,
    /// How lines are read, where it is known.
    pub how: How,
    /// Threads that read blocks; by default as many as there are cores.
    pub workers: Option<NonZeroUsize>,
    /// Bytes of a block; by default half a megabyte.
    pub block_bytes: Option<usize>,
}

/// What is known of the lines before they are read.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// `log_line_prefix` of stderr, and where it is from: `given` or `server`. Where there is none
    /// it is inferred.
    pub prefix: Option<(Prefix, &'static str)>,
    /// Zone of times whose zone says nothing, or too little.
    pub timezone: Option<TimeZone>,
    /// A time that no record is after, microseconds since 1970 UTC: it tells the year where the log
    /// does not.
    pub end: Option<i64>,
}

impl How {
    /// A clock that reads times so.
    pub fn clock(&self) -> Clock {
        Clock::new(self.timezone.clone())
    }
}

impl ScanOptions {
    /// Threads that read blocks.
    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.workers.map_or_else(cores, NonZeroUsize::get)
    }

    /// Bytes of a block.
    pub fn block_bytes(&self) -> usize {
        self.block_bytes.unwrap_or(512 << 10).max(4 << 10)
    }
}
