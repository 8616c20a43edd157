//! Definitions of a schema to facts.

mod schema;

pub use schema::{Unread, schema};
