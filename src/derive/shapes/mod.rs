//! What statements say, as facts: shapes with their names looked up in the catalog.
//!
//! | module | does |
//! |---|---|
//! | `all` | all statements of all databases |
//! | `catalog` | relations, columns and keys of a database |
//! | `resolve` | names to relations and columns, through subqueries and views |
//! | `rows` | what is written for one statement (`judge`: what it is as a whole) |
//! | `predicates` | comparisons and joins, and what an index could do for them |
//! | `paths` | how rows of each table are looked for |
//! | `refs` | columns that are referred to |

mod all;
mod catalog;
mod judge;
mod paths;
mod predicates;
mod refs;
mod resolve;
mod rows;

pub use all::all;
