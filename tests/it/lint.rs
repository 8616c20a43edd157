//! Migration linting.

mod cli;
mod effects;
mod fix;
mod folders;
mod formats;
mod forms;
mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
mod write;
