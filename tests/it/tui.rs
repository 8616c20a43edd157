//! The terminal UI: keys go in, screens come out.

mod keys;
mod logs;
mod migrations;
mod read;
mod screens;
#[cfg(unix)]
pub mod terminal;
mod world;
