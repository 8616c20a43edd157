//! What the workload costs with which candidates, asking the planner as seldom as it can be.
//!
//! | file | does |
//! |---|---|
//! | `entries` | plans that were seen, and for which sets of candidates they hold |
//! | `choice` | plans under a choice of the user's |
//! | `whole` | the workload's texts, and the questions |
//! | `risk` | what a plan costs where its row counts fall short |

mod choice;
mod entries;
mod risk;
mod whole;

pub use choice::Choice;
pub use entries::Entry;
pub use whole::{Costs, Ended, Text, Whole};
