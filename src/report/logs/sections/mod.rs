//! The parts of the report below the statements, for terminal, Markdown and screen alike.

mod all;
mod locks;
mod over_time;
mod section;
mod server;
mod sources;
mod statements;

pub use all::sections;
pub use section::{Entry, Head, Section, Shape};
