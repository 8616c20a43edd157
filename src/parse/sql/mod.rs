//! What statements say, by their syntax tree.

mod read;

pub use read::{MAX_BYTES, Unread, read_each};
