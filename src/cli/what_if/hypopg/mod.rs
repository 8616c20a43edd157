//! A server with the extension HypoPG: hypothetical indexes live in our sessions only.
//!
//! | file | does |
//! |---|---|
//! | `planner` | the sessions as a whole: a query always goes to the same one |
//! | `open` | connects, and looks at what this HypoPG can do |
//! | `server` | what is known of the server, for all sessions |
//! | `lane` | one session: plans with the indexes that a question names |
//! | `living` | hypothetical indexes that are there in a session |
//! | `orders` | statements with another relation first, for indexes that HypoPG passes over elsewhere |

mod lane;
mod living;
mod open;
mod orders;
mod planner;
mod server;

pub use planner::HypoPg;
