//! What is new in a live log.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::entry::{Entry, Piece, Sink};
use super::place::{Listed, Place, Places};
use super::rotation::Lost;
use super::state::{Head, Position, State};

/// Where following begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// With what is written from now on.
    End,
    /// With the newest file.
    Newest,
    /// With the oldest file; of a single file that is itself.
    Oldest,
    /// Where another run ended.
    State(State),
}

/// What a poll found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polled {
    /// Bytes that were given.
    pub bytes: u64,
    /// Whether there is no file yet, or no longer.
    pub is_absent: bool,
}

/// Follows a log: a file, or the newest one in a folder or of a pattern, and what comes after it.
/// It never waits; whoever calls does, [`super::INTERVAL`] for instance.
///
/// Nothing is lost or doubled by rotation, as far as the bytes still stand somewhere: a file that
/// was renamed is read to its end; of one that was copied and truncated the rest is read from the
/// copy; a packed copy of what was read counts as read. Pieces of one file come in order; around a
/// rotation those of the next file may overtake the last ones of the file before it.
pub struct Follow {
    pub(super) place: Places,
    pub(super) entries: Vec<Entry>,
    pub(super) lost: Vec<Lost>,
    pub(super) copies: HashMap<(u64, u64), (u64, Option<SystemTime>)>,
    pub(super) files: u64,
    /// The last file that was known before this poll.
    pub(super) before: u64,
    pub(super) newest: Option<(u64, u64)>,
    pub(super) changed: Option<SystemTime>,
    pub(super) unsettled: u32,
    chunk: Vec<u8>,
}

impl Follow {
    /// Follows a file, a folder or a pattern. Files that are not there yet are waited for, and read
    /// from their beginning. With [`Start::End`] and [`Start::Newest`] files that are there now are
    /// told apart from later ones by a first look at the folder.
    pub fn new(path: &Path, start: Start) -> io::Result<Self> {
        let mut follow = Self {
            place: Places::of(path),
            entries: Vec::new(),
            lost: Vec::new(),
            copies: HashMap::new(),
            files: 0,
            before: 0,
            newest: None,
            changed: None,
            unsettled: 0,
            chunk: Vec::new(),
        };
        follow.begin(start)?;
        Ok(follow)
    }

    /// Where reading would go on.
    pub fn state(&self) -> State {
        let entries = self.entries.iter().map(|entry| &entry.position);
        let lost = self.lost.iter().map(|lost| &lost.position);
        State {
            files: lost.chain(entries).cloned().collect(),
        }
    }

    fn begin(&mut self, start: Start) -> io::Result<()> {
        if let Start::State(state) = &start
            && let Some(last) = state.files.last()
        {
            self.place.settle(&last.path);
        }
        let listed = self.place.list()?;
        let newest = listed.iter().map(|file| file.id).next_back();
        if let Start::State(state) = start {
            for position in state.files {
                self.files += 1;
                let entry = Entry::new(position, self.files);
                let id = entry.position.id();
                if listed.iter().any(|file| file.id == id) {
                    self.entries.push(entry);
                } else {
                    self.lost.push(Lost::of(entry));
                }
            }
            return Ok(());
        }
        for file in &listed {
            let is_read = match start {
                Start::End => false,
                Start::Oldest => !self.is_file() || self.is_live(file),
                _ if self.is_file() => self.is_live(file),
                _ => Some(file.id) == newest,
            };
            if !is_read {
                self.pass_over(file)?;
            }
        }
        Ok(())
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.place.place, Place::File(_))
    }

    /// Whether a file is the one that was named.
    pub(super) fn is_live(&self, file: &Listed) -> bool {
        match &self.place.place {
            Place::File(path) => path.file_name() == file.path.file_name(),
            _ => !file.age.is_rotated(),
        }
    }

    /// Takes a file for read.
    fn pass_over(&mut self, file: &Listed) -> io::Result<()> {
        let mut entry = self.entry(file);
        entry.skip(file)?;
        self.entries.push(entry);
        Ok(())
    }

    pub(super) fn entry(&mut self, file: &Listed) -> Entry {
        self.files += 1;
        let position = Position {
            path: file.path.clone(),
            device: file.id.0,
            inode: file.id.1,
            offset: 0,
            head: Head::default(),
        };
        Entry::new(position, self.files)
    }

    /// Gives what is new, in whole lines. After an error, which concerns the file system, the next
    /// poll goes on where this one ended.
    pub fn poll(&mut self, sink: &mut Sink<'_>) -> io::Result<Polled> {
        let mut bytes = 0;
        let mut counting = |piece: &Piece<'_>| {
            bytes += piece.bytes.len() as u64;
            sink(piece);
        };
        let mut chunk = std::mem::take(&mut self.chunk);
        let result = self.turn(&mut chunk, &mut counting);
        self.chunk = chunk;
        result?;
        Ok(Polled {
            bytes,
            is_absent: self.newest.is_none(),
        })
    }
}
