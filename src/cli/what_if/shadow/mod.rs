//! A running shadow: a throwaway server that has the schema, the statistics and the sizes of another, but no
//! rows. It never runs a statement of the workload; it only plans.
//!
//! | file | does |
//! |---|---|
//! | `planner` | the shadow as a whole |
//! | `original` | what is imitated: database, version, indexes |
//! | `programs` | server programs of the right version |
//! | `ground` | the server that it runs on, with the locale of the original |
//! | `build` | runs what the shadow is made of |
//! | `keeping` | shadows that took long to make are kept for the next time |
//! | `catalog` | tables and indexes as the shadow knows them |
//! | `lane` | one server of a shadow, and what is switched on in it |
//! | `create` | hypothetical indexes: real ones, empty, with the size that they would have |
//! | `expressions` | statistics of their expressions |
//! | `users` | a user's own `CREATE INDEX` |
//! | `ask` | statements as `EXPLAIN` takes them |
//! | `check` | whether a statement is taken, and the error that says why not |
//! | `plan` | plans as `EXPLAIN` prints them |

mod ask;
mod build;
mod catalog;
mod check;
mod create;
mod expressions;
mod ground;
mod keeping;
mod lane;
mod original;
mod plan;
mod planner;
mod programs;
mod users;

pub use ask::{settings, statement};
pub(super) use plan::read as read_plan;

pub use keeping::Keep;
pub use original::Original;
pub use planner::{Lanes, Options, Shadow};
pub use programs::Programs;
pub use users::{Described, Size};
