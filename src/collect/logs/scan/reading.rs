//! The figures of logs while they are read.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::batch::{Batch, Task};
use super::chopper::{Block, Chopper};
use super::options::{How, ScanOptions};
use super::source::Account;
use super::worker::{Common, Worker};
use crate::parse::log::detect::Format;
use crate::parse::log::tally::Tally;

/// A block longer than this is read alone, and its buffer is not kept, bytes: it holds a very long
/// record.
const LARGE: usize = 4 << 20;

/// Logs that are being read.
pub struct Scan {
    pub(super) options: ScanOptions,
    pub(super) common: Common,
    /// The figures so far.
    pub tally: Tally,
    /// What became of each source.
    pub accounts: Vec<Account>,
    /// Blocks of what is fed by hand that wait to be read.
    pub(super) pending: Vec<Task>,
    /// Formats by which more could be read than by the ones that their sources had.
    pub(super) widened: Vec<(usize, Format)>,
    /// Reads them where there is one.
    pub(super) alone: Worker,
    /// Read them where there are several.
    pub(super) crew: Vec<Worker>,
}

/// A source that is about to be read.
pub struct Opened {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// A time that no record is after, microseconds since 1970 UTC.
    pub end: Option<i64>,
}

impl Scan {
    /// Nothing is read yet.
    pub fn new(options: ScanOptions) -> Self {
        let common = Common::new(&options);
        Self {
            tally: Tally::new(common.texts.clone(), common.people.clone()),
            accounts: Vec::new(),
            pending: Vec::new(),
            widened: Vec::new(),
            alone: Worker::new(&common),
            crew: Vec::new(),
            options,
            common,
        }
    }

    /// Reads sources to their ends, on all cores, one after another. `progress` gets the bytes that
    /// were read since it was called last, and the number of the source; it says whether to go on.
    pub fn read(&mut self, sources: Vec<Opened>, progress: &mut dyn FnMut(usize, u64) -> bool) {
        let first = self.accounts.len();
        for source in &sources {
            self.accounts.push(Account {
                name: source.name.clone(),
                ..Account::default()
            });
        }
        let workers = self.options.workers();
        let buffers = buffers_of(workers);
        let (task_in, task_out) = sync_channel::<Task>(2 * workers);
        let (batch_in, batch_out) = sync_channel::<Batch>(buffers);
        let (buffer_in, buffer_out) = channel::<Vec<u8>>();
        for _ in 0..buffers {
            // The other end is here.
            let _ = buffer_in.send(Vec::new());
        }
        let tasks = Mutex::new(task_out);
        let (common, options) = (self.common.clone(), self.options.clone());
        thread::scope(|scope| {
            for _ in 0..workers {
                let (common, batch_in, tasks) = (&common, batch_in.clone(), &tasks);
                scope.spawn(move || work(common, tasks, &batch_in));
            }
            drop(batch_in);
            let chop = scope.spawn(move || chop(sources, first, &options, &task_in, &buffer_out));
            self.gather(&batch_out, &buffer_in, progress);
            // Where it was told to stop, the others end as their channels close.
            drop((batch_out, buffer_in));
            // A fault of ours there must not look like the end of the logs.
            let accounts = chop.join().unwrap_or_else(|fault| resume_unwind(fault));
            for (number, account) in accounts.iter().enumerate() {
                self.account(first + number, account);
            }
        });
    }

    /// Takes batches in the order of the log.
    fn gather(
        &mut self,
        batches: &Receiver<Batch>,
        buffers: &Sender<Vec<u8>>,
        progress: &mut dyn FnMut(usize, u64) -> bool,
    ) {
        let mut next = 0;
        let mut waiting: BTreeMap<u64, Batch> = BTreeMap::new();
        for batch in batches {
            waiting.insert(batch.number, batch);
            while let Some(mut batch) = waiting.remove(&next) {
                next += 1;
                let mut bytes = std::mem::take(&mut batch.bytes);
                let (source, length) = (batch.source, bytes.len() as u64);
                bytes.clear();
                if bytes.capacity() > LARGE {
                    bytes = Vec::new();
                }
                // The chopper may be done.
                let _ = buffers.send(bytes);
                self.take(batch);
                if !progress(source, length) {
                    return;
                }
            }
        }
    }

