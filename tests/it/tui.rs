//! The terminal UI: keys go in, screens come out.

mod keys;
mod screens;
mod world;
