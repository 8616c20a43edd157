//! A stream of bytes to blocks that begin with a record.

use std::mem;
use std::sync::Arc;

use super::options::How;
use super::source::{Account, Tried};
use crate::parse::log::block::last_start;
use crate::parse::log::detect::{Format, detect, survey};
use crate::parse::log::envelope::{Inner, Unwrap};
use crate::parse::log::prefix::Prefix;
use crate::parse::log::time::Clock;

/// Bytes by which the format is found.
const SAMPLE: usize = 256 << 10;

/// Bytes of a log that has just begun by which it may be found.
const FIRST_LOOK: usize = 4 << 10;

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
    /// The beginning was looked at.
    is_known: bool,
    unwrap: Option<Unwrap>,
    format: Option<Arc<Format>>,
    /// Bytes as they come, where they are wrapped.
    raw: Vec<u8>,
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
            clock: how.clock(),
            is_known: false,
            unwrap: None,
            format: None,
            raw: Vec::new(),
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
        let Some(unwrap) = &mut self.unwrap else {
            let before = self.buffer.len();
            let done = read(&mut self.buffer);
            self.account.bytes += (self.buffer.len() - before) as u64;
            return done;
        };
        self.raw.clear();
        let done = read(&mut self.raw);
        self.account.bytes += self.raw.len() as u64;
        unwrap.feed(&self.raw, &mut self.buffer, &mut self.account.unwrapped);
        done
    }

    /// Bytes that are missing to the next block.
    pub fn missing(&self) -> usize {
        self.wanted.saturating_sub(self.buffer.len()).max(4 << 10)
    }

    /// The next block; `None` where more bytes are needed. At the `end` all that is there is given.
    /// `fresh` is an empty buffer to go on with.
    pub fn block(&mut self, end: bool, fresh: &mut Option<Vec<u8>>) -> Option<Block> {
        if !self.is_known && (self.buffer.len() >= SAMPLE || end) {
            self.look();
        }
        if end && let Some(unwrap) = &mut self.unwrap {
            // More may come, where a log is followed.
            unwrap.flush(&mut self.buffer, &mut self.account.unwrapped);
            self.account.others = unwrap.others();
        }
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
        // A record of this length: what is read in vain is at most a quarter of it.
        self.wanted = self.buffer.len() + (self.buffer.len() / 4).max(self.size);
        None
    }

    /// The whole records that are there: all but the last one, which may go on.
    pub fn records(&mut self) -> Option<Block> {
        if !self.is_known {
            if self.buffer.len() < FIRST_LOOK {
                return None;
            }
            self.look();
        }
        if self.buffer.is_empty() {
            return None;
        }
        let format = self.format(false)?;
        if let Some(at) = last_start(&self.buffer, &format, &mut self.clock) {
            return Some(self.cut(at, format, &mut None));
        }
        // What was found by the first lines alone may not fit any later one.
        if self.buffer.len() < FIRST_LOOK {
            return None;
        }
        let format = self.widen(&format)?;
        let at = last_start(&self.buffer, &format, &mut self.clock)?;
        Some(self.cut(at, format, &mut None))
    }

    /// Takes the lines for such as another source of the same log has, whose prefix was found by
    /// more of them than a new file holds.
    pub fn expect(&mut self, other: &Self) {
        if let Some(Format::Stderr(prefixes)) = other.format.as_deref()
            && other.unwrap.is_none()
            && !prefixes.is_empty()
        {
            self.format.clone_from(&other.format);
            self.account.prefix_source = other.account.prefix_source;
            self.tell(&Format::Stderr(prefixes.clone()));
        }
    }

    /// Reads further lines by a format that fits more of them.
    pub(super) fn adopt(&mut self, format: Format) {
        self.tell(&format);
        self.format = Some(Arc::new(format));
    }

    /// The clock by which times are read.
    pub fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// Whether bytes wait for what comes after them.
    pub fn is_waiting(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Whether what waits seems to be whole: lines, and of csvlog no open quote.
    pub fn seems_whole(&self) -> bool {
        let is_csv = self.format.as_deref() == Some(&Format::Csvlog);
        let is_open = || memchr::memchr_iter(b'"', &self.buffer).count() % 2 == 1;
        self.buffer.ends_with(b"\n") && !(is_csv && is_open())
    }

    /// Ends the source: nothing is held back any more. Blocks have to be taken after it.
    pub fn finish(&mut self) {
        if !self.is_known {
            self.look();
        }
        if let Some(unwrap) = &mut self.unwrap {
            unwrap.finish(&mut self.buffer, &mut self.account.unwrapped);
            self.account.others = unwrap.others();
        }
    }

    /// Looks at the beginning: what it is wrapped in, and for that its format.
    fn look(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        self.is_known = true;
        let Some(mut unwrap) = Unwrap::detect(&self.buffer, self.how.end) else {
            return;
        };
        self.account.envelope = Some(
            unwrap
                .envelopes()
                .iter()
                .map(|e| e.name())
                .collect::<Vec<_>>()
                .join(" in "),
        );
        let raw = mem::take(&mut self.buffer);
        if unwrap.inner() == Inner::Stderr {
            let bare = Unwrap::bare(&raw).unwrap_or_default();
            let format = self.within(&bare, unwrap.added_prefix());
            self.tell(&format);
            self.format = Some(Arc::new(format));
        }
        unwrap.feed(&raw, &mut self.buffer, &mut self.account.unwrapped);
        self.unwrap = Some(unwrap);
    }

    /// The format of lines that get a further prefix.
    fn within(&mut self, bare: &[u8], added: &str) -> Format {
        let mut texts: Vec<String> = match self.stderr(bare, true) {
            Some(Format::Stderr(found)) => found
                .iter()
                .map(|p| format!("{added}{}", p.text()))
                .collect(),
            _ => Vec::new(),
        };
        if texts.is_empty() {
            texts.push(added.to_owned());
        }
        let compiled = texts.iter().filter_map(|text| Prefix::compile(text).ok());
        Format::Stderr(compiled.collect())
    }

    /// The format of a sample. A prefix that is known goes before what the lines show, unless it
    /// fits none of them. `None` where nothing fits and more bytes may tell more.
    fn stderr(&mut self, sample: &[u8], is_last: bool) -> Option<Format> {
        let survey = survey(sample, &mut self.clock);
        let tried = survey.tried.iter().map(|(prefix, lines)| Tried {
            what: format!("log_line_prefix {:?}", prefix.text()),
            lines: *lines,
            of: survey.lines,
        });
        self.account.tried = tried.collect();
        let found = match survey.format {
            Some(format @ (Format::Csvlog | Format::Jsonlog)) => return Some(format),
            found => found,
        };
        let (format, from) = match (&self.how.prefix, found) {
            (Some((prefix, from)), found) => {
                let fits = fits(prefix, sample, &mut self.clock);
                match found {
                    Some(found) if fits == 0 => {
                        self.account.notes.push(format!(
                            "the prefix {:?} fits no line of the beginning; the lines show {}",
                            prefix.text(),
                            shown(&found)
                        ));
                        (found, Some("inferred"))
                    }
                    _ => (Format::Stderr(vec![prefix.clone()]), Some(*from)),
                }
            }
            (None, Some(found)) => (found, Some("inferred")),
            (None, None) if !is_last => return None,
            (None, None) => (Format::Stderr(Vec::new()), None),
        };
        self.account.prefix_source = from;
        Some(format)
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
            let sample = mem::take(&mut self.buffer);
            let is_last = end || sample.len() >= STRANGE;
            let found = self.stderr(&sample[..sample.len().min(SAMPLE)], is_last);
            self.buffer = sample;
            let Some(format) = found else {
                self.wanted = self.buffer.len() * 2;
                return None;
            };
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

/// Lines of a sample that a prefix fits.
fn fits(prefix: &Prefix, sample: &[u8], clock: &mut Clock) -> usize {
    let lines = sample.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    lines
        .filter(|line| prefix.read(line, clock).is_some())
        .count()
}

fn shown(format: &Format) -> String {
    let Format::Stderr(prefixes) = format else {
        return String::new();
    };
    let texts = prefixes.iter().map(|prefix| format!("{:?}", prefix.text()));
    texts.collect::<Vec<_>>().join(" and ")
}
