//! Throwaway `PostgreSQL` clusters: find or fetch server binaries, make a cluster, start and stop
//! it, and leave nothing behind.
//!
//! Every cluster lives in a private folder of its own and is looked after by a *keeper*, a small
//! shell process (`keeper.sh`) that reads orders from a pipe. When the pipe closes, because the
//! [`Cluster`] was dropped or because our process ended in whatever way (return, panic, `exit`,
//! Ctrl-C, SIGKILL), the keeper stops the server and deletes the folder. So nobody needs a signal
//! handler for it. Only if the keeper itself is killed does anything stay, and the next start
//! removes it: a keeper holds a lock on its log for as long as it lives.
//!
//! `PostgreSQL` refuses to run as root; there the keeper and the server run as `postgres` or, if
//! there is no such user, as `nobody`.
//!
//! This module is the home of programs that are started; it blocks and needs no async runtime.
//! Callers connect by [`Cluster::conninfo`] or [`Cluster::url`].
#![allow(
    clippy::disallowed_methods,
    reason = "a home of the file system, the environment and of processes: it runs servers"
)]

mod binaries;
mod btree;
mod bytes;
mod error;
mod fetch;
mod find;
mod folders;
mod home;
mod keeper;
mod kept;
mod metapage;
mod options;
mod os;
mod relation_files;
mod start;
mod sweep;
pub mod world;

pub use binaries::{Place, ServerBinaries};
pub use error::ClusterError;
pub use fetch::{Offer, fetch, offer};
pub use find::{SUPPORTED_MAJORS, best, per_major, servers};
pub use folders::fetched_servers;
pub use kept::Kept;
pub use metapage::Metapage;
pub use options::Options;
pub use relation_files::RelationFiles;
pub use start::{Cluster, StopMode};
