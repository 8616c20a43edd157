//! Bytes to facts; never fails.
