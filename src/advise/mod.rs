//! Facts to advice: figures that pages judge. Pure.
//!
//! [`migration`] writes safe forms of migrations; [`pool`] sizes connection pools, [`timeouts`] sets
//! timeouts of roles: both fill tables, which commands, screens and pages read.

pub mod migration;
pub mod pool;
pub mod timeouts;
