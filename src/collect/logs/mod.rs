//! Server logs to facts: files, packed files, folders, patterns, stdin, live logs.
//!
//! | module | does |
//! |---|---|
//! | `paths` | arguments to inputs, each once, in the order of time |
//! | `find` | which files an argument stands for |
//! | `input` | an input whose bytes come in order |
//! | `content` | what a file is, by its beginning |
//! | `order` | the order of rotated files by their names |
//! | `alike` | files that hold the same records: packed copies, other formats |
//! | [`follow`] | a live log, through its rotations |
//! | `live` | figures of logs that are followed |
//! | [`remote`] | a server's log over SQL |
//! | [`scan`] | bytes to figures, on all cores |
//! | [`facts`] | figures to facts |
//! | `read` | all of it for some paths |
//!
//! What is left out is told in notes.

mod alike;
mod content;
mod error;
pub mod facts;
mod find;
pub mod follow;
mod identity;
mod input;
mod live;
mod order;
mod paths;
mod read;
pub mod remote;
pub mod scan;

pub use content::{Judge, Kind, Seen, native};
pub use error::LogError;
pub use input::Input;
pub use live::LiveLogs;
pub use paths::inputs;
pub use read::{LogOptions, LogProgress, read, write};
