//! The search for indexes behind the terminal UI, on a thread of its own.
//!
//! | file | does |
//! |---|---|
//! | `desk` | takes the UI's requests apart: wishes for the search, the rest for the feeder |
//! | `ground` | facts with the planner's statistics: read from a server, or copied |
//! | `planner` | makes the planner, or says why there is none |
//! | `session` | searches and weighs as long as the planner lives |
//! | `ledger` | what all searches advised, as the UI shows it |

mod desk;
mod ground;
mod ledger;
mod planner;
mod session;

pub use desk::open;
pub use ground::Ground;
