//! Indexes with their figures: what `pgtriage indexes` lists.

mod figures;

pub use figures::INDEXES;
