//! What the workload costs with which candidates, asking the planner as seldom as it can be.
//!
//! | file | does |
//! |---|---|
//! | `entries` | plans that were seen, and for which sets of candidates they hold |
//! | `whole` | the workload's texts, and the questions |
//! | `risk` | what a plan costs where its row counts fall short |

mod entries;
mod risk;
mod whole;

pub use whole::{Costs, Ended, Text, Whole};
