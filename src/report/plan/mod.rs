//! Plans as people read them: the tree, and what it tells.
//!
//! | file | does |
//! |---|---|
//! | `limits` | numbers that judge |
//! | `known` | what facts say of the relations and settings of a plan |
//! | `own` | what each node costs and takes by itself |
//! | `readings` | what a plan tells, one sentence each |
//! | `tree` | the nodes as lines |
//! | `shown` | a plan with all of it |
//! | `text`, `markdown`, `json` | formats |
//! | `change`, `change_formats` | a plan before and after something changes |
//! | `workload` | the plans of a whole workload |

mod change;
mod change_formats;
mod json;
mod known;
mod limits;
mod markdown;
mod own;
mod readings;
mod shown;
mod text;
mod tree;
mod workload;

pub use change::{Change, differences, times};
pub use change_formats::{change_json, change_markdown, change_text};
pub use json::json;
pub use known::{Known, Table};
pub use limits::Limits;
pub use markdown::markdown;
pub use own::{Own, own};
pub use readings::{Reading, readings};
pub use shown::{Hint, Shown};
pub use text::text;
pub use workload::{Plans, Row, Unplanned, workload_json, workload_markdown, workload_text};
