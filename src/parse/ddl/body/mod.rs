//! Statements in `DO` blocks and functions.
//!
//! | module | does |
//! |---|---|
//! | [`text`] | a body out of its quotes, and what is found in it |
//! | `statements` | the statements of a body, by its language |
//! | `plpgsql` | blocks, branches and loops; `execute`: what `EXECUTE` runs |

mod execute;
mod plpgsql;
mod statements;
pub mod text;

pub use statements::statements;
pub use text::{Body, BodyStatement};
