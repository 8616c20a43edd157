//! Which indexes to make and to drop, weighed over a workload. Pure: what a plan would cost is asked of a
//! [`WhatIf`].
//!
//! | file | does |
//! |---|---|
//! | `spec` | an index that could be made, as data and as SQL |
//! | `what_if` | the port to a planner that takes indexes for there that are not |
//! | `reckon` | a stand-in for it that goes by statistics alone |
//! | `tables` | what is known of tables that bears on indexes |
//! | [`candidates`] | indexes that could serve a workload |
//! | `pool` | all candidates, with their sizes |
//! | [`costs`] | what the workload costs with which of them |
//! | [`search`] | the choice that gains most within a budget |
//! | `set` | sets of candidates |
//! | `robust` | what is left of a gain under settings that flip plans |
//! | `advice`, `name` | what is advised, and names of new indexes |
//! | `advise` | all of it in order |
//! | `adviser` | searches that go on from what earlier ones asked, and choices of the user's |
//! | `weighed` | what the workload costs with a choice, and what one index more or less changes |
//! | `sized` | the size that an index would have |
//! | `activity`, `writes` | how its table is written, and what it costs those who write |
//! | `build` | how long it takes to be made |
//! | `drops` | which indexes may go, and which stay though they look so |
//! | [`proof`] | all of it judged by what statements take where the indexes are there |
//! | `existing`, `replaced`, `foreign_keys` | indexes that are there, what takes over from them, what needs them |

mod activity;
mod advice;
mod advise;
mod adviser;
mod build;
pub mod candidates;
pub mod costs;
mod drops;
mod existing;
mod foreign_keys;
mod name;
mod pool;
pub mod proof;
mod reckon;
mod replaced;
mod robust;
pub mod search;
mod set;
mod sized;
mod spec;
mod tables;
mod weighed;
mod what_if;
mod writes;

pub use activity::Activity;
pub use advice::{Advice, Chosen, Confidence, Effect, Outcome};
pub use advise::{AdviseError, Request, advise};
pub use adviser::Adviser;
pub use drops::{Cause, Drop, Drops, Kept, Limits, drops};
pub use name::Names;
pub use pool::{Candidate, Estimates, PAGE, Pool};
pub use reckon::Reckoner;
pub use set::Set;
pub use sized::{sized, sized_as};
pub use spec::{IndexSpec, Key, Part};
pub use tables::{Column, Existing, Table, Tables};
pub use weighed::{Weighed, WeighedStatement, Worth};
pub use what_if::{Handle, Lost, Plan, Planned, Question, Sized, WhatIf};
pub use writes::WriteCost;
