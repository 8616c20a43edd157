//! Facts to advice: figures that pages judge. Pure.
//!
//! [`migration`] writes safe forms of migrations; [`pool`] sizes connection pools, [`timeouts`] sets
//! timeouts of roles: both fill tables, which commands, screens and pages read. [`workload`] has the statements that
//! [`index`] weighs indexes by.

pub mod index;
pub mod migration;
pub mod pool;
pub mod timeouts;
pub mod workload;
