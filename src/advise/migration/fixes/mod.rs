//! Fixes of findings, and of any other advice, as migrations.
//!
//! | module | does |
//! |---|---|
//! | [`fix`](mod@fix) | what a fix is, and what becomes of it |
//! | [`plan`] | all fixes: files, and what is left to people |
//! | `sort` | which statements of a fix share a migration; `kind`: what a statement is |
//! | `suit` | what a layout needs of a migration's statements |
//! | `tablespace` | indexes that are made in a tablespace of their own |
//! | `upkeep` | statistics of expressions, which an index brings along |
//! | `name` | names of migrations |
//! | [`place`] | the folder, as it is before; `chain`: versions in it |
//! | [`files`](mod@files) | what is written, as it will be read |

mod chain;
pub mod files;
pub mod fix;
mod kind;
mod name;
pub mod place;
pub mod plan;
mod sort;
mod suit;
mod tablespace;
mod upkeep;

pub use files::{back, forth};
pub use fix::{Fix, Key, Linted, Made, Written};
pub use place::Place;
pub use plan::migrations;
