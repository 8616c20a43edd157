//! The one integration-test binary: a module per area.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read the clock, the environment and files, and run programs"
)]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test tells by printing and fails by panicking, also in its helpers"
)]

mod cluster;
mod cluster_owner;
mod support;
