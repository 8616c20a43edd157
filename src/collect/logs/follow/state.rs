//! How far everything was read.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where reading goes on another time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The files that were there.
    pub files: Vec<Position>,
}

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its name.
    pub path: PathBuf,
    /// Its device.
    pub device: u64,
    /// Its inode.
    pub inode: u64,
    /// Unpacked bytes that were read.
    pub offset: u64,
    /// Its beginning.
    pub head: Head,
}

impl Position {
    pub(super) fn id(&self) -> (u64, u64) {
        (self.device, self.inode)
    }
}

/// The beginning of a file, by which it is known under another name or inode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Bytes of it, [`Head::MOST`] at most.
    pub length: usize,
    /// SHA-256 of them, in hexadecimal digits.
    pub hash: String,
}

impl Head {
    /// Bytes that are remembered.
    pub const MOST: usize = 1024;

    /// The head of a file that begins so.
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(Self::MOST)];
        Self {
            length: bytes.len(),
            hash: hash(bytes),
        }
    }

    /// Whether a file begins with these bytes that is the same one, grown or not. An empty file may
    /// become any.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.length == 0 || self.is_known_by(bytes)
    }

    /// Whether a file is surely the same one; of an empty one nothing is sure.
    pub(super) fn is_known_by(&self, bytes: &[u8]) -> bool {
        self.length > 0
            && bytes
                .get(..self.length)
                .is_some_and(|same| hash(same) == self.hash)
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
