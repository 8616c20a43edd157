//! Migration linting.

mod effects;
mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
