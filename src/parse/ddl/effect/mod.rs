//! What statements do to what is there: locks, scans, rewrites, errors.
//!
//! | module | does |
//! |---|---|
//! | [`lock`] | modes of table locks |
//! | [`found`] | what an action does to one object |

pub mod found;
pub mod lock;

pub use found::{Effect, Target};
pub use lock::Lock;
