//! Migration linting.

mod ignores;
