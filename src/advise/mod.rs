//! Facts to advice: figures that pages judge. Pure.

pub mod migration;
