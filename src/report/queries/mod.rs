//! Statements with their figures: the list, and one of them with all that is known of it.
//!
//! | file | gives |
//! |---|---|
//! | `figures` | the rows of the view `statement_figures`, for command and screen alike |
//! | `measures` | which figures there are, and how each is called |
//! | `shape` | what a statement says, in words |
//! | `history` | what it did between samples |
//! | `parts` | the parts of the text about one statement |
//! | `list`, `one` | the formats |

mod figures;
mod history;
mod list;
mod measures;
mod one;
mod parts;
mod shape;

pub use figures::{Missing, Queries, Query, line};
pub use history::{Interval, history};
pub use list::{List, csv, json, markdown, table};
pub use measures::{MEASURES, Measure};
pub use one::{Shown, show_json, show_markdown, show_text};
pub use parts::{Body, Part, parts};
pub use shape::{Block, Shape, shapes, tables};
