//! Statements that advice is weighed by: with weights, and with texts that a planner takes.
//!
//! | file | does |
//! |---|---|
//! | `query` | a statement of the workload |

mod query;

pub use query::{Origin, Query, Unplanned, Variant, Workload};
