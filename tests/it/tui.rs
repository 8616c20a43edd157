//! The terminal UI: keys go in, screens come out.

mod indexes;
mod keys;
mod logs;
mod migrations;
mod read;
mod relations;
mod screens;
mod settings;
#[cfg(unix)]
pub mod terminal;
mod world;
