//! The text format: read into the same names that the JSON format has.
//!
//! | file | does |
//! |---|---|
//! | `tree` | lines, by how far they are indented |
//! | `head` | the line that begins a node |
//! | `property` | the lines below it |
//! | `beside` | lines about the plan as a whole |

mod beside;
mod head;
mod property;
mod tree;

pub(super) use tree::{is_plan, plan};
