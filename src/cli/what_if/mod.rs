//! Planners that take indexes for there that are not: what `advise::index` asks.
//!
//! | module | asks |
//! |---|---|
//! | [`shadow`] | an empty server of our own that plans as the original |
//! | `hypopg` | a server with the extension HypoPG (`explained`: what is read of its plans) |

mod explained;
mod hypopg;
pub mod shadow;

pub use hypopg::HypoPg;
