//! Tables with their figures: what `pgtriage tables` lists.
//!
//! | file | gives |
//! |---|---|
//! | `figures` | the columns of the list |
//! | `details` | what is known of one table beside them |

mod details;
mod figures;

pub use details::{Detail, Partition, details};
pub use figures::TABLES;
