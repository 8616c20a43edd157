//! Migration linting.

mod layouts;
