//! How fast figures grow, and when they meet their limit.
//!
//! | file | gives |
//! |---|---|
//! | `slope` | the Theil-Sen slope of points, with its interval |
//! | `series` | which points of a figure belong together |
//! | `limits` | where a figure must end |
//! | `write` | the rows of `growth` |

mod limits;
mod series;
mod slope;
mod write;

pub use series::{Course, stretches};
pub use slope::{Slope, slope};
pub use write::{all, book_unknown};
