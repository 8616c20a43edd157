//! Migrations run on a scratch server, and what each statement was seen to do there.
//!
//! | module | does |
//! |---|---|
//! | `runner` | statements one after the other, in the transactions that they belong in |
//! | `state` | relations, their files and counters, and the session's locks at one moment |
//! | `observed` | what lies between two of them |
//! | `alone` | a statement that can't run in a block, watched from another session |
//! | `gates` | locks of ours that hold it up where it asks for one |
//! | `counters` | rows that it scanned |

mod alone;
mod counters;
mod error;
mod gates;
mod observed;
mod runner;
mod state;

pub use error::TraceError;
pub use observed::{Observed, Seen};
pub use runner::Runner;
