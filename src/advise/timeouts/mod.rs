//! Timeouts of roles, from the latency that was measured.
//!
//! A timeout ends what went wrong and must not touch what is slow for a reason, so it stands well
//! above the slowest of what a role does every day: three times the 99.9th percentile. Timeouts have
//! an order: a wait for a lock ends before the statement, the statement before the transaction, and
//! `deadlock_timeout` comes before all of them, since it writes the lines about lock waits.
//!
//! | file | does |
//! |---|---|
//! | `roles` | which roles work where, and at what |
//! | `latency` | how long a role's statements take, by log, counters or looks |
//! | `items` | of one statement: how many calls take longer than a value |
//! | `spells` | how long sessions stay in transactions and wait for locks |
//! | `values` | the values, by formula |
//! | `server` | keepalives and checks of the client |
//! | `write` | the table `timeout_advice` |

mod items;
mod latency;
mod roles;
mod server;
mod spells;
mod values;
mod write;

pub use roles::{Kind, RoleLimits, name_by_logs};
pub use values::{HEADROOM, Limits};
pub use write::write;
