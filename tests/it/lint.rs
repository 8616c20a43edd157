//! Migration linting.

mod formats;
mod ignores;
