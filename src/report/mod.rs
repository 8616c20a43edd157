//! Output formats, one file each. Texts come out; `cli` writes them.
//!
//! | file | gives |
//! |---|---|
//! | `table`, `json`, `markdown` | findings, for people, programs and tickets |
//! | `text`, `comment` | findings in files, for a terminal and for a pull request |
//! | `sarif`, `github`, `gitlab`, `checkstyle`, `junit` | findings for the programs that read these |
//! | `format` | all of these by name |
//! | `explain` | a rule page |
//! | `trace` | what migrations were to do and what they did |
//! | `rows` | the rows of a query, as table, json, csv and markdown |
//! | `queries` | statements with their figures |
//! | `tables`, `indexes`, `listing` | tables and indexes with theirs, and what these lists share |
//! | `bloat` | what a rewrite would give back |
//! | `logs` | what server logs hold |
//! | `plan` | plans: the tree, and what it tells |
//! | `pool`, `timeouts` | sizes of connection pools, timeouts of roles |
//! | `index_advice` | indexes to make and to drop |
//! | `settings`, `in_force` | settings to change, and those of the server |
//! | `alerts` | alerting rules with the thresholds of the pages |
//! | `sheet` | the report that a timer makes, as HTML and Markdown |
//! | `mistakes` | errors that point into a text |
//! | `view`, `files`, `place`, `gaps`, `server`, `reading` | what the formats of findings share |
//! | `excerpt` | lines of a file, harmless |
//! | `grid`, `wrap`, `style` | what the formats for terminals share |
//! | `ranking` | what lists of statements share |
//!
//! Whatever a server sends passes [`crate::facts::escape`] before a terminal sees it.

pub mod alerts;
pub mod bloat;
pub mod checkstyle;
pub mod comment;
mod excerpt;
pub mod explain;
mod files;
mod format;
pub mod gaps;
pub mod github;
pub mod gitlab;
pub mod grid;
pub mod in_force;
pub mod index_advice;
pub mod indexes;
pub mod json;
pub mod junit;
pub mod listing;
pub mod logs;
pub mod markdown;
pub mod mistakes;
mod place;
pub mod plan;
pub mod pool;
pub mod queries;
mod ranking;
mod reading;
pub mod rows;
pub mod sarif;
mod server;
pub mod settings;
pub mod sheet;
pub mod style;
pub mod table;
pub mod tables;
pub mod text;
pub mod timeouts;
mod trace;
mod view;
pub mod wrap;

pub use files::Files;
pub use format::Format;
pub use mistakes::Mistakes;
pub use reading::{Reading, Unread};
pub use rows::Rows;
pub use server::{Node, Server, plural};
pub use style::{Role, Style};
pub use trace::Trace;
pub use view::{Filter, View};
