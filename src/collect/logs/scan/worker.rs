//! Blocks to events.

use std::mem;
use std::sync::Arc;

use super::batch::{Batch, Task};
use super::options::ScanOptions;
use crate::collect::connect::MARK;
use crate::parse::log::block::BlockReader;
use crate::parse::log::events::{Met, Options, People, Reader, Texts};
use crate::parse::log::message::Forms;
use crate::parse::log::record::Unread;
use crate::parse::log::time::Clock;

/// What all workers share.
#[derive(Debug, Clone)]
pub(super) struct Common {
    options: Arc<Options>,
    forms: Arc<Forms>,
    pub texts: Texts,
    pub people: People,
    offset: Option<i32>,
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
            offset: options.how.offset,
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
            clock: Clock::new(common.offset),
        }
    }

    pub fn work(&mut self, task: Task) -> Batch {
        // Places are told apart over all sources.
        let mut at = ((task.source as u64) << 44) + task.block.offset;
        let (mut events, mut unread) = (Vec::new(), Unread::default());
        let reader = &mut self.reader;
        let bytes = &task.block.bytes;
        let (format, clock) = (&task.block.format, &mut self.clock);
        self.blocks
            .read(bytes, format, clock, &mut unread, &mut |record| {
                at += 1;
                events.extend(reader.read(record, at));
            });
        Batch {
            number: task.number,
            source: task.source,
            offset: task.block.offset,
            events,
            met: mem::take(&mut reader.met),
            unread,
            guessed_zones: self.clock.guessed().clone(),
            bytes: task.block.bytes,
        }
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            number: 0,
            source: 0,
            offset: 0,
            events: Vec::new(),
            met: Met::default(),
            unread: Unread::default(),
            guessed_zones: std::collections::BTreeSet::new(),
            bytes: Vec::new(),
        }
    }
}
