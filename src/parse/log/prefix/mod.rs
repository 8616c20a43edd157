//! `log_line_prefix`: [`compile`] reads the setting, [`read`] the lines, [`infer`] finds it out.

mod compile;
mod infer;
mod read;

pub use compile::{Prefix, PrefixError};
pub use infer::infer;
pub use read::Line;
