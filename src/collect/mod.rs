//! `PostgreSQL` to facts.
