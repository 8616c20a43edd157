//! Tables and indexes, and what the search for indexes would change, in three views.
//!
//! | file | gives |
//! |---|---|
//! | `tables`, `indexes`, `gains` | the views |
//! | `index_rows` | rows of indexes: those that could be made, those that are there |
//! | `table_text`, `index_text`, `proposal_text`, `gain_text` | the text about one |
//! | `ground_text` | what the search rests on |
//! | `chosen` | the choice in a few words, and as what is collected |
//! | `cells`, `about` | what both share |

mod about;
mod cells;
mod chosen;
mod gain_text;
mod gains;
mod ground_text;
mod index_rows;
mod index_text;
mod indexes;
mod proposal_text;
mod table_text;
mod tables;

use super::screen::Screen;

pub use chosen::ADVICE;

/// The views, in the order of their keys.
pub const VIEWS: [&dyn Screen; 3] = [&tables::Tables, &indexes::Indexes, &gains::Gains];
