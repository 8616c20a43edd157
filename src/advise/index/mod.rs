//! Which indexes to make and to drop, weighed over a workload. Pure: what a plan would cost is asked of a
//! [`WhatIf`].
//!
//! | file | does |
//! |---|---|
//! | `spec` | an index that could be made, as data and as SQL |
//! | `what_if` | the port to a planner that takes indexes for there that are not |
//! | `sized` | the size that it would have |
//! | `activity`, `writes` | how its table is written, and what it costs those who write |
//! | `drops` | which indexes may go, and which stay though they look so |
//! | `existing`, `replaced`, `foreign_keys` | indexes that are there, what takes over from them, what needs them |

mod activity;
mod drops;
mod existing;
mod foreign_keys;
mod replaced;
mod sized;
mod spec;
mod what_if;
mod writes;

pub use activity::Activity;
pub use drops::{Cause, Drop, Drops, Kept, Limits, drops};
pub use sized::sized;
pub use spec::{IndexSpec, Key, Part};
pub use what_if::{Handle, Lost, Plan, Planned, Question, Sized, WhatIf};
pub use writes::WriteCost;
