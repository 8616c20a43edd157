//! Unpacking on a thread of its own.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use super::decode::Unpack;

/// Bytes handed over at once.
const BLOCK: usize = 1024 * 1024;

/// Blocks that may wait for the reader.
const WAITING: usize = 3;

/// What another thread unpacks. The thread ends when this is dropped.
pub(super) struct Ahead {
    full: Receiver<io::Result<Vec<u8>>>,
    empty: Sender<Vec<u8>>,
    block: Vec<u8>,
    at: usize,
    is_ended: bool,
}

impl Ahead {
    pub fn new(unpack: Unpack) -> io::Result<Self> {
        let (full_sender, full) = sync_channel(WAITING);
        let (empty, empty_receiver) = channel();
        std::thread::Builder::new()
            .name("unpack".to_owned())
            .spawn(move || work(unpack, &full_sender, &empty_receiver))?;
        Ok(Self {
            full,
            empty,
            block: Vec::new(),
            at: 0,
            is_ended: false,
        })
    }
}

/// Unpacks blocks until the end, which is an empty block, an error, or a reader that is gone.
fn work(mut unpack: Unpack, full: &SyncSender<io::Result<Vec<u8>>>, empty: &Receiver<Vec<u8>>) {
    loop {
        let mut block = empty.try_recv().unwrap_or_default();
        block.resize(BLOCK, 0);
        let filled = fill(&mut unpack, &mut block).map(|length| {
            block.truncate(length);
            block
        });
        let is_last = !matches!(&filled, Ok(block) if !block.is_empty());
        if full.send(filled).is_err() || is_last {
            return;
        }
    }
}

/// Fills a block as far as the stream goes.
fn fill(unpack: &mut Unpack, block: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < block.len() {
        match unpack.read(&mut block[at..]) {
            Ok(0) => break,
            Ok(length) => at += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What came before the error is handed over first; the stream fails again then.
            Err(_) if at > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_ended || buffer.is_empty() {
            return Ok(0);
        }
        if self.at == self.block.len() {
            let received = self.full.recv();
            let next = received.map_err(|_| io::Error::other("the unpacker has failed"))??;
            let used = std::mem::replace(&mut self.block, next);
            self.at = 0;
            // A thread that has ended needs no block.
            let _ = self.empty.send(used);
            self.is_ended = self.block.is_empty();
        }
        let length = buffer.len().min(self.block.len() - self.at);
        buffer[..length].copy_from_slice(&self.block[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
