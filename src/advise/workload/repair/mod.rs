//! Texts with parameters that the planner refuses, mended by what it says of them.
//!
//! `pg_stat_statements` puts a parameter in the place of each constant, wherever it stands: in places where
//! the grammar wants a constant or a key word, and where the type of the constant decided what an operator
//! means. So its texts are no statements of the language before they are mended.
//!
//! | file | does |
//! |---|---|
//! | `error` | what a server says of a text |
//! | `plannable` | mends and asks again |
//! | `sql` | a text by its tokens; `operand`: how far operands reach |
//! | `syntax` | parameters where none may stand |
//! | `operators`, `functions` | operators and functions that do not know their types |
//! | `types` | expressions and parameters of the wrong type or of none; `message`: types that an error names |
//! | `grouping` | one expression that parameters have made two |

mod error;
mod functions;
mod grouping;
mod message;
mod operand;
mod operators;
mod plannable;
pub(super) mod sql;
mod syntax;
mod types;

pub use error::PlanError;
pub(super) use plannable::until_taken;
pub use plannable::{plannable, repair};
