//! One poll.

use std::io::{self, Read};

use super::entry::{Entry, Met, Sink};
use super::follower::Follow;
use super::place::{Listed, Place, look};
use super::rotation::{Lost, open, take_known};
use super::state::Head;
use crate::collect::unpack::Packing;

/// Polls without anything new after which a file that was rotated away is closed: its writer may
/// keep it open for a while.
const QUIET: u32 = 40;

/// Rotated files that are gone, of which a packed copy may still turn up.
const MOST_LOST: usize = 100;

impl Follow {
    pub(super) fn turn(&mut self, chunk: &mut Vec<u8>, sink: &mut Sink<'_>) -> io::Result<()> {
        let mut fresh = match self.moved()? {
            true => self.compare()?,
            false => Vec::new(),
        };
        if self.read(chunk, sink)? {
            // Where the bytes went that stood there, a new listing shows.
            self.copies.clear();
            fresh = self.compare()?;
        }
        for file in fresh {
            self.take_up(&file, chunk, sink)?;
        }
        if self.read(chunk, sink)? {
            self.copies.clear();
            self.is_unsettled = true;
        }
        self.retire(sink)
    }

    /// Whether a listing is needed. Of a single file a look at its name tells.
    fn moved(&mut self) -> io::Result<bool> {
        let Place::File(path) = &self.place.place else {
            return Ok(true);
        };
        let Some(file) = look(path)? else {
            self.newest = None;
            return Ok(false);
        };
        let is_moved = self.newest != Some(file.id) || self.is_unsettled;
        self.newest = Some(file.id);
        Ok(is_moved)
    }

    /// Lists the files and tells which are not known; those that went away are lost.
    fn compare(&mut self) -> io::Result<Vec<Listed>> {
        let listed = self.place.list()?;
        self.is_unsettled = false;
        self.newest = match self.is_file() {
            true => listed.iter().find(|file| self.is_live(file)),
            false => listed.iter().max_by_key(|file| (file.modified, &file.age)),
        }
        .map(|file| file.id);
        for entry in &mut self.entries {
            entry.is_listed = false;
        }
        let mut fresh = Vec::new();
        for file in listed {
            let known = self.entries.iter().position(|e| e.position.id() == file.id);
            match known {
                Some(at) if self.entries[at].is_packed && self.entries[at].differs(&file) => {
                    // Another file got its inode.
                    self.entries.remove(at);
                    fresh.push(file);
                }
                Some(at) => {
                    let entry = &mut self.entries[at];
                    entry.is_listed = true;
                    entry.is_changed = entry.differs(&file);
                    entry.position.path = file.path;
                }
                None if self.copies.contains(&file.id) => {}
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

    /// Takes up a file that is not known: a new log, or what rotation made of a known one.
    fn take_up(
        &mut self,
        file: &Listed,
        chunk: &mut Vec<u8>,
        sink: &mut Sink<'_>,
    ) -> io::Result<()> {
        let mut entry = self.entry(file);
        let is_rotated = file.age.is_rotated() || self.is_file() && !self.is_live(file);
        let Some(mut unpack) = open(file)? else {
            // It was moved on since it was listed.
            self.is_unsettled = true;
            return Ok(());
        };
        let mut head = Vec::new();
        unpack
            .by_ref()
            .take(Head::MOST as u64)
            .read_to_end(&mut head)?;
        if is_rotated && head.is_empty() {
            // It is only being written.
            self.is_unsettled = true;
            return Ok(());
        }
        let lost = take_known(&mut self.lost, &head, |position| {
            is_rotated || head.len() == Head::MOST && file.length >= position.offset
        });
        if let Some(lost) = lost {
            entry.file = lost.file;
            entry.position.offset = lost.position.offset;
            entry.position.head = lost.position.head;
        } else if is_rotated {
            let known = |entry: &Entry| entry.position.head.is_known_by(&head);
            if self.entries.iter().any(known) {
                self.copies.insert(file.id);
                return Ok(());
            }
        }
        let result = if unpack.packing() == Packing::Plain {
            entry.read(chunk, sink).map(|_| ())
        } else {
            entry.is_packed = true;
            entry.seen = Some((file.length, file.modified));
            entry.position.head = Head::of(&head);
            entry.read_out(io::Cursor::new(head).chain(unpack), sink)
        };
        self.entries.push(entry);
        result
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
