//! The workload that advice is weighed by.

mod live;
mod repair;
mod support;
