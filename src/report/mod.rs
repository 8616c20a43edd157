//! Output formats, one file each. Texts come out; `cli` writes them.
//!
//! | file | gives |
//! |---|---|
//! | `table`, `json`, `markdown` | findings, for people, programs and tickets |
//! | `explain` | a rule page |
//! | `rows` | the rows of a query, as table, json, csv and markdown |
//! | `queries` | statements with their figures |
//! | `logs` | what server logs hold |
//! | `mistakes` | errors that point into a text |
//! | `view`, `gaps`, `server`, `reading` | what the formats of findings share |
//! | `grid`, `wrap`, `style` | what the formats for terminals share |
//! | `ranking` | what lists of statements share |
//!
//! Whatever a server sends passes [`crate::facts::escape`] before a terminal sees it.

pub mod explain;
pub mod gaps;
pub mod grid;
pub mod json;
pub mod logs;
pub mod markdown;
pub mod mistakes;
pub mod queries;
mod ranking;
mod reading;
pub mod rows;
mod server;
pub mod style;
pub mod table;
mod view;
pub mod wrap;

pub use mistakes::Mistakes;
pub use reading::{Reading, Unread};
pub use rows::Rows;
pub use server::{Node, Server, plural};
pub use style::{Role, Style};
pub use view::{Filter, View};
