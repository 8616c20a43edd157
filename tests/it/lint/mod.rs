//! Migration linting.

mod load;
mod rewrites;
