//! Lists of objects with figures, what the reports about tables and about indexes share.
//!
//! | file | gives |
//! |---|---|
//! | `objects` | the rows of a view, sorted |
//! | `formats` | the list in every format |

mod formats;
mod objects;

pub use formats::{List, csv, json, markdown, one, table};
pub use objects::{Missing, Object, Objects, Sort};
