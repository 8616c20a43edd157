//! Files of migrations with the safe forms in place of what harms.
//!
//! | module | does |
//! |---|---|
//! | [`fix`](mod@fix) | all files: what changes, what stays and why |
//! | `one` | one file; `newer`: what becomes migrations of their own |
//! | `read` | statements, and what stands in their place |
//! | `units` | which statements go where |
//! | `text` | places and edits in a file's text |
//! | `place` | where new migrations are written |
//! | [`diff`](mod@diff) | the change of a file as a unified diff |

pub mod diff;
// The file of a module's main function has its name.
#[allow(clippy::module_inception)]
pub mod fix;
mod newer;
mod one;
mod place;
mod read;
mod text;
mod units;

pub use diff::diff;
pub use fix::{Change, Fixed, Left, Wanted, fix};
