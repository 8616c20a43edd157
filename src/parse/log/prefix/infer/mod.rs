//! A `log_line_prefix` that nobody gave, from the lines that were written by it.
//!
//! | module | does |
//! |---|---|
//! | `head` | what stands before the label of a line |
//! | `class` | forms of values, by which they are known without the setting |
//! | `words` | words that stand before a value; backend types; command tags |
//! | `search` | cuts the heads of many lines alike into constant texts and values |
//! | `stretch` | where a name ends in each of them |
//! | `cost` | which of two such cuts is the likelier |
//! | `numbers`, `names` | which escape writes the values of a place |
//! | `finish` | what the lines hardly show: names that never change, `%q` |
//! | `propose` | all of that together |

mod class;
mod cost;
mod finish;
mod head;
mod names;
mod numbers;
mod propose;
mod search;
mod stretch;
mod words;

pub use propose::infer;
