//! SQL that makes a database of the same shape as one in the facts, with its statistics and no rows, so that a
//! planner plans there as it does in the original.
//!
//! | file | does |
//! |---|---|
//! | `script` | what such a database is made of |
//! | `make` | puts it together |
//! | `catalog` | relations, columns and indexes of the database, as the facts have them |
//! | `session` | what a session needs that runs it |
//! | `schemas` | schemas and extensions |
//! | `tables` | tables, and what they are parts of |
//! | `indexes` | indexes, and the constraints that they back |
//! | `statistics` | what ANALYZE left |
//! | `sizes` | rows and pages of `pg_class`, lengths of files |

mod catalog;
mod indexes;
mod make;
mod schemas;
mod script;
mod session;
mod sizes;
mod statistics;
mod tables;

pub use make::script;
pub use script::{File, LeftOut, Script, Statement};
