//! Planners that take indexes for there that are not.
//!
//! | file | does |
//! |---|---|
//! | `hypopg` | a server with the extension HypoPG |
//! | `explained` | what is read of a plan |

mod explained;
mod hypopg;

pub use hypopg::HypoPg;
