//! `advise index --prove`: the advised indexes are made in a scratch copy, and statements are run there.
//!
//! | file | does |
//! |---|---|
//! | `options` | its options |
//! | `copy` | the copy: whether it is one, and a session in it that leaves nothing behind |
//! | `likeness` | how far it is like the original |
//! | `suited` | the statements that may be run there |
//! | `build` | makes the indexes |
//! | `runner` | runs statements with some indexes hidden (`plan`: what is read of their plans) |
//! | `run` | all of it in order |

mod build;
mod copy;
mod likeness;
mod options;
mod plan;
mod run;
mod runner;
mod suited;

pub use copy::Copy;
pub use options::Proving;
pub use run::{Ground, prove};