    pub(super) fn take(&mut self, batch: Batch) {
        for event in batch.events {
            self.tally.add(event);
        }
        let Some(account) = self.accounts.get_mut(batch.source) else {
            return;
        };
        account.met.add(&batch.met);
        account.unread.count += batch.unread.count;
        if account.unread.first.is_none() {
            let first = batch.unread.first;
            account.unread.first = first.map(|(at, line)| (at + batch.offset as usize, line));
        }
        account.guessed_zones.extend(batch.guessed_zones);
        if let Some(Format::Stderr(prefixes)) = &batch.format {
            account.widen(prefixes);
        }
        if let Some(format) = batch.format {
            self.widened.push((batch.source, format));
        }
    }

    /// Takes what the chopper found out; what workers found out is there.
    pub(super) fn account(&mut self, source: usize, by_chopper: &Account) {
        if let Some(account) = self.accounts.get_mut(source) {
            let by_workers = std::mem::take(account);
            *account = Account {
                met: by_workers.met,
                unread: by_workers.unread,
                guessed_zones: by_workers.guessed_zones,
                ..by_chopper.clone()
            };
            for prefix in by_workers.prefixes {
                if !account.prefixes.contains(&prefix) {
                    account.prefixes.push(prefix);
                }
            }
        }
    }
}

/// Blocks that there are at a time.
fn buffers_of(workers: usize) -> usize {
    4 * workers + 4
}

/// Buffers of blocks; each block that is on its way has one.
struct Pool<'a> {
    buffers: &'a Receiver<Vec<u8>>,
    all: usize,
    free: Vec<Vec<u8>>,
    /// A large block is on its way.
    is_large: bool,
}

impl Pool<'_> {
    /// An empty buffer, as soon as there is one; `None` where nobody wants blocks any more.
    fn take(&mut self) -> Option<Vec<u8>> {
        self.free.pop().or_else(|| self.buffers.recv().ok())
    }

    /// Waits until a block has room: a large one goes its way alone. The block has its buffer already.
    fn has_room(&mut self, block: &Block) -> bool {
        let is_large = block.bytes.len() > LARGE;
        if is_large || self.is_large {
            while self.free.len() + 1 < self.all {
                match self.buffers.recv() {
                    Ok(buffer) => self.free.push(buffer),
                    Err(_) => return false,
                }
            }
        }
        self.is_large = is_large;
        true
    }
}

fn work(common: &Common, tasks: &Mutex<Receiver<Task>>, batches: &SyncSender<Batch>) {
    let mut worker = Worker::new(common);
    loop {
        let task = {
            let tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
            tasks.recv()
        };
        let Ok(task) = task else {
            return;
        };
        if batches.send(worker.work(task)).is_err() {
            return;
        }
    }
}

/// Chops the sources, one after another; gives what became of each.
fn chop(
    sources: Vec<Opened>,
    first: usize,
    options: &ScanOptions,
    tasks: &SyncSender<Task>,
    buffers: &Receiver<Vec<u8>>,
) -> Vec<Account> {
    let mut number = 0;
    let mut accounts = Vec::new();
    let mut pool = Pool {
        buffers,
        all: buffers_of(options.workers()),
        free: Vec::new(),
        is_large: false,
    };
    let mut fresh = None;
    for (at, mut opened) in sources.into_iter().enumerate() {
        let how = How {
            end: opened.end,
            ..options.how.clone()
        };
        let mut chopper = Chopper::new(&opened.name, &how, options.block_bytes());
        let mut end = false;
        while !end {
            let wanted = chopper.missing() as u64;
            let bytes = opened.bytes.by_ref();
            let read = chopper.fill(|buffer| bytes.take(wanted).read_to_end(buffer));
            match read {
                Ok(count) => end = (count as u64) < wanted,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    let note = format!("it could be read up to here only: {error}");
                    chopper.account.notes.push(note);
                    end = true;
                }
            }
            if end {
                chopper.finish();
            }
            loop {
                fresh = fresh.or_else(|| pool.take());
                if fresh.is_none() {
                    accounts.push(chopper.account);
                    return accounts;
                }
                let Some(block) = chopper.block(end, &mut fresh) else {
                    break;
                };
                let source = first + at;
                let task = Task {
                    number,
                    source,
                    block,
                };
                number += 1;
                if !pool.has_room(&task.block) || tasks.send(task).is_err() {
                    accounts.push(chopper.account);
                    return accounts;
                }
            }
        }
        accounts.push(chopper.account);
    }
    accounts
}
