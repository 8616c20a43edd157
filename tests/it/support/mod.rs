//! What tests of several areas share: the servers of this machine, clusters made with them, and a
//! look at the project's own files.

mod clusters;
mod log_lines;
mod process;
mod program;
mod project;
mod rust_code;
mod servers;
mod shops;
mod triage;

pub use clusters::{
    Clients, on_each_major, on_each_server, on_the_ends, private, shared, template,
};
pub use log_lines::{Line, mixed, usual};
pub use process::{eventually, runs, signal};
pub use program::{Program, Ran};
pub use project::{TextFile, text_files};
pub use rust_code::{paths, tokens};
pub use servers::{ends, loudly, newest, server, servers};
pub use shops::shop;
pub use triage::{collect, judge, saved};
