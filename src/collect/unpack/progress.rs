//! How far a file has been read.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A packed file that ends before its end, or is damaged. What stands before can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// Unpacked bytes before the place.
    pub at: u64,
    /// What the unpacker says.
    pub reason: String,
    /// Whether the file is cut off; else it is damaged.
    pub is_cut: bool,
}

impl std::fmt::Display for Torn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.is_cut { "cut off" } else { "damaged" };
        write!(
            f,
            "the packed file is {what} after {} unpacked bytes ({}); what stands before was read",
            self.at, self.reason
        )
    }
}

/// What is known of a file while it is read; readers on other threads write it.
#[derive(Debug, Default)]
pub struct Progress {
    taken: AtomicU64,
    failed: AtomicBool,
    torn: OnceLock<Torn>,
}

impl Progress {
    /// Bytes taken from the file, as it is packed.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Where the file is torn; known once its end has been read.
    pub fn torn(&self) -> Option<&Torn> {
        self.torn.get()
    }

    pub(super) fn tear(&self, torn: Torn) {
        // Of a file read twice the first account stays; both are the same.
        let _ = self.torn.set(torn);
    }

    /// Whether the file itself could not be read, unlike what it holds.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// A file whose bytes are counted as they are taken.
pub(super) struct Counted {
    pub inner: Box<dyn Read + Send>,
    pub progress: Arc<Progress>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(length) => {
                let taken = &self.progress.taken;
                taken.fetch_add(length as u64, Ordering::Relaxed);
                Ok(length)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.progress.failed.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }
}
