//! Statements that change the catalog, and the catalog that they make.
//!
//! A statement is read into a [`Statement`] by itself ([`read`](statement())), then applied to a
//! catalog; from that the facts are written. Types, names and lists are read; expressions and
//! queries are kept as they are written.
//!
//! | module | does |
//! |---|---|
//! | [`schema`](mod@schema) | a schema file, as facts |
//! | `read` | one statement; `table`, `alter`, `constraint`, `index`, `sequence`, `create`, `function`, `other`: its kinds |
//! | [`statement`](mod@statement) | what a statement says; [`action`]: what `ALTER` does |
//! | `cursor` | a place among the tokens of a statement |
//! | [`type_name`] | names of types; [`builtin`]: the server's own types |
//! | `expression` | what is known of expressions without reading them |
//! | `catalog` | the catalog that statements build |
//! | [`effect`] | what a statement does to what is there: locks, scans, rewrites |
//! | `rows`, `rule_rows`, `type_rows` | the catalog as facts rows |

pub mod action;
mod alter;
pub mod builtin;
pub(in crate::parse) mod catalog;
pub mod constraint;
mod create;
mod cursor;
pub mod effect;
mod expression;
mod function;
mod index;
mod other;
mod read;
mod rows;
mod rule_rows;
pub mod schema;
mod sequence;
pub mod statement;
mod table;
pub mod type_name;
mod type_rows;

pub use catalog::Catalog;
pub use read::statement;
pub use schema::{Unread, schema};
pub use statement::Statement;
