//! Plans as `EXPLAIN` and `auto_explain` print them.
//!
//! | file | does |
//! |---|---|
//! | `plan`, `node` | a plan, in the words of the JSON format |
//! | `operation` | what a node is called in the text format |
//! | `read` | a text that holds plans, in whatever frame |
//! | `json` | the JSON format |
//! | `text` | the text format |
//! | `frame` | what psql and logs put around a plan |

mod frame;
mod json;
mod node;
mod operation;
#[allow(clippy::module_inception)]
mod plan;
mod read;
mod text;

pub use node::{Actual, Node};
pub use plan::{Plan, Trigger};
pub use read::{NoPlan, is_plan, read};
