//! One poll.

use std::io::{self, Read};
use std::sync::Arc;

use super::entry::{Entry, Met, Sink};
use super::follower::Follow;
use super::place::{Listed, Place, folder_of, look};
use super::rotation::{Lost, open, take_known};
use super::state::Head;
use crate::collect::unpack::{Packing, Progress};

/// Polls after a change in which the folder is listed all the same.
const SETTLING: u32 = 10;

/// Rotations within one poll after which the rest is left to the next one.
const ROUNDS: u32 = 8;

/// Polls without anything new after which a file that was rotated away is closed: its writer may
/// keep it open for a while.
const QUIET: u32 = 40;

/// Rotated files that are gone, of which a packed copy may still turn up.
const MOST_LOST: usize = 100;

impl Follow {
    pub(super) fn turn(&mut self, chunk: &mut Vec<u8>, sink: &mut Sink<'_>) -> io::Result<()> {
        let mut fresh = Vec::new();
        if self.moved()? {
            fresh = self.compare()?;
        }
        self.before = self.files;
        let mut rounds = 0;
        while self.read(chunk, sink)? {
            // Where the bytes went that stood there, a new listing shows.
            self.copies.clear();
            fresh = self.compare()?;
            let mut others = Vec::new();
            for file in fresh {
                if !self.take_up(&file, true, chunk, sink)? {
                    others.push(file);
                }
            }
            fresh = others;
            rounds += 1;
            if rounds == ROUNDS {
                self.unsettled = SETTLING;
                return Ok(());
            }
        }
        // All that is known has been read since the listing, so what is like none of it is new.
        for file in fresh {
            self.take_up(&file, false, chunk, sink)?;
        }
        self.retire(sink)
    }

    /// Whether a listing is needed. Of a single file a look at it and its folder tells.
    fn moved(&mut self) -> io::Result<bool> {
        let Place::File(path) = &self.place.place else {
            return Ok(true);
        };
        let Some(file) = look(path)? else {
            self.newest = None;
            return Ok(false);
        };
        let folder = folder_of(path);
        let changed = std::fs::metadata(folder).and_then(|folder| folder.modified());
        if changed.as_ref().ok() != self.changed.as_ref() {
            // More may happen within the same tick of the file system's clock.
            self.unsettled = SETTLING;
            self.changed = changed.ok();
        }
        let is_moved = self.newest != Some(file.id) || self.unsettled > 0;
        self.newest = Some(file.id);
        Ok(is_moved)
    }

    /// Lists the files and tells which are not known; those that went away are lost.
    fn compare(&mut self) -> io::Result<Vec<Listed>> {
        let listed = self.place.list()?;
        self.unsettled = self.unsettled.saturating_sub(1);
        let newest = if self.is_file() {
            listed.iter().find(|file| self.is_live(file))
        } else {
            let written = |file: &&Listed| (file.modified, file.age.clone());
            listed.iter().max_by_key(written)
        };
        self.newest = newest.map(|file| file.id);
        for entry in &mut self.entries {
            entry.is_listed = false;
        }
        self.copies
            .retain(|id, _| listed.iter().any(|file| file.id == *id));
        let mut fresh = Vec::new();
        for file in listed {
            let known = self.entries.iter().position(|e| e.position.id() == file.id);
            match known {
                Some(at) if self.entries[at].is_packed && self.entries[at].differs(&file) => {
                    // It was not packed to its end yet, or another file got its inode.
                    self.lost.push(Lost::of(self.entries.remove(at)));
                    fresh.push(file);
                }
                Some(at) => {
                    let entry = &mut self.entries[at];
                    entry.is_listed = true;
                    entry.is_changed = entry.differs(&file);
                    entry.position.path = file.path;
                }
                None if self.copies.get(&file.id) == Some(&(file.length, file.modified)) => {}
                None => fresh.push(file),
            }
        }
        let gone = self
            .entries
            .extract_if(.., |e| !e.is_listed && !e.is_open());
        self.lost.extend(gone.map(Lost::of));
        let excess = self.lost.len().saturating_sub(MOST_LOST);
        self.lost.drain(..excess);
        Ok(fresh)
    }

    /// Reads the files that are known. Tells whether in one of them other bytes stand now.
    fn read(&mut self, chunk: &mut Vec<u8>, sink: &mut Sink<'_>) -> io::Result<bool> {
        let mut is_replaced = false;
        for entry in &mut self.entries {
            if entry.is_packed || !(entry.is_open() || entry.is_changed) {
                continue;
            }
            match entry.read(chunk, sink)? {
                Met::Read => continue,
                Met::Packed => entry.is_packed = true,
                Met::Replaced => {
                    self.lost.push(Lost::of_replaced(entry));
                    self.files += 1;
                    entry.restart(self.files);
                }
            }
            is_replaced = true;
        }
        // What turned out to be packed is looked at again.
        self.entries
            .retain(|entry| !entry.is_packed || entry.seen.is_some());
        Ok(is_replaced)
    }

    /// Takes up a file that is not known: a new log, or what rotation made of a known one; that only
    /// if `is_rest`. Tells whether it did.
    fn take_up(
        &mut self,
        file: &Listed,
        is_rest: bool,
        chunk: &mut Vec<u8>,
        sink: &mut Sink<'_>,
    ) -> io::Result<bool> {
        let is_rotated = file.age.is_rotated() || self.is_file() && !self.is_live(file);
        let progress = Arc::new(Progress::default());
        let Some(mut unpack) = open(file, &progress)? else {
            // It was moved on since it was listed.
            self.unsettled = SETTLING;
            return Ok(true);
        };
        let mut head = Vec::new();
        let mut first = unpack.by_ref().take(Head::MOST as u64);
        first.read_to_end(&mut head)?;
        if is_rotated && head.is_empty() {
            // It is only being written.
            self.unsettled = SETTLING;
            return Ok(true);
        }
        let lost = take_known(&mut self.lost, &head, |position| {
            is_rotated || head.len() == Head::MOST && file.length >= position.offset
        });
        if lost.is_none() && is_rest {
            return Ok(false);
        }
        let known = |entry: &Entry| entry.position.head.is_known_by(&head);
        if lost.is_none() && is_rotated && self.entries.iter().any(known) {
            self.copies.insert(file.id, (file.length, file.modified));
            return Ok(true);
        }
        let mut entry = self.entry(file);
        if let Some(lost) = lost {
            entry.file = lost.file;
            entry.position.offset = lost.position.offset;
            entry.position.head = lost.position.head;
        } else if !is_rotated
            && let Some(copy) = self
                .entries
                .iter()
                .find(|e| e.file > self.before && known(e))
        {
            // A log that was copied before it was ever seen, and is not truncated yet.
            entry.position.offset = copy.position.offset;
            entry.position.head = copy.position.head.clone();
        }
        let result = if unpack.packing() == Packing::Plain {
            entry.read(chunk, sink).map(|_| ())
        } else {
            entry.is_packed = true;
            entry.seen = Some((file.length, file.modified));
            entry.position.head = Head::of(&head);
            let is_whole = || progress.torn().is_none();
            let result = entry.read_out(io::Cursor::new(head).chain(unpack), &is_whole, sink);
            if !is_whole() {
                self.unsettled = SETTLING;
            }
            result
        };
        self.entries.push(entry);
        result.map(|()| true)
    }

    /// Closes files to which nothing is written any more.
    fn retire(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        let Some(newest) = self.newest else {
            return Ok(());
        };
        for entry in &mut self.entries {
            if entry.quiet >= QUIET && entry.is_open() && newest != entry.position.id() {
                entry.finish(sink)?;
            }
        }
        Ok(())
    }
}
