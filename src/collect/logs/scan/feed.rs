//! Sources that are fed by hand: what comes is cut into blocks, and those are read once there are
//! enough of them for all cores.

use std::sync::{Mutex, PoisonError};
use std::{mem, panic, thread};

use super::batch::{Batch, Task};
use super::chopper::Chopper;
use super::reading::Scan;
use super::worker::Worker;

/// How much of what a source has got is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Whole blocks: more comes soon.
    Block,
    /// All but the last record, which may go on.
    LastRecord,
    /// All.
    End,
}

impl Scan {
    /// A source that is fed by hand, and its number.
    pub fn begin(&mut self, name: &str) -> (usize, Chopper) {
        let chopper = Chopper::new(name, &self.options.how, self.options.block_bytes());
        self.accounts.push(chopper.account.clone());
        (self.accounts.len() - 1, chopper)
    }

    /// No record of a source that begins from now on is after this time, microseconds since 1970 UTC.
    pub fn ends_before(&mut self, end: i64) {
        self.options.how.end = Some(end);
    }

    /// Reads what a source that is fed by hand has got. Blocks wait for further ones; all others are
    /// read when it returns.
    pub fn feed(&mut self, source: usize, chopper: &mut Chopper, until: Until) {
        loop {
            let block = match until {
                Until::Block => chopper.block(false, &mut None),
                Until::LastRecord => chopper.records(),
                Until::End => chopper.block(true, &mut None),
            };
            let Some(block) = block else { break };
            let number = self.pending.len() as u64;
            self.pending.push(Task {
                number,
                source,
                block,
            });
        }
        if until != Until::Block || self.pending.len() >= 2 * self.options.workers() {
            self.work_off();
        }
        for (of, format) in mem::take(&mut self.widened) {
            if of == source {
                chopper.adopt(format);
            }
        }
        self.account(source, &chopper.account);
    }

    /// Reads the blocks that wait.
    fn work_off(&mut self) {
        let tasks = mem::take(&mut self.pending);
        if tasks.len() < 2 {
            for task in tasks {
                let batch = self.alone.work(task);
                self.take(batch);
            }
            return;
        }
        let missing = self.options.workers().saturating_sub(self.crew.len());
        let common = &self.common;
        self.crew.extend((0..missing).map(|_| Worker::new(common)));
        let queue = Mutex::new(tasks.into_iter());
        let work = |worker: &mut Worker| -> Vec<Batch> {
            let next = || {
                let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                queue.next()
            };
            std::iter::from_fn(next)
                .map(|task| worker.work(task))
                .collect()
        };
        let (work, crew) = (&work, &mut self.crew);
        let mut batches: Vec<Batch> = thread::scope(|scope| {
            let begin = |worker| scope.spawn(move || work(worker));
            let threads: Vec<_> = crew.iter_mut().map(begin).collect();
            let end = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread
                    .join()
                    .unwrap_or_else(|panicked| panic::resume_unwind(panicked))
            };
            threads.into_iter().flat_map(end).collect::<Vec<Batch>>()
        });
        batches.sort_by_key(|batch| batch.number);
        for batch in batches {
            self.take(batch);
        }
    }
}
