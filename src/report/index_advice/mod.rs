//! Indexes to make and to drop.
//!
//! | file | gives |
//! |---|---|
//! | `shown` | what is shown |
//! | `json` | it for programs |
//! | `sql` | statements to run, with what takes them back |
//! | `table` | it for people |

mod json;
mod shown;
mod sql;
mod table;

pub use json::json;
pub use shown::Shown;
pub use sql::sql;
pub use table::table;
