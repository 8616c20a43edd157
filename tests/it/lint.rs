//! Migration linting.

mod effects;
