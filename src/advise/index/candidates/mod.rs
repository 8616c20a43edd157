//! Indexes that could serve a workload.
//!
//! | file | does |
//! |---|---|
//! | `access` | what statements ask of tables, by roles of columns |
//! | `keys` | keys of B-trees for an access |
//! | `covering` | indexes that hold all that a block reads |
//! | `partial` | partial indexes |
//! | `special` | indexes on expressions, and of other access methods |
//! | `merge` | one index of two, and parts of one |
//! | `all` | the candidates of an access |

mod access;
mod all;
mod covering;
mod keys;
mod merge;
mod partial;
mod special;

pub use access::{Access, read};
pub use all::{is_there, of};
pub use covering::covering;
pub use merge::{merged, parts};
pub use partial::{Constant, partial};
pub use special::{expressions, methods};
