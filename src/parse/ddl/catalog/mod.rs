//! The catalog that statements build.
//!
//! | module | does |
//! |---|---|
//! | `model` | what it holds; `named`: lists by name |
//! | `catalog` | the catalog itself: finding things, names for what has none |
//! | `apply` | statements, one after the other |
//! | `tables`, `constraints`, `foreign`, `indexes`, `sequences`, `routines` | what is made |
//! | `partitions` | what goes from tables to those below them |
//! | `alter`, `drop` | what changes and what goes |
//! | `resolve` | types and defaults |
//! | `load` | a catalog out of facts |
//! | `definition`, `opclass` | what the server prints of them |

mod alter;
mod apply;
// The file of a module's main type has its name.
#[allow(clippy::module_inception)]
mod catalog;
mod constraints;
mod definition;
mod drop;
mod foreign;
mod indexes;
mod load;
mod model;
mod named;
mod opclass;
mod partitions;
mod resolve;
mod routines;
mod sequences;
mod tables;

pub(super) use catalog::Catalog;
pub(super) use definition::{key_collation, trigger_definition};
pub(super) use model::{Column, Constraint, Function, Index, KeyOf, Relation, Rule, Sequence};
