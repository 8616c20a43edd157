//! What a rewrite would give back of a table, its TOAST table and its B-tree indexes, pure.
//!
//! A sample of blocks tells how long the live rows are. They are packed into pages as
//! `VACUUM FULL` and an index build would do it, and what is needed is scaled to the whole table. So
//! ends of pages, padding, dropped columns and dead rows count for what they are.
//!
//! | file | does |
//! |---|---|
//! | `page` | sizes that follow from the block size |
//! | `layout` | how long a row's values are on disk |
//! | `sample` | the rows of some blocks of a table |
//! | `heap`, `toast` | pages of a table, and of what it keeps in TOAST |
//! | `btree`, `index` | pages of a B-tree, an index |
//! | `keys`, `spread` | rows that share a key, as far as a sample tells |
//! | `interval` | how far off an estimate may be |
//! | `fallback` | estimates from what extensions and counters say |

pub(super) mod btree;
pub mod fallback;
mod heap;
mod index;
mod interval;
mod keys;
mod layout;
pub(super) mod page;
mod sample;
pub(super) mod spread;
mod toast;

pub(in crate::derive) use btree::height as btree_height;
pub use heap::{Table, TableNeed, table};
pub use index::{Index, IndexColumn, Origin, index};
pub use interval::{Bloat, Need};
pub use layout::{Attribute, Storage};
pub use page::Page;
pub use sample::{Sample, Values};
