//! One file of a live log.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::SystemTime;

use memchr::memrchr;

use super::place::Listed;
use super::state::{Head, Position};
use crate::collect::logs::identity::identity;
use crate::collect::unpack::Packing;

/// Bytes read at once.
const CHUNK: usize = 1024 * 1024;

/// Bytes before the place where reading goes on that are read again, to see that they are the same:
/// enough for the time of a record.
const OVERLAP: usize = 256;

/// Bytes at the end of a file in which the end of its last whole line is sought.
const TAIL: usize = 64 * 1024;

/// The longest line that is waited for; what is longer is given in pieces.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// New bytes of a log.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// Which file it is, whatever its name: pieces of one number follow each other.
    pub file: u64,
    /// Whole lines.
    pub bytes: &'a [u8],
    /// Whether the file begins here.
    pub is_new_file: bool,
}

/// Who takes the pieces.
pub(super) type Sink<'a> = dyn FnMut(&Piece<'_>) + 'a;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// Nothing is new, or it was given.
    Read,
    /// Other bytes stand in the file than those that were read: it was truncated, or is another one.
    Replaced,
    /// It is packed: rotation made it of another one.
    Packed,
}

/// A file, how far it was read, and its open handle while something may still come.
pub(super) struct Entry {
    pub position: Position,
    pub file: u64,
    pub is_listed: bool,
    /// Whether the last listing shows something that was not read.
    pub is_changed: bool,
    /// Polls in which nothing came.
    pub quiet: u32,
    /// Whether the file is packed, so that it grows no more.
    pub is_packed: bool,
    /// Length and time of the file when all of it had been read.
    pub seen: Option<(u64, Option<SystemTime>)>,
    handle: Option<File>,
    /// The last bytes before the place where reading goes on.
    before: Vec<u8>,
}

impl Entry {
    pub fn new(position: Position, file: u64) -> Self {
        Self {
            position,
            file,
            is_listed: true,
            is_changed: true,
            quiet: 0,
            is_packed: false,
            seen: None,
            handle: None,
            before: Vec::new(),
        }
    }

    /// Whether something may still come without a listing showing it.
    pub fn is_open(&self) -> bool {
        self.handle.is_some()
    }

    /// Forgets what was read: other bytes stand there now.
    pub fn restart(&mut self, file: u64) {
        self.is_changed = true;
        self.position.offset = 0;
        self.position.head = Head::default();
        self.file = file;
        self.seen = None;
        self.before.clear();
    }

    /// Whether a listing shows something that was not read.
    pub fn differs(&self, listed: &Listed) -> bool {
        self.seen != Some((listed.length, listed.modified))
    }

    /// Gives what is new.
    pub fn read(&mut self, chunk: &mut Vec<u8>, sink: &mut Sink<'_>) -> io::Result<Met> {
        let met = self.try_read(chunk, sink);
        if met.is_err() {
            // A handle may go stale on a network; the file is opened anew next time.
            self.handle = None;
        }
        met
    }

    fn try_read(&mut self, chunk: &mut Vec<u8>, sink: &mut Sink<'_>) -> io::Result<Met> {
        let mut file = match self.handle.take() {
            Some(file) => file,
            None => match File::open(&self.position.path) {
                Ok(file) => file,
                // It was moved on between the listing and now; the next listing finds it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Met::Read),
                Err(error) => return Err(error),
            },
        };
        let metadata = file.metadata()?;
        if identity(&metadata) != self.position.id() {
            return Ok(Met::Read);
        }
        let now = (metadata.len(), metadata.modified().ok());
        let met = if self.seen == Some(now) {
            self.quiet = self.quiet.saturating_add(1);
            Met::Read
        } else {
            self.quiet = 0;
            let met = self.grow(&mut file, now.0, chunk, sink)?;
            if met == Met::Read {
                self.seen = Some(now);
                self.is_changed = false;
            }
            met
        };
        self.handle = Some(file);
        Ok(met)
    }

    /// Reads to where the file ended when it was looked at.
    fn grow(
        &mut self,
        file: &mut File,
        length: u64,
        chunk: &mut Vec<u8>,
        sink: &mut Sink<'_>,
    ) -> io::Result<Met> {
        let mut size = CHUNK;
        let mut head = Vec::new();
        loop {
            at(file, 0, Head::MOST, &mut head)?;
            if length < self.position.offset || !self.position.head.fits(&head) {
                return Ok(Met::Replaced);
            }
            if self.position.offset == 0 {
                if Packing::of(&head) != Packing::Plain {
                    return Ok(Met::Packed);
                }
            } else if self.position.head.length < head.len() {
                self.position.head = Head::of(&head);
            }
            if !self.go_on(file, size, chunk)? {
                return Ok(Met::Replaced);
            }
            let is_full = chunk.len() == size;
            let given = self.give_lines(chunk, sink);
            if !is_full {
                return Ok(Met::Read);
            }
            if given == 0 {
                if size >= LONGEST_LINE {
                    self.give(chunk, sink);
                } else {
                    size *= 4;
                }
            } else if self.position.offset >= length {
                return Ok(Met::Read);
            }
        }
    }

