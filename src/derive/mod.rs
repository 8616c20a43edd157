//! Facts to facts. Pure.
