//! The catalog that statements build.
//!
//! | module | does |
//! |---|---|
//! | `model` | what it holds; `named`, `shelf`, `book`: lists by name, by place, by schema and name |
//! | `catalog` | the catalog itself: finding things, names for what has none |
//! | `apply` | statements, one after the other |
//! | `tables`, `views`, `constraints`, `foreign`, `indexes`, `sequences`, `routines` | what is made |
//! | `partitions` | what goes from tables to those below them |
//! | `imply` | what statements tell of things that nothing else tells of |
//! | `types`, `schemas` | types that users make; schemas with other names |
//! | `alter`, `alter_marks`, `drop` | what changes and what goes |
//! | `resolve` | types and defaults |
//! | `session` | what a session has set, and what ends with it |
//! | `load` | a catalog out of facts |
//! | `definition`, `opclass` | what the server prints of them |

#![allow(
    private_interfaces,
    reason = "others hold a catalog as a whole; what it is made of is for `parse` alone"
)]

mod alter;
mod alter_marks;
mod apply;
mod book;
// The file of a module's main type has its name.
#[allow(clippy::module_inception)]
mod catalog;
mod constraints;
mod definition;
mod drop;
mod foreign;
mod imply;
mod indexes;
mod load;
mod model;
mod named;
mod opclass;
mod partitions;
mod resolve;
mod routines;
mod schemas;
mod sequences;
mod session;
mod shelf;
mod tables;
mod types;
mod views;

pub use catalog::Catalog;
pub(in crate::parse) use catalog::Entity;
pub(super) use definition::{key_collation, trigger_definition};
pub(in crate::parse) use model::{
    Column, Constraint, Domain, Foreign, Function, Index, Key, KeyOf, Relation, Rule, Sequence,
    Shape, Type, UserType,
};
pub(in crate::parse) use session::Session;
