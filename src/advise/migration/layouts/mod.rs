//! Migrations written in the form of each tool.
//!
//! | module | does |
//! |---|---|
//! | [`write`](mod@write) | files of a new migration |
//! | [`mark`](mod@mark) | the marks by which a file is run without a transaction |
//! | [`atlas_sum`](mod@atlas_sum) | the hashes that Atlas keeps beside its migrations |
//! | [`version`](mod@version) | the version that comes after the newest |

pub mod atlas_sum;
pub mod mark;
pub mod version;
pub mod write;

pub use mark::Outside;
pub use write::{Migration, NewFile, write};
