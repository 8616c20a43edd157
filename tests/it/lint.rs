//! Migration linting.

mod ci;
mod effects;
mod formats;
mod ignores;
mod layouts;
mod load;
mod rewrites;
mod simulate;
