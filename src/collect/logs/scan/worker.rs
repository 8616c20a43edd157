//! Blocks to events.

use std::mem;
use std::sync::Arc;

use super::batch::{Batch, Task};
use super::options::{How, ScanOptions};
use memchr::memmem;

use crate::collect::connect::MARK;
use crate::parse::log::block::BlockReader;
use crate::parse::log::detect::{Format, detect};
use crate::parse::log::events::{Options, People, Reader, Texts};
use crate::parse::log::message::Forms;
use crate::parse::log::prefix::Prefix;
use crate::parse::log::record::Unread;
use crate::parse::log::time::Clock;

/// So many lines that look like records and are unread are reason to look for another prefix.
const LEAST: usize = 8;

/// Bytes by which it is found.
const SAMPLE: usize = 64 << 10;

/// What all workers share.
#[derive(Debug, Clone)]
pub(super) struct Common {
    options: Arc<Options>,
    forms: Arc<Forms>,
    pub texts: Texts,
    pub people: People,
    how: How,
}

impl Common {
    pub fn new(options: &ScanOptions) -> Self {
        Self {
            options: Arc::new(Options {
                filter: options.filter.clone(),
                keep_literals: options.keep_literals,
                own: Some(MARK),
            }),
            forms: Arc::new(Forms::new()),
            texts: Texts::default(),
            people: People::default(),
            how: options.how.clone(),
        }
    }
}

/// Reads blocks.
pub(super) struct Worker {
    blocks: BlockReader,
    reader: Reader,
    clock: Clock,
}

impl Worker {
    pub fn new(common: &Common) -> Self {
        Self {
            blocks: BlockReader::default(),
            reader: Reader::new(
                Arc::clone(&common.options),
                Arc::clone(&common.forms),
                common.texts.clone(),
                common.people.clone(),
            ),
            clock: common.how.clock(),
        }
    }

    pub fn work(&mut self, task: Task) -> Batch {
        let mut batch = self.read(&task, &task.block.format);
        if let Some(format) = self.widened(&task, &batch) {
            let again = self.read(&task, &format);
            if again.unread.count < batch.unread.count {
                batch = again;
                batch.format = Some(format);
            }
        }
        batch.guessed_zones = self.clock.guessed().clone();
        batch.bytes = task.block.bytes;
        batch
    }

    fn read(&mut self, task: &Task, format: &Format) -> Batch {
        // Places are told apart over all sources.
        let mut at = ((task.source as u64) << 44) + task.block.offset;
        let (mut events, mut unread) = (Vec::new(), Unread::default());
        let (reader, clock) = (&mut self.reader, &mut self.clock);
        self.blocks.read(
            &task.block.bytes,
            format,
            clock,
            &mut unread,
            &mut |record| {
                at += 1;
                events.extend(reader.read(record, at));
            },
        );
        Batch {
            number: task.number,
            source: task.source,
            offset: task.block.offset,
            events,
            met: mem::take(&mut reader.met),
            unread,
            ..Batch::default()
        }
    }

    /// The format with the prefixes of lines that could not be read: the setting may have been
    /// changed in the middle of the log.
    fn widened(&mut self, task: &Task, batch: &Batch) -> Option<Format> {
        let Format::Stderr(known) = &*task.block.format else {
            return None;
        };
        let (first, _) = batch.unread.first.as_ref()?;
        let rest = task.block.bytes.get(*first..)?;
        let mut sample = Vec::new();
        let mut lines = 0;
        for line in rest.split_inclusive(|b| *b == b'\n') {
            // Every label ends so; most lines of other programs hold none.
            let may_be_record =
                !matches!(line[0], b'\t' | b' ') && memmem::find(line, b":  ").is_some();
            if may_be_record
                && !known
                    .iter()
                    .any(|p| p.read(line, &mut self.clock).is_some())
            {
                sample.extend_from_slice(line);
                lines += 1;
            }
            if sample.len() >= SAMPLE {
                break;
            }
        }
        if lines < LEAST {
            return None;
        }
        let (found, ..) = detect(&sample, &mut self.clock)?;
        let Format::Stderr(found) = found else {
            return None;
        };
        let new = found.into_iter().filter(|prefix| !known.contains(prefix));
        let all: Vec<Prefix> = known.iter().cloned().chain(new).collect();
        (all.len() > known.len()).then_some(Format::Stderr(all))
    }
}