    /// Reads a chunk from where reading ended. False if the file was truncated since it was looked
    /// at, even if it has grown again: then other bytes stand before the place.
    fn go_on(&mut self, file: &mut File, most: usize, chunk: &mut Vec<u8>) -> io::Result<bool> {
        let offset = self.position.offset;
        let overlap = offset.min(OVERLAP as u64);
        if self.before.is_empty() && overlap > 0 {
            at(file, offset - overlap, OVERLAP, &mut self.before)?;
            self.before.truncate(overlap as usize);
        }
        let overlap = self.before.len();
        at(file, offset - overlap as u64, overlap + most, chunk)?;
        if !chunk.starts_with(&self.before) {
            return Ok(false);
        }
        if offset == 0 {
            if !self.position.head.fits(chunk) {
                return Ok(false);
            }
            self.position.head = Head::of(chunk);
        }
        chunk.drain(..overlap);
        Ok(true)
    }

    /// Gives the whole lines of a chunk.
    fn give_lines(&mut self, chunk: &[u8], sink: &mut Sink<'_>) -> usize {
        let end = memrchr(b'\n', chunk).map_or(0, |at| at + 1);
        self.give(&chunk[..end], sink);
        end
    }

    fn give(&mut self, bytes: &[u8], sink: &mut Sink<'_>) {
        if bytes.is_empty() {
            return;
        }
        sink(&Piece {
            name: &self.position.path.to_string_lossy(),
            file: self.file,
            bytes,
            is_new_file: self.position.offset == 0,
        });
        self.position.offset += bytes.len() as u64;
        self.before
            .extend(&bytes[bytes.len().saturating_sub(OVERLAP)..]);
        let excess = self.before.len().saturating_sub(OVERLAP);
        self.before.drain(..excess);
    }

    /// Takes what is there for read, to the last whole line.
    pub fn skip(&mut self, listed: &Listed) -> io::Result<()> {
        let mut file = File::open(&listed.path)?;
        let mut bytes = Vec::new();
        at(&mut file, 0, Head::MOST, &mut bytes)?;
        self.seen = Some((listed.length, listed.modified));
        self.is_packed = Packing::of(&bytes) != Packing::Plain;
        if self.is_packed {
            return Ok(());
        }
        self.position.head = Head::of(&bytes);
        let start = listed.length.saturating_sub(TAIL as u64);
        at(&mut file, start, TAIL, &mut bytes)?;
        self.position.offset = match memrchr(b'\n', &bytes) {
            Some(end) => start + end as u64 + 1,
            None => start,
        };
        Ok(())
    }

    /// Gives a last line without an end, of a file that nothing is written to any more.
    pub fn finish(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        let Some(mut file) = self.handle.take() else {
            return Ok(());
        };
        let mut rest = Vec::new();
        if self.go_on(&mut file, LONGEST_LINE, &mut rest)? {
            self.give_rest(rest, sink);
        }
        Ok(())
    }

    fn give_rest(&mut self, mut rest: Vec<u8>, sink: &mut Sink<'_>) {
        if rest.is_empty() {
            return;
        }
        let length = rest.len() as u64;
        if !rest.ends_with(b"\n") {
            rest.push(b'\n');
        }
        let before = self.position.offset;
        self.give(&rest, sink);
        self.position.offset = before + length;
        self.before.clear();
    }

    /// Gives the rest of a packed file. A line without an end counts only where the file is whole
    /// in the end.
    pub fn read_out(
        &mut self,
        mut unpack: impl Read,
        is_whole: &dyn Fn() -> bool,
        sink: &mut Sink<'_>,
    ) -> io::Result<()> {
        let mut skipped = unpack.by_ref().take(self.position.offset);
        io::copy(&mut skipped, &mut io::sink())?;
        let mut rest = Vec::new();
        loop {
            let before = rest.len();
            unpack.by_ref().take(CHUNK as u64).read_to_end(&mut rest)?;
            if rest.len() == before {
                break;
            }
            if rest.len() <= LONGEST_LINE {
                let end = self.give_lines(&rest, sink);
                rest.drain(..end);
            } else {
                self.give(&rest, sink);
                rest.clear();
            }
        }
        if is_whole() {
            self.give_rest(rest, sink);
        }
        Ok(())
    }
}

/// Reads from a place, as many bytes as there are and are wanted.
fn at(file: &mut File, offset: u64, most: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.clear();
    file.seek(SeekFrom::Start(offset))?;
    file.take(most as u64).read_to_end(bytes)?;
    Ok(())
}
