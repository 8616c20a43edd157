//! Values in the place of parameters, drawn from the statistics of the columns that they are compared with.
//!
//! | file | does |
//! |---|---|
//! | `place` | which parameters are compared with which columns |
//! | `column` | whose column that is, and what is known of its values |
//! | `value` | values for a place |
//! | `texts` | the texts that come of it |

mod column;
mod place;
mod texts;
mod value;

pub use column::Columns;
pub use texts::texts;
