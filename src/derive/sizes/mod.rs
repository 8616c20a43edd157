//! Sizes of indexes that are not there, from what the facts know of a table, pure.
//!
//! How many rows share a key follows from the statistics of its columns. Keys are put into leaves as a build
//! does it (`derive::bloat` has the page model), with equal keys merged where a build merges them. So the
//! size is that of an index just built; one that has been written to for a while is larger.
//!
//! | file | does |
//! |---|---|
//! | `types` | which types have their equal keys merged |
//! | `text` | elements of `PostgreSQL`'s array texts, and how long values are on disk |
//! | `widths` | how long the values of a column are |
//! | `table` | what is known of a table and its columns |
//! | `read` | the same from the facts |
//! | `together` | distinct values of several columns: extended statistics, samples, foreign keys |
//! | `sampled` | how many there are by what was found in some blocks |
//! | `open` | pairs of columns of which nothing tells that |
//! | `counts` | what is counted in blocks that were drawn |
//! | `column` | how the rows of a column spread over its values, from what ANALYZE saw |
//! | `cells` | the same of several columns |
//! | `chain` | of three and more, by pairs of them |
//! | `fill` | leaves that such keys take |
//! | `size` | the size of an index |
//! | `other` | rough sizes of GIN, GiST, SP-GiST, BRIN and hash indexes |

mod cells;
mod chain;
mod column;
mod counts;
mod fill;
mod open;
mod other;
mod read;
mod sampled;
mod size;
mod table;
mod text;
mod together;
mod types;
mod widths;

pub use counts::{Counts, Drawn, blocks, counts};
pub use open::OpenPairs;
pub use size::{Size, Storage, Wanted, WantedKey};
pub use table::{Column, Table, Tables};
