//! Files of migrations on this machine's disk: found, with what stands around them, and read.
//!
//! | module | does |
//! |---|---|
//! | [`search`] | what is asked for, and all of it in order |
//! | `walk` | folders and what is in them |
//! | `context` | what has to be read beside a single file |
//! | `around` | settings, plans and manifests near files |
//! | `git` | what changed since a revision |

mod around;
mod context;
mod error;
mod git;
mod search;
mod walk;

pub use error::MigrationsError;
pub use search::{Gathered, Said, Search, gather};
