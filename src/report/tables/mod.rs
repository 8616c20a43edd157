//! Tables with their figures: what `pgtriage tables` lists.

mod figures;

pub use figures::TABLES;
