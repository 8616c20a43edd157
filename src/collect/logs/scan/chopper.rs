//! A stream of bytes to blocks that begin with a record.

use std::mem;
use std::sync::Arc;

use super::options::How;
use super::source::Account;
use crate::parse::log::block::last_start;
use crate::parse::log::detect::{Format, detect};
use crate::parse::log::time::Clock;

/// Bytes by which the format is found.
const SAMPLE: usize = 256 << 10;

/// A record longer than this is cut.
const LONGEST: usize = 32 << 20;

/// Beyond so many bytes without the beginning of a record its lines may have another prefix.
const STRANGE: usize = 4 << 20;

/// A piece of a log.
#[derive(Debug)]
pub struct Block {
    /// Its bytes: whole records.
    pub bytes: Vec<u8>,
    /// How they are read.
    pub format: Arc<Format>,
    /// Where it begins in the source.
    pub offset: u64,
}

/// Chops a source.
#[derive(Debug)]
pub struct Chopper {
    how: How,
    size: usize,
    clock: Clock,
    format: Option<Arc<Format>>,
    /// Bytes that are no block yet.
    buffer: Vec<u8>,
    /// Size of the buffer at which it is worth looking for an end.
    wanted: usize,
    offset: u64,
    /// What became of it so far.
    pub account: Account,
}

impl Chopper {
    /// Chops into blocks of about so many bytes.
    pub fn new(name: &str, how: &How, size: usize) -> Self {
        Self {
            how: how.clone(),
            size,
            clock: Clock::new(how.offset),
            format: None,
            buffer: Vec::new(),
            wanted: size.max(SAMPLE),
            offset: 0,
            account: Account {
                name: name.to_owned(),
                ..Account::default()
            },
        }
    }

    /// Takes further bytes, which `read` puts behind those that are there.
    pub fn fill<T>(&mut self, read: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let before = self.buffer.len();
        let done = read(&mut self.buffer);
        self.account.bytes += (self.buffer.len() - before) as u64;
        done
    }

    /// Bytes that are missing to the next block.
    pub fn missing(&self) -> usize {
        self.wanted.saturating_sub(self.buffer.len()).max(4 << 10)
    }

    /// The next block; `None` where more bytes are needed. At the `end` all that is there is given.
    /// `fresh` is an empty buffer to go on with.
    pub fn block(&mut self, end: bool, fresh: &mut Option<Vec<u8>>) -> Option<Block> {
        if self.buffer.is_empty() || (self.buffer.len() < self.wanted && !end) {
            return None;
        }
        let format = self.format(end)?;
        if end {
            return Some(self.cut(self.buffer.len(), format, fresh));
        }
        if let Some(at) = last_start(&self.buffer, &format, &mut self.clock) {
            return Some(self.cut(at, format, fresh));
        }
        if self.buffer.len() >= STRANGE
            && let Some(format) = self.widen(&format)
            && let Some(at) = last_start(&self.buffer, &format, &mut self.clock)
        {
            return Some(self.cut(at, format, fresh));
        }
        if self.buffer.len() >= LONGEST {
            return Some(self.cut(self.buffer.len(), format, fresh));
        }
        self.wanted = self.buffer.len() * 2;
        None
    }

    /// What is left of the record that is being written: nothing that ends with a whole line.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    fn cut(&mut self, at: usize, format: Arc<Format>, fresh: &mut Option<Vec<u8>>) -> Block {
        let mut rest = fresh.take().unwrap_or_default();
        rest.clear();
        rest.extend_from_slice(&self.buffer[at..]);
        let mut bytes = mem::replace(&mut self.buffer, rest);
        bytes.truncate(at);
        let offset = self.offset;
        self.offset += at as u64;
        self.wanted = self.size;
        Block {
            bytes,
            format,
            offset,
        }
    }

    /// The format, found by the bytes that are there.
    fn format(&mut self, end: bool) -> Option<Arc<Format>> {
        if self.format.is_none() {
            let sample = &self.buffer[..self.buffer.len().min(SAMPLE)];
            let found = detect(sample, &mut self.clock).map(|(format, _, _)| format);
            let (format, from) = match (&self.how.prefix, found) {
                (_, Some(format @ (Format::Csvlog | Format::Jsonlog))) => (format, None),
                (Some((prefix, from)), _) => (Format::Stderr(vec![prefix.clone()]), Some(*from)),
                (None, Some(format)) => (format, Some("inferred")),
                // Without any, every line is unread; more bytes may tell more.
                (None, None) if !end && self.buffer.len() < STRANGE => {
                    self.wanted = self.buffer.len() * 2;
                    return None;
                }
                (None, None) => (Format::Stderr(Vec::new()), None),
            };
            self.account.prefix_source = from;
            self.tell(&format);
            self.format = Some(Arc::new(format));
        }
        self.format.clone()
    }

    /// Adds prefixes that the lines in the buffer have.
    fn widen(&mut self, format: &Format) -> Option<Arc<Format>> {
        let Format::Stderr(known) = format else {
            return None;
        };
        let tail = &self.buffer[self.buffer.len() - SAMPLE.min(self.buffer.len())..];
        let start = memchr::memchr(b'\n', tail)? + 1;
        let (found, _, _) = detect(&tail[start..], &mut self.clock)?;
        let Format::Stderr(found) = found else {
            return None;
        };
        let mut all = known.clone();
        all.extend(found.into_iter().filter(|prefix| !known.contains(prefix)));
        if all.len() == known.len() {
            return None;
        }
        let format = Format::Stderr(all);
        self.account.prefix_source = Some("inferred");
        self.tell(&format);
        self.format = Some(Arc::new(format));
        self.format.clone()
    }

    fn tell(&mut self, format: &Format) {
        self.account.format = match format {
            Format::Csvlog => Some("csvlog"),
            Format::Jsonlog => Some("jsonlog"),
            Format::Stderr(prefixes) => {
                self.account.prefixes = prefixes.iter().map(|p| p.text().to_owned()).collect();
                (!prefixes.is_empty()).then_some("stderr")
            }
        };
    }
}
