//! A live log, through its rotations: by renaming, by copying and truncating, by new names.
//!
//! | module | does |
//! |---|---|
//! | `follower` | a log that is followed, and where to begin |
//! | `turn` | one poll: what is new, in which file |
//! | `rotation` | finds where the rest of a rotated file went |
//! | `entry` | one file: what was read of it, what is new in it |
//! | `place` | which files belong to the log |
//! | `state` | how far everything was read, to go on another time |

mod entry;
mod follower;
mod place;
mod rotation;
mod state;
mod turn;

pub use entry::Piece;
pub use follower::{Follow, Polled, Start};
pub use state::{Head, Position, State};

/// How long to wait between two polls, where nothing else is said.
pub const INTERVAL: std::time::Duration = std::time::Duration::from_millis(250);
