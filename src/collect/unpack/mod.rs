//! Files that may be packed, told by their content.
//!
//! | module | does |
//! |---|---|
//! | `packing` | how a file is packed, and which files are neither text nor packed text |
//! | `progress` | how far a file has been read, and whether it was torn |
//! | `decode` | a stream of unpacked bytes (`lz4`, `zstd`: frames one after another) |
//! | `ahead` | unpacking on a thread of its own |

mod ahead;
mod decode;
mod lz4;
mod packing;
mod progress;
mod zstd;

pub use decode::Unpack;
pub use packing::{HEAD, Packing, stranger};
pub use progress::{Progress, Torn};
