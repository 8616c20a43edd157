//! Migration linting.

mod effects;
mod formats;
mod forms;
mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
