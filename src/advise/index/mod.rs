//! Which indexes to make and to drop, weighed over a workload. Pure: what a plan would cost is asked of a
//! [`WhatIf`].
//!
//! | file | does |
//! |---|---|
//! | `spec` | an index that could be made, as data and as SQL |
//! | `what_if` | the port to a planner that takes indexes for there that are not |

mod spec;
mod what_if;

pub use spec::{IndexSpec, Key, Part};
pub use what_if::{Handle, Lost, Plan, Planned, Question, Sized, WhatIf};
