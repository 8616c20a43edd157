//! Sizes of connection pools: the tables `pool_advice` and `pooling_blockers` in every format.
//!
//! | file | gives |
//! |---|---|
//! | `sizes` | the rows of both tables, for command and screen alike |
//! | `recipes` | the settings of named pools |
//! | `bouncer` | `pgbouncer.ini` |
//! | `text`, `sentences` | for people |
//! | `document` | JSON |

mod bouncer;
mod document;
mod recipes;
mod sentences;
mod sizes;
mod text;

pub use bouncer::ini;
pub use document::json;
pub use recipes::{POOLS, Pool, Settings};
pub use sentences::{Usual, advised, nothing, peak, told};
pub use sizes::{Blocker, Size, Sizes};
pub use text::{Shown, text};
