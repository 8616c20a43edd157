//! Indexes that would serve how statements look for rows, from their access paths and statistics:
//! a first cut, judged by pages.
//!
//! | module | does |
//! |---|---|
//! | `table` | a table's columns, statistics and indexes |
//! | `path` | what one statement asks of a table |
//! | `fit` | rows that an index makes it read, and the columns of a better one |
//! | `all` | the rows of `index_candidates` |

mod all;
mod fit;
mod path;
mod table;

pub use all::all;
