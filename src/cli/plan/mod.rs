//! `pgtriage plan`: plans of statements, without running them.
//!
//! | file | does |
//! |---|---|
//! | `command`, `options` | the options, and what is done with them |
//! | `asked` | what is to be planned |
//! | `params` | what plans are read by |
//! | `ground` | facts and the shadow |
//! | `changed` | settings, indexes and versions that are tried |
//! | `one`, `whole` | plans of single statements, of a workload |
//! | `print` | formats |

mod asked;
mod changed;
mod command;
mod ground;
mod one;
mod options;
mod params;
mod print;
mod whole;

pub use changed::share;
pub use command::{Args, run};
pub use ground::{Changed, ask, cost, has_statistics, no_statistics};
pub use whole::other_in;
