//! The workload that advice is weighed by.

mod live;
mod read;
mod repair;
mod support;
