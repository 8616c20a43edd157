//! What to write instead of a migration that harms.
//!
//! | module | does |
//! |---|---|
//! | `rewrite` | safe forms of effects, as facts |
//! | `recipe` | what takes the place of an action, by form |
//! | `case` | an action and its object; `words`: its text |
//! | [`fix`](mod@fix) | files with the safe forms in place of what harms |
//! | [`fixes`] | fixes of findings, and of other advice, as migrations |
//! | [`layouts`] | migrations written in the form of each tool |
//! | `step` | a statement that takes the place of an action |

mod case;
pub mod fix;
pub mod fixes;
pub mod layouts;
mod recipe;
mod rewrite;
mod step;
mod words;

pub use rewrite::rewrites;
