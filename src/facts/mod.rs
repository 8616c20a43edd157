//! The facts database.
//!
//! `schema.sql` says what is known, `views.sql` the questions that every reader asks; [`Store`]
//! opens, saves and compares facts databases. Everything pgtriage learns is a row here.

mod error;
pub mod escape;
mod figure;
mod functions;
pub mod human;
mod memory;
pub mod quote;
mod schema_docs;
mod setting;
mod store;

pub use error::FactsError;
pub use figure::figure;
pub use schema_docs::{ColumnDoc, TableDoc, tables};
pub use setting::{setting_bytes, setting_ms, setting_number};
pub use store::{FORMAT, Limit, Store};
