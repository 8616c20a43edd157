//! What statements say, by their syntax tree.
//!
//! | module | does |
//! |---|---|
//! | `read` | texts to syntax trees, on a stack of its own |
//! | [`shape`] | what is made of a tree: query blocks, before names are looked up |
//! | `statement`, `query`, `from`, `condition`, `operand` | the parts of a tree (with `builder` and `names`) |
//! | `fallback` | the shape of what has no tree, by its tokens |
//! | [`functions`] | what is known of built-in functions |
//! | `kind`, `tags` | first words and comments |

mod builder;
mod condition;
mod fallback;
mod from;
pub mod functions;
mod kind;
mod names;
mod operand;
mod query;
mod read;
pub mod shape;
mod shapes;
mod statement;
mod tags;

pub use kind::kind;
pub use read::{MAX_BYTES, Unread, read_each};
pub use shape::Shape;
pub use shapes::shapes;
pub use tags::tags;
