//! `pgtriage advise`: what to set, worked out from facts.
//!
//! | file | does |
//! |---|---|
//! | `command` | the grammar: one subcommand a kind of advice |
//! | `pool` | sizes of connection pools |
//! | `timeouts` | timeouts of roles |

mod command;
mod pool;
mod timeouts;

pub use command::{Args, run};
