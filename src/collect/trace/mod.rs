//! Migrations run on a scratch server, and what each statement was seen to do there.
//!
//! | module | does |
//! |---|---|
//! | `scratch` | the database to run them in: whether it is one, and copies of it |
//! | `load` | scripts that set it up |
//! | `plan` | what is to be run, out of the facts |
//! | `course` | files one after the other, as their tool would |
//! | `runner` | statements one after the other, in the transactions that they belong in |
//! | `state` | relations, their files and counters, and the session's locks at one moment |
//! | `observed` | what lies between two of them |
//! | `alone` | a statement that can't run in a block, watched from another session |
//! | `gates` | locks of ours that hold it up where it asks for one |
//! | `counters` | its whole scans |
//! | `write` | observations as rows |

mod alone;
mod counters;
mod course;
mod error;
mod gates;
mod load;
mod observed;
mod plan;
mod runner;
mod scratch;
mod state;
mod write;

pub use course::{Observations, run_chain};
pub use error::TraceError;
pub use load::{Failed, load};
pub use observed::{Observed, Scans, Seen};
pub use plan::{Plan, Script, Step};
pub use runner::Runner;
pub use scratch::Scratch;
pub use write::write;
