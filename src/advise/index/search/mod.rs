//! The search for the indexes that gain most within a budget.
//!
//! | file | does |
//! |---|---|
//! | `filter` | candidates that plans use |
//! | `moves` | what is added at a time |
//! | `state` | a choice and what is made small |
//! | `greedy` | adding what gains most for its size |
//! | `local` | taking one or two out and filling up again |
//! | `prune` | taking out what does not pay |
//! | `narrow` | narrower indexes where they are almost as good |
//! | `run` | all of it in order |

mod filter;
mod greedy;
mod local;
mod moves;
mod narrow;
mod prune;
mod run;
mod state;

pub use run::{Better, Ground, LeastGain, Limits, Objective, search};
pub use state::State;
