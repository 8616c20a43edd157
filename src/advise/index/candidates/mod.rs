//! Indexes that could serve a workload.
//!
//! | file | does |
//! |---|---|
//! | `access` | what statements ask of tables, by roles of columns |
//! | `keys` | keys of B-trees for an access |
//! | `covering` | indexes that hold all that a block reads |
//! | `merge` | one index of two, and parts of one |
//! | `all` | the candidates of an access |

mod access;
mod all;
mod covering;
mod keys;
mod merge;

pub use access::{Access, read};
pub use all::{is_there, of};
pub use covering::covering;
pub use merge::{merged, parts};
