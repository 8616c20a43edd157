//! Estimates of bloat: what `tables --bloat` and `indexes --bloat` list.

mod estimates;
mod formats;
mod points;

pub use estimates::{BloatOrder, Estimate, Estimates};
pub use formats::{csv, json, markdown, table};
pub use points::{bounded, is_least, points};
