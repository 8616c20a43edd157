//! SQL that makes a database of the same shape as one in the facts, with its statistics and no rows, so that a
//! planner plans there as it does in the original.
//!
//! | file | does |
//! |---|---|
//! | `script` | what such a database is made of |

mod script;

pub use script::{File, LeftOut, Script, Statement};
