//! Statements that advice is weighed by: with weights, and with texts that a planner takes.
//!
//! | file | does |
//! |---|---|
//! | `query` | a statement of the workload |
//! | `repair` | texts with parameters that the planner refuses, mended by what it says of them |

mod query;
mod repair;

pub use query::{Origin, Query, Unplanned, Variant, Workload};
pub use repair::{PlanError, plannable, repair};
