//! Migration linting.

mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
