//! The `pgtriage` binary.

fn main() {}
