//! Settings of pgtriage itself.
