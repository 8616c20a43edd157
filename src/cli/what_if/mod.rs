//! Planners that take indexes for there that are not: what `advise::index` asks.
//!
//! | module | asks |
//! |---|---|
//! | [`shadow`] | an empty server of our own that plans as the original |

pub mod shadow;
