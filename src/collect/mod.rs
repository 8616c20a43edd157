//! `PostgreSQL` to facts.

pub mod connect;
