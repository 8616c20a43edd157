//! `pgtriage plan`: plans of statements, without running them.
//!
//! | file | does |
//! |---|---|
//! | `command` | the options, and what is done with them |
//! | `asked` | what is to be planned |
//! | `params` | what plans are read by |

mod asked;
mod command;
mod params;

pub use command::{Args, run};
