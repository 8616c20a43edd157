//! `pgtriage advise`: what to set, worked out from facts.
//!
//! | file | does |
//! |---|---|
//! | `command` | the grammar: one subcommand a kind of advice |
//! | `looks` | where facts come from, with looks at the sessions of a server |
//! | `params` | parameters of rule pages that advice goes by |
//! | `pool` | sizes of connection pools |
//! | `timeouts` | timeouts of roles |
//! | `worked` | advice that rule pages read |

mod command;
mod looks;
mod params;
mod pool;
mod timeouts;
mod worked;

pub use command::{Args, run};
pub use params::{limits, usual};
pub use worked::worked_out;
