//! Connecting as libpq does, on real servers.

pub mod certificates;
mod conninfo;
mod login;
mod pooler;
mod reading;
mod sessions;
mod several;
mod tls;
mod world;
