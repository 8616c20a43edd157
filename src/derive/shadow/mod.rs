//! SQL that makes a database of the same shape as one in the facts, with its statistics and no rows, so that a
//! planner plans there as it does in the original.
//!
//! | file | does |
//! |---|---|
//! | `script` | what such a database is made of |
//! | `make` | puts it together, in the order in which things need each other |
//! | `catalog`, `objects` | relations, columns, constraints and indexes of the database, as the facts have them |
//! | `session` | what a session needs that runs it |
//! | `schemas`, `types`, `functions` | what tables are made of |
//! | `tables`, `views` | tables, what they are parts of, and what is read of them |
//! | `indexes`, `constraints` | what the planner can use and what it may believe |
//! | `rows`, `elements`, `neutral` | rows at the ends of columns |
//! | `statistics`, `extended` | what ANALYZE left |
//! | `images` | what it would find of an expression |
//! | `sizes` | rows and pages of `pg_class`, lengths of files |
//! | `heights`, [`brin`](mod@brin) | heights of B-trees and maps of BRIN that were not read |
//! | [`changes`](mod@changes) | what migrations make of it |
//! | `settings` | settings of the server that bear on plans |
//! | `unread` | foreign tables, statistics and counts that could not be read |

pub mod brin;
mod catalog;
pub mod changes;
mod constraints;
mod elements;
mod extended;
mod functions;
mod heights;
mod images;
mod indexes;
mod make;
mod neutral;
mod objects;
mod rows;
mod schemas;
mod script;
mod session;
mod settings;
mod sizes;
mod statistics;
mod tables;
mod types;
mod unread;
mod views;

pub use changes::Changes;
pub use images::{Argument, Estimate, Image, estimate};
pub use make::{changed_script, script};
pub use script::{File, LeftOut, Metapage, Script, Statement};
pub use settings::{PlannerSetting, planner_settings};
