//! What tests of several areas share: the servers of this machine and clusters made with them.

mod clusters;
mod process;
mod servers;

pub use clusters::{Clients, on_each_major, on_each_server, private, template};
pub use process::{eventually, runs, signal};
pub use servers::{loudly, server, servers};
