//! Statements that change the catalog, and the catalog that they make.
//!
//! A statement is read into a [`Statement`] by itself ([`read`](statement())), then applied to a
//! catalog; from that the facts are written. Types, names and lists are read; expressions and
//! queries are kept as they are written.
//!
//! | module | does |
//! |---|---|
//! | [`schema`](mod@schema) | a schema file, as facts |
//! | `read` | one statement; `table`, `alter`, `alter_column`, `alter_other`, `constraint`, `index`, `sequence`, `create`, `create_other`, `function`, `rights`, `maintain`, `session`, `other`: its kinds |
//! | `change`, `query`, `condition`, `not_in`, `star` | what statements say of rows, by their tokens |
//! | [`statement`](mod@statement) | what a statement says: [`object`], [`other_object`], [`utility`], [`dml`]; [`action`]: what `ALTER` does; [`kind`]: kinds of objects |
//! | `command` | the command of any text |
//! | [`body`] | statements in `DO` blocks and functions |
//! | [`volatility`] | whether an expression gives the same value each time |
//! | `cursor` | a place among the tokens of a statement; `variables`: psql's in it |
//! | [`type_name`] | names of types; [`builtin`]: the server's own types |
//! | `expression` | what is known of expressions without reading them |
//! | `catalog` | the catalog that statements build |
//! | [`effect`] | what a statement does to what is there: locks, scans, rewrites |
//! | `rows`, `rule_rows`, `type_rows` | the catalog as facts rows |

pub mod action;
mod alter;
mod alter_column;
mod alter_other;
pub mod body;
pub mod builtin;
pub(in crate::parse) mod catalog;
mod change;
mod command;
mod condition;
pub mod constraint;
mod create;
mod create_other;
mod cursor;
pub mod dml;
pub mod effect;
mod expression;
mod function;
mod index;
pub mod kind;
mod maintain;
mod not_in;
pub mod object;
mod other;
pub mod other_object;
mod pass;
mod query;
mod read;
mod rights;
mod rows;
mod rule_rows;
pub mod schema;
mod sequence;
mod session;
mod star;
pub mod statement;
mod table;
pub mod type_name;
mod type_rows;
pub mod utility;
mod variables;
pub mod volatility;

pub use crate::facts::quote::object_name;
pub use catalog::Catalog;
pub use read::{command, statement};
pub use schema::{Unread, schema};
pub use statement::Statement;
