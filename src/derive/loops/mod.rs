//! Statements that are run once for each row of another (N+1), by what counters show.
//!
//! A child looks for rows of one table by equality with a value; a parent gives rows that hold that
//! value. When the calls of the child grow between samples as the rows of the parent do, the child
//! is run in a loop over them. Figures only: pages judge them.
//!
//! | module | does |
//! |---|---|
//! | `all` | all pairs of all databases |
//! | `statements` | which statements may be parent or child |
//! | `unknown` | the same over tables of which nothing but names is known |
//! | `edges` | how the key of a child comes out of a parent |
//! | `logged` | how executions of one follow those of another in logs |
//! | `growth` | what counters grew by between samples, and how well two match |

mod all;
mod edges;
mod growth;
mod logged;
mod statements;
mod unknown;

pub use all::all;
