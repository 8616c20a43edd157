//! Bytes that are never printed.

use std::fmt;

/// A password, or any value that may hold one. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Secret(Vec<u8>);

impl Secret {
    /// The bytes themselves, to hand to the server.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
