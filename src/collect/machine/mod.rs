//! The machine of a server: cores, memory, disk, as far as they can be seen and never guessed.
//!
//! The same files are read in one of two ways: over SQL, where our role may read files of the server, or
//! by this process, where the session that we talk to is a process of this machine.
//!
//! | file | does |
//! |---|---|
//! | `figures` | what the files say, quotas respected |
//! | `disk` | file system of the data directory, seen from here |
//! | `look` | who may read the files, and reads them |
//! | `write` | the facts |

mod disk;
mod figures;
mod look;
mod write;

pub use figures::{Figures, Texts, figures, quota_files};
pub(super) use look::look;
