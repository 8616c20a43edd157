//! `PostgreSQL` to facts. The only network code.
//!
//! `connect/` finds a server and reads from it in short read-only transactions; `sql/` holds one
//! query per facts table; [`Collector`] runs them and copies their rows by column name. `bloat/` reads
//! samples of tables; `activity/` looks at sessions many times a second; `machine/` sees cores, memory and disk. `files/` reads what people
//! send instead; `logs/` finds, orders and follows server logs; `migrations/` finds files of
//! migrations, and asks git what changed.
#![allow(
    clippy::disallowed_methods,
    reason = "collect is a home of the clock (cost of queries), of the network, of files of facts, of migrations and of the machine, of git"
)]

mod activity;
mod bloat;
mod collector;
pub mod connect;
mod copy;
mod ends;
mod error;
pub mod files;
mod ids;
pub mod logs;
pub mod machine;
mod metapages;
pub mod migrations;
mod pass;
mod progress;
mod queries;
mod reader;
mod samples;
mod sequences;
mod server_log;
pub mod spec;
mod statements;
pub mod trace;
pub mod unpack;
mod value;
pub mod zone;

pub use bloat::BloatLimits;
pub use collector::{CollectOptions, Collector, Databases};
pub use error::CollectError;
pub use progress::Progress;
pub use queries::{ENDINGS, METAPAGES, QUERIES, READABLE_SEQUENCES, SAMPLINGS, STATEMENTS};
