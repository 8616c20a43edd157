//! Sizes of connection pools, from the load that was measured.
//!
//! A transaction holds a connection for a time H, of which it needs a core for A. Demand is
//! `L = λ·H` (Little), with room for chance by Erlang's C formula; beyond `2·K·H/A` connections on K
//! cores throughput falls. Rules of thumb know neither H nor A, which differ a hundredfold between
//! workloads.
//!
//! | file | does |
//! |---|---|
//! | `erlang` | how many servers keep waits rare |
//! | `size` | demand, capacity and advice by formula |
//! | `counters` | the load between samples, or over the life of the counters |
//! | `looks` | the load by looks at sessions |
//! | `load` | which of the two, and what the figures can't tell |
//! | `room` | connections that the server leaves for applications |
//! | `blockers` | what keeps a workload from transaction pooling |
//! | `rows` | the sizes for loads and inputs, for command and screen alike |
//! | `write` | the tables `pool_advice` and `pooling_blockers` |

mod blockers;
mod counters;
mod erlang;
mod load;
mod looks;
mod room;
mod rows;
mod size;
mod write;

pub use erlang::{least_servers, wait_share};
pub use rows::{Inputs, Known, Sized, sizes};
pub use size::{Advice, Demand, Load, advise, capacity, demand};
pub use write::{read, write};
