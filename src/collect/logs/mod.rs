//! Server logs to facts.
//!
//! | module | does |
//! |---|---|
//! | `read` | logs into a store: what the commands call |
//! | [`scan`] | bytes to figures, on all cores |
//! | [`facts`] | figures to facts |

pub mod facts;
mod read;
pub mod scan;

pub use read::{LogError, LogOptions, LogProgress, read};
