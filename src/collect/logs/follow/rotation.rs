//! Where the rest of a rotated file went.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::entry::Entry;
use super::place::Listed;
use super::state::Position;
use crate::collect::logs::identity::identity;
use crate::collect::unpack::{Progress, Unpack};

/// The bytes of a file, unpacked; `None` where another file stands there since it was listed.
pub(super) fn open(listed: &Listed, progress: &Arc<Progress>) -> io::Result<Option<Unpack>> {
    let file = match File::open(&listed.path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if identity(&file.metadata()?) != listed.id {
        return Ok(None);
    }
    Unpack::new(Box::new(file), Arc::clone(progress)).map(Some)
}

/// A file whose bytes are no longer where they were read.
pub(super) struct Lost {
    pub position: Position,
    pub file: u64,
}

impl Lost {
    pub fn of(entry: Entry) -> Self {
        Self {
            position: entry.position,
            file: entry.file,
        }
    }

    /// What was read of a file in which other bytes stand now.
    pub fn of_replaced(entry: &Entry) -> Self {
        Self {
            position: entry.position.clone(),
            file: entry.file,
        }
    }
}

/// Takes out the file of which one that begins so is a copy.
pub(super) fn take_known(
    lost: &mut Vec<Lost>,
    head: &[u8],
    may_be: impl Fn(&Position) -> bool,
) -> Option<Lost> {
    let (at, _) = lost
        .iter()
        .enumerate()
        .filter(|(_, lost)| lost.position.head.is_known_by(head) && may_be(&lost.position))
        .max_by_key(|(_, lost)| lost.position.offset)?;
    Some(lost.remove(at))
}
