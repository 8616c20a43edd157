//! Migration linting.

mod ignores;
mod load;
mod rewrites;
mod simulate;
