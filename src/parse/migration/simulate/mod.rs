//! Migrations run in thought, one statement after the other, on what is known of the database.
//!
//! | module | does |
//! |---|---|
//! | `simulate` | files in order: which state each is judged on |
//! | `part` | the statements of a part; `read`: as they were read, `body`: what they run from bodies |
//! | `block` | transactions; `control`: what of their commands is worth telling |
//! | `settings` | settings of the session |
//! | `misfit` | statements that don't fit what they meet |
//! | `whole` | what shows when the whole of a file is known |
//! | `outcome` | what became of a file; `columns`: the columns it defines |
//! | `rows` | the same as rows; `place`: lines and columns |

mod block;
mod body;
mod columns;
mod control;
mod misfit;
mod outcome;
mod part;
mod place;
mod read;
mod rows;
mod settings;
// The file of a module's main function has its name.
#[allow(clippy::module_inception)]
mod simulate;
mod whole;

pub use simulate::{SimulateOptions, simulate};
