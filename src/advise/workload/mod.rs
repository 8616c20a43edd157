//! Statements that advice is weighed by: with weights, and with texts that a planner takes.
//!
//! | file | does |
//! |---|---|
//! | `query` | a statement of the workload |
//! | `read` | a workload from facts (`rows`: what is counted, `settings`: those of the sessions) |
//! | `logged` | texts with values from logs and files |
//! | `draw` | texts with values from statistics |
//! | `page` | how many rows are asked for |
//! | `repair` | texts with parameters that the planner refuses, mended by what it says of them |
//! | `settle` | that for a whole workload |

mod draw;
mod logged;
mod page;
mod query;
mod read;
mod repair;
mod rows;
mod settings;
mod settle;

pub use query::{Origin, Query, Tail, Unplanned, Variant, Workload};
pub use read::{Limits, read};
pub use repair::{PlanError, plannable, repair};
pub use settings::settings;
