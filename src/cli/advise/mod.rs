//! `pgtriage advise`: what to set, worked out from facts.
//!
//! | file | does |
//! |---|---|
//! | `alerts` | alerting rules |
//! | `command` | the grammar: one subcommand a kind of advice |
//! | `index` | indexes to make and to drop (`index_planner`, `index_search`, `index_estimates`; `index_write`: as migrations) |
//! | `prove` | the same, proved in a copy |
//! | `looks` | where facts come from, with looks at the sessions of a server |
//! | `params` | parameters of rule pages that advice goes by |
//! | `pool` | sizes of connection pools |
//! | `settings` | settings of the server, by the pages that judge them |
//! | `timeouts` | timeouts of roles |
//! | `worked` | advice that rule pages read |

mod alerts;
mod command;
mod index;
mod index_estimates;
mod index_planner;
mod index_search;
mod index_write;
mod looks;
mod params;
mod pool;
mod prove;
mod settings;
mod timeouts;
mod worked;

pub use command::{Args, run};
pub use index_estimates::FromFacts;
pub use index_search::{PAGES, database, unknown};
pub use params::{drops, gains, limits, usual, write_age};
pub use worked::worked_out;
