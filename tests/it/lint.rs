//! Migration linting.

mod ignores;
mod layouts;
mod load;
mod simulate;
