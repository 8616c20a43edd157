//! Tables and indexes, in two views.
//!
//! | file | gives |
//! |---|---|
//! | `tables`, `indexes` | the views |
//! | `table_text`, `index_text` | the text about one |
//! | `cells`, `about` | what both share |

mod about;
mod cells;
mod index_text;
mod indexes;
mod table_text;
mod tables;

use super::screen::Screen;

/// The views, in the order of their keys.
pub const VIEWS: [&dyn Screen; 2] = [&tables::Tables, &indexes::Indexes];
