//! What statements say, by their syntax tree.
//!
//! | module | does |
//! |---|---|
//! | `read` | texts to syntax trees, on a stack of its own (`syntax`: what sqlparser does not read) |
//! | [`shape`] | what is made of a tree: query blocks, before names are looked up |
//! | `statement`, `query`, `from`, `condition`, `operand` | the parts of a tree (with `builder` and `names`) |
//! | `fallback` | the shape of what has no tree, by its tokens |
//! | [`functions`] | what is known of built-in functions |
//! | `same` | expressions in one form, to tell whether an index holds them |
//! | `leading` | statements with another relation first in a FROM list |
//! | `kind`, `tags`, `referential` | first words, comments, and what the server itself wrote |

mod builder;
mod condition;
mod fallback;
mod from;
pub mod functions;
mod kind;
mod leading;
mod names;
mod operand;
mod query;
mod read;
mod referential;
mod same;
pub mod shape;
mod shapes;
mod statement;
mod syntax;
mod tags;

pub use kind::kind;
pub use leading::{Led, leading};
pub use read::{MAX_BYTES, Tree, Unread, read_each};
pub use referential::keeps_foreign_key;
pub use same::same_form;
pub use shape::Shape;
pub use shapes::shapes;
pub use tags::tags;
