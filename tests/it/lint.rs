//! Migration linting.

mod ignores;
mod layouts;
