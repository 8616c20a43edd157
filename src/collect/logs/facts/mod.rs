//! Figures of logs to facts: the tables that begin with `log_`.

mod events;
mod names;
mod runs;
mod sampling;
mod statements;
mod totals;
mod write;

pub use write::{TABLES, write};
