//! What becomes of the plans of a workload when migrations drop indexes and change types of columns: the shadow as
//! it is before and after a file, as facts that pages judge.
//!
//! Automatic where the facts have the planner's statistics and the server programs are there, and only for files
//! that do such things. What keeps it from being known is told.
//!
//! | file | does |
//! |---|---|
//! | `run` | the files, one after the other |
//! | `steps` | what migrations do that bears on plans |
//! | `chain` | what is there before and after a file |
//! | `changes` | what a shadow is changed by |
//! | `types` | what stays of the statistics of a column under another type |
//! | `ground` | facts, programs, the workload |
//! | `compare` | plans before and after |
//! | `refused` | statements that fail after |
//! | `blame` | which action of a file a statement owes it to |
//! | `rows` | the tables that are filled |

mod blame;
mod chain;
mod changes;
mod compare;
mod ground;
mod refused;
mod rows;
mod run;
mod steps;
mod types;

pub use run::{fill, may_matter};
