//! Planners that take indexes for there that are not: what `advise::index` asks.
//!
//! | module | asks |
//! |---|---|
//! | [`shadow`] | an empty server of our own that plans as the original |
//! | `hypopg` | a server with the extension HypoPG |
//!
//! `background` holds their connections; `refusal` is what servers say of texts that they do not plan.

mod background;
mod hypopg;
mod refusal;
pub mod shadow;

pub use background::Background;
pub use hypopg::HypoPg;
