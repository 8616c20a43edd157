//! Bloat: a few blocks of each table are read, and derived from them is what a rewrite would need.
//!
//! | file | does |
//! |---|---|
//! | `limits` | how much may be read |
//! | `run` | all tables of the databases looked into, the largest first |
//! | `tables`, `catalog` | which tables there are; columns and indexes of one (`tables.sql`, `table.sql`) |
//! | `one` | one table, in one transaction |
//! | `fetch`, `strata`, `rows` | what is asked of rows, of which blocks, and what came |
//! | `judged` | from a sample to estimates |
//! | `fallback` | where the rows may not be read |
//! | `book` | estimates as facts |
//!
//! No value leaves the server: of rows come sizes, outcomes of predicates and hashes of keys. Nothing
//! that users wrote is run: expressions of indexes that call functions of theirs are left out.

mod book;
mod catalog;
mod fallback;
mod fetch;
mod judged;
mod limits;
mod one;
mod rows;
mod run;
mod strata;
mod tables;

pub use limits::BloatLimits;
pub(super) use run::{Ground, sample};
