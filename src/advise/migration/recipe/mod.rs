//! What takes the place of an action, by form.
//!
//! | module | does |
//! |---|---|
//! | `table` | which recipe a form has |
//! | `index` | indexes that are made, dropped, built anew |
//! | `constraint` | checks, foreign keys, keys |
//! | `not_null` | NOT NULL |
//! | `column` | new columns; `definition`: what a column says of itself |
//! | `retype` | columns of another type |
//! | `partition` | partitions |
//! | `rows` | rows that are changed, tables that are written anew |
//! | `later` | what belongs into a migration of its own |

#![allow(
    clippy::unnecessary_wraps,
    reason = "recipes share one signature, which those that ask the facts need"
)]

mod column;
mod constraint;
mod definition;
mod index;
mod later;
mod not_null;
mod partition;
mod retype;
mod rows;
mod table;

pub(super) use table::{FORMS, recipe};
