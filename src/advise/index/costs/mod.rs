//! What the workload costs with which candidates, asking the planner as seldom as it can be.
//!
//! | file | does |
//! |---|---|
//! | `entries` | plans that were seen, and for which sets of candidates they hold |
//! | `costs` | the workload's texts, and the questions |
//! | `risk` | what a plan costs where its row counts fall short |

mod costs;
mod entries;
mod risk;

pub use costs::{Costs, Ended, Text, Whole};
