//! Migrations: what was predicted of them, and what was seen.

mod compare;

pub use compare::compare;
