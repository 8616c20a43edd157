//! Indexes to make and to drop.
//!
//! | file | gives |
//! |---|---|
//! | `shown` | what is shown |
//! | `json` | it for programs |
//! | `sql` | statements to run, with what takes them back |
//! | `table` | it for people |
//! | `proof_table`, `proof_json` | what was measured in a copy |
//! | `writes` | what writes pay for an index, in words |

mod json;
mod proof_json;
mod proof_table;
mod shown;
mod sql;
mod table;
mod writes;

pub use json::json;
pub use shown::{Shown, bytes};
pub use sql::sql;
pub use table::table;
pub use writes::write_cost;
