//! Migration linting.

mod ignores;
mod load;
mod simulate;
