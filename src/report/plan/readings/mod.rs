//! What a plan tells: only what is certain from it, and from the facts beside it.
//!
//! | file | tells |
//! |---|---|
//! | `reading` | the list, in the order of what costs most |
//! | `dearest` | the node that costs most by itself |
//! | `estimates` | where estimates of rows go wrong |
//! | `memory` | what goes to disk, or would by the planner's own reckoning; lossy bitmaps |
//! | `scans` | rows that are read and thrown away, heap fetches, partitions |
//! | `runs` | what is run for each row of another |
//! | `beside` | workers, compiling, triggers, planning, what is switched off |

mod beside;
mod dearest;
mod estimates;
mod memory;
mod reading;
mod runs;
mod scans;

pub use reading::{Reading, readings};
