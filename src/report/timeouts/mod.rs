//! Timeouts of roles: the table `timeout_advice` in every format.
//!
//! | file | gives |
//! |---|---|
//! | `rows` | the rows, for command and screen alike |
//! | `formats` | text, JSON and SQL |

mod formats;
mod rows;

pub use formats::{json, sql, text};
pub use rows::{Advice, Ended, Timeouts};
