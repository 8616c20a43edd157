//! The facts database.
