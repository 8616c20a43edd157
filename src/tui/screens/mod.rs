//! The screens, one file each; [`ALL`] lists them in the order of their numbers.

mod copies;
mod finding_text;
mod findings;
mod fix_kind;
mod queries;
mod rule_text;
mod screen;
mod unjudged;

pub use findings::Findings;
pub use queries::Queries;
pub use screen::{Copy, Screen};

/// All screens.
pub const ALL: [&dyn Screen; 2] = [&Findings, &Queries];
