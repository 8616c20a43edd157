//! Migration linting.

mod cli;
mod effects;
mod fix;
mod formats;
mod forms;
mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
mod write;
