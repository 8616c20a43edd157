//! `log_line_prefix`: [`compile`] reads the setting, [`read`] the lines.

mod compile;
mod read;

pub use compile::{Prefix, PrefixError};
pub use read::Line;
